/**
 * How many messages of one group may wait in a level before the next ones go to the level behind it; the deepest level,
 * one more, takes any number. Each is sixteen times the one before, so that a group waits behind groups of its own size,
 * and five levels are enough for a million.
 */
const LEVEL_SIZES = [16, 256, 4_096, 65_536] as const

/** The last place of every level but the deepest. */
export const LEVEL_PLACE_ENDS: readonly number[] = LEVEL_SIZES.map((_, level) =>
  LEVEL_SIZES.slice(0, level + 1).reduce((sum, size) => sum + size, 0),
)

/**
 * The place of a group's last waiting message, from the number of its messages that wait in each level; 0 when none does.
 * Only the deepest level that holds any counts, as if all levels before it were full: so a group whose backlog stands far
 * behind does not overtake itself, and comes to the front again once that backlog is gone. The SQL is held against this function by
 * a test.
 */
export function lastPlace(waiting: readonly number[]): number {
  const deepest = waiting.findLastIndex((count) => count > 0)
  if (deepest === -1) return 0
  return (LEVEL_PLACE_ENDS[deepest - 1] ?? 0) + (waiting[deepest] as number)
}

/** The level of a place in a group, counted from 1. */
export function levelOf(place: number): number {
  const level = LEVEL_PLACE_ENDS.findIndex((end) => place <= end)
  return level === -1 ? LEVEL_PLACE_ENDS.length : level
}
