/** How long until nothing is outstanding if everything goes on as it does; `null` when it would never be done. */
export function drainSeconds(
  outstanding: number,
  {
    arrivalsPerSecond,
    completionsPerSecond,
  }: { readonly arrivalsPerSecond: number; readonly completionsPerSecond: number },
): number | null {
  if (outstanding === 0) return 0
  const netPerSecond = completionsPerSecond - arrivalsPerSecond
  return netPerSecond > 0 ? outstanding / netPerSecond : null
}
