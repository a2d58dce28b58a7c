/**
 * The attributes that a receive returns: `All`, `.*` and `*` mean every one, `name` that one, and `prefix.*` all whose name
 * begins with the prefix, without the dot (recorded: `Hel.*` finds `Hello`). Unknown names are ignored.
 */
export function selectMessageAttributes<T>(
  names: readonly string[] | undefined,
  attributes: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  const selected: Record<string, T> = Object.create(null)
  if (names === undefined) return selected
  for (const name of Object.keys(attributes)) {
    if (names.some((wanted) => isMatch(wanted, name))) selected[name] = attributes[name] as T
  }
  return selected
}

function isMatch(wanted: string, name: string): boolean {
  if (wanted === name || wanted === 'All' || wanted === '*') return true
  return wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2))
}
