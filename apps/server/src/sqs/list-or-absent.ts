/** A list, or nothing when it has no items: SQS leaves empty lists out. */
export function listOrAbsent<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items
}

/** A map, or nothing when it has no keys. */
export function mapOrAbsent<T>(map: Readonly<Record<string, T>>): Readonly<Record<string, T>> | undefined {
  for (const _ in map) return map
  return undefined
}
