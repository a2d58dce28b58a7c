import type { CutResult } from './sweep.ts'

/** What came of many cuts. */
export interface SweepReport {
  /** Cuts that happened. */
  readonly cuts: number
  /** Points that were not come to. */
  readonly missed: readonly string[]
  /** How often the server said so, by the first unit of each operation. */
  readonly answers: Readonly<Record<string, number>>
  /** Types of messages that were cut, by direction. */
  readonly types: ReadonlySet<string>
  readonly violations: readonly string[]
}

/** Adds up the results of cuts. */
export function reportOf(results: readonly CutResult[]): SweepReport {
  const hits = results.filter(({ isHit }) => isHit)
  const answers: Record<string, number> = {}
  for (const { claims } of hits) {
    for (const claim of new Set(claims.values())) answers[claim] = (answers[claim] ?? 0) + 1
  }
  return {
    cuts: hits.length,
    missed: results.filter(({ isHit }) => !isHit).map(describe),
    answers,
    types: new Set(hits.map(({ cut: { point } }) => `${point.direction} ${point.type}`)),
    violations: results.flatMap((result) => result.violations.map((violation) => `${describe(result)}: ${violation}`)),
  }
}

/** Where it was cut, so that one can do it again. */
function describe({ cut: { operation, mode, point } }: CutResult): string {
  const { action, at, direction, numberInStatement, type, key, occurrence } = point
  const end = key.length > 120 ? `…${key.slice(-120)}` : key
  const where = `${at} ${direction} message ${numberInStatement} (${type}) of statement ${occurrence} "${end}"`
  return `${operation.name} (${mode}), ${action} ${where}`.replace(/\s+/g, ' ')
}
