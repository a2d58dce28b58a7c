import { describe, expect, it } from '@jest/globals'
import { learnPace, type Pace } from './learn-pace.ts'

const T = 1_800_000_000_000
const UNKNOWN: Pace = { perSecond: undefined, mark: undefined }

/** Looks at the queue at moments, in seconds, and answers what is known in the end. */
function look(
  ...looks: readonly (readonly [second: number, completed: number, outstanding: number, consumers: number])[]
) {
  return looks.reduce(
    (pace, [second, completed, outstanding, consumers]) =>
      learnPace(pace, { atMs: T + second * 1_000, completed, outstanding, consumers }),
    UNKNOWN,
  ).perSecond
}

describe('the pace of a consumer', () => {
  it('is what all of them completed, shared', () => {
    expect(look([0, 100, 5_000, 4], [30, 1_300, 5_000, 4])).toBe(10)
  })

  it('is not known after a shorter time', () => {
    expect(look([0, 100, 5_000, 4], [29.999, 1_300, 5_000, 4])).toBeUndefined()
  })

  it.each([
    ['at the beginning', [0, 0, 4, 4], [30, 1_300, 5_000, 4]],
    ['at the end', [0, 0, 5_000, 4], [30, 1_300, 4, 4]],
  ] as const)('is not learned from consumers that were idle %s', (_when, first, last) => {
    expect(look(first, last)).toBeUndefined()
  })

  it('is not learned while new consumers start', () => {
    expect(look([0, 0, 5_000, 1], [30, 300, 5_000, 1], [31, 310, 5_000, 10], [61, 700, 5_000, 10])).toBe(10)
    expect(look([0, 0, 9_000, 1], [1, 10, 9_000, 10], [31, 700, 9_000, 10], [61, 2_200, 9_000, 10])).toBe(5)
  })

  it('is not forgotten when nothing is completed: nobody knows whether anybody works', () => {
    expect(look([0, 0, 5_000, 1], [30, 300, 5_000, 1], [60, 300, 5_000, 1], [90, 300, 0, 1])).toBe(10)
  })

  it('is not learned from no consumers, from a stretch that nobody watched, or across a clock that was set back', () => {
    expect(look([0, 0, 5_000, 0], [30, 300, 5_000, 0])).toBeUndefined()
    expect(look([0, 0, 5_000, 1], [301, 300, 5_000, 1])).toBeUndefined()
    expect(look([100, 0, 5_000, 1], [0, 300, 5_000, 1], [29, 600, 5_000, 1])).toBeUndefined()
  })
})
