import type { KnownGap } from './gap.ts'
import type { CaseResult } from './run-cases.ts'

/** What the results of a run mean. */
export interface Verdict {
  readonly passed: readonly CaseResult[]
  /** Failed, and no gap covers it. */
  readonly failed: readonly CaseResult[]
  /** Failed, as known. */
  readonly known: readonly CaseResult[]
  /** Gaps that are none any more: they must be removed from the list. */
  readonly staleGaps: readonly KnownGap[]
}

/** Holds results against the known gaps. A gap that was not run at all is left alone. */
export function judge(results: readonly CaseResult[], gaps: readonly KnownGap[]): Verdict {
  const isStale = (gap: KnownGap) => {
    const covered = results.filter((result) => result.gap === gap)
    if (covered.length === 0) return false
    // One that holds for both protocols is half closed when one of them passes, and has to say so.
    return 'case' in gap
      ? covered.some(({ problem }) => problem === undefined)
      : covered.every(({ problem }) => problem === undefined)
  }
  return {
    passed: results.filter(({ problem }) => problem === undefined),
    failed: results.filter(({ problem, gap }) => problem !== undefined && gap === undefined),
    known: results.filter(({ problem, gap }) => problem !== undefined && gap !== undefined),
    staleGaps: gaps.filter(isStale),
  }
}

/** Whether all is as expected. */
export function isGreen({ failed, staleGaps }: Verdict): boolean {
  return failed.length === 0 && staleGaps.length === 0
}
