import type { CaseResult } from '../run-cases.ts'

/** The results for programs. */
export function toJson(results: readonly CaseResult[]): string {
  const rows = results.map(({ case: item, protocol, milliseconds, problem, gap }) => ({
    name: item.name,
    protocol,
    feature: item.feature,
    evidence: item.evidence,
    covers: item.covers,
    passed: problem === undefined,
    milliseconds,
    problem,
    knownGap: problem === undefined ? undefined : gap?.reason,
  }))
  return `${JSON.stringify(rows, null, 2)}\n`
}
