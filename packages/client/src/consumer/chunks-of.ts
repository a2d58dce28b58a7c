/** A list in parts of at most this many. */
export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}

/** As many as one request takes. */
export const REQUEST_ENTRIES_MAX = 1_000
