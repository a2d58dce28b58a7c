/** How large a batch may be. */
export interface BatchLimits<T> {
  readonly countMax: number
  /** Sum of `bytesOf`; an item above it stands alone. */
  readonly bytesMax: number
  bytesOf(item: T): number
}

/** Gathers what comes into arrays, in its order. */
export async function* inBatches<T>(
  items: AsyncIterable<T> | Iterable<T>,
  { countMax, bytesMax, bytesOf }: BatchLimits<T>,
): AsyncGenerator<T[], void> {
  let batch: T[] = []
  let bytes = 0
  for await (const item of items) {
    const size = bytesOf(item)
    if (batch.length === countMax || (batch.length > 0 && bytes + size > bytesMax)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(item)
    bytes += size
  }
  if (batch.length > 0) yield batch
}
