/**
 * Leaves out of a list what is not needed for something to hold, in ever smaller runs, until nothing more can be left out. The same list,
 * the same result.
 * @param holds is true of the whole list
 */
export function minimize<T>(all: readonly T[], holds: (part: readonly T[]) => boolean): readonly T[] {
  let left = all
  for (let size = Math.ceil(all.length / 2); size >= 1; ) {
    const before = left.length
    for (let start = 0; start < left.length; ) {
      const rest = [...left.slice(0, start), ...left.slice(start + size)]
      if (holds(rest)) left = rest
      else start += size
    }
    // What was needed may no longer be, once something behind it has gone.
    if (size === 1 && left.length === before) return left
    size = Math.max(1, Math.floor(size / 2))
  }
  return left
}
