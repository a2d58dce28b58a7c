import { describe, expect, it } from '@jest/globals'
import type { Case, Feature } from './case.ts'
import type { Protocol } from './clients/sqs-client.ts'
import { findGap, type KnownGap } from './gap.ts'
import { isGreen, judge } from './judge.ts'
import type { CaseResult } from './run-cases.ts'

const PROBLEM = { rule: 'r', expected: 'e', got: 'g', request: 'q' }

/** Judges runs, each written as name, feature, protocol and whether it passed. */
function verdict(gaps: readonly KnownGap[], ...runs: readonly (readonly [string, Feature, Protocol, boolean])[]) {
  const results = runs.map(([name, feature, protocol, passed]): CaseResult => {
    const item: Case = { name, feature, evidence: 'R', covers: [], run: async () => {} }
    return {
      case: item,
      protocol,
      milliseconds: 1,
      problem: passed ? undefined : PROBLEM,
      gap: findGap(gaps, item, protocol),
    }
  })
  return judge(results, gaps)
}

const FEATURE: KnownGap = { feature: 'fifo', reason: 'later' }
const CASE: KnownGap = { case: 'a', reason: 'later' }

describe('judge', () => {
  it('calls a failure without a gap a failure, and one with a gap known', () => {
    const { failed, known, passed } = verdict([CASE], ['a', 'fifo', 'json', false], ['b', 'fifo', 'json', false])
    expect([failed.length, known.length, passed.length]).toEqual([1, 1, 0])
  })

  it('wants a gap of a case removed when the case passes in one protocol', () => {
    const { staleGaps } = verdict([CASE], ['a', 'fifo', 'json', false], ['a', 'fifo', 'query', true])
    expect(staleGaps).toEqual([CASE])
  })

  it('leaves a gap of one protocol alone when the other passes', () => {
    const gap: KnownGap = { ...CASE, protocol: 'json' }
    expect(isGreen(verdict([gap], ['a', 'fifo', 'json', false], ['a', 'fifo', 'query', true]))).toBe(true)
  })

  it('wants a gap of a feature removed when all of it passes, and not before', () => {
    expect(isGreen(verdict([FEATURE], ['a', 'fifo', 'json', true], ['b', 'fifo', 'json', false]))).toBe(true)
    const { staleGaps } = verdict([FEATURE], ['a', 'fifo', 'json', true], ['b', 'fifo', 'json', true])
    expect(staleGaps).toEqual([FEATURE])
  })

  it('leaves gaps alone that were not run', () => {
    expect(isGreen(verdict([FEATURE, CASE], ['b', 'standard', 'json', true]))).toBe(true)
  })
})
