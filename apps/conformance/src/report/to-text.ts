import { FEATURES } from '../case.ts'
import type { Verdict } from '../judge.ts'
import type { CaseResult } from '../run-cases.ts'

/** A failed run, for people. */
export function failureText({ case: item, protocol, problem }: CaseResult): string {
  if (problem === undefined) return ''
  const lines = [`✗ ${item.name}  [${protocol}, ${item.feature}, ${item.evidence}]`]
  if (problem.rule !== problem.expected) lines.push(`    rule      ${problem.rule}`)
  lines.push(`    expected  ${problem.expected}`, `    got       ${problem.got}`, `    request   ${problem.request}`)
  return lines.join('\n')
}

/** Everything that is not as expected, then the counts. */
export function verdictText(results: readonly CaseResult[], verdict: Verdict): string {
  const parts = verdict.failed.map(failureText)
  for (const gap of verdict.staleGaps) {
    const what = 'case' in gap ? `the case "${gap.case}"` : `the feature "${gap.feature}"`
    parts.push(`✗ ${what} passes: remove it from the known gaps (it said: ${gap.reason})`)
  }
  const rows = FEATURES.flatMap((feature) => {
    const own = results.filter((result) => result.case.feature === feature)
    if (own.length === 0) return []
    const failed = own.filter(({ problem }) => problem !== undefined)
    const known = failed.filter(({ gap }) => gap !== undefined)
    const counts = [own.length, own.length - failed.length, known.length, failed.length - known.length]
    return [feature.padEnd(14) + counts.map((count) => String(count).padStart(8)).join('')]
  })
  parts.push(
    [
      'feature'.padEnd(14) + ['runs', 'passed', 'known', 'failed'].map((head) => head.padStart(8)).join(''),
      ...rows,
    ].join('\n'),
  )
  return `${parts.join('\n\n')}\n`
}
