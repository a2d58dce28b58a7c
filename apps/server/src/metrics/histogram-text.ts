/** Observations sorted into buckets: as many counts as bounds, and one for what is larger. */
export interface Bucketed {
  readonly counts: number[]
  sum: number
}

/** Nothing observed yet. */
export function emptyBuckets(bounds: readonly number[]): Bucketed {
  return { counts: new Array(bounds.length + 1).fill(0), sum: 0 }
}

/** Counts one value. It costs a fraction of what a library needs, which looks its labels up anew each time. */
export function observe(bucketed: Bucketed, bounds: readonly number[], value: number): void {
  let place = 0
  while (place < bounds.length && value > (bounds[place] as number)) place++
  bucketed.counts[place] = (bucketed.counts[place] as number) + 1
  bucketed.sum += value
}

/**
 * The series of one histogram in the format of Prometheus.
 * @param labels as they stand in the braces, without `le`
 */
export function histogramText(
  name: string,
  labels: string,
  bounds: readonly number[],
  { counts, sum }: Readonly<Bucketed>,
): string {
  let count = 0
  let text = ''
  bounds.forEach((bound, i) => {
    count += counts[i] as number
    text += `${name}_bucket{${labels},le="${bound}"} ${count}\n`
  })
  count += counts[bounds.length] as number
  return `${text}${name}_bucket{${labels},le="+Inf"} ${count}\n${name}_sum{${labels}} ${sum}\n${name}_count{${labels}} ${count}\n`
}
