import type { Claim } from './rest-api.ts'

/**
 * Holds what the answer said of each unit of a request against how often its effect is in the database: once when it was done, never
 * when it was not, and at most once when nobody knows.
 * @returns what is wrong, in words
 */
export function judge(claims: ReadonlyMap<string, Claim>, effects: ReadonlyMap<string, number>): string[] {
  return [...effects].flatMap(([unit, count]) => {
    const claim = claims.get(unit)
    if (claim === undefined) return [`nothing was said about ${unit}`]
    if (count > 1) return [`${unit} was done ${count} times; the answer was: ${claim}`]
    if (claim === 'done' && count === 0) return [`${unit} was answered as done, and was not`]
    if (claim === 'notDone' && count === 1) return [`${unit} was answered as not done, and was`]
    return []
  })
}
