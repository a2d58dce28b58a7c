import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { retryPauseSeconds } from './retry-policy.ts'

const POLICY = { backoffSeconds: 0.1, backoffSecondsMax: 5 }

describe('the pause before a repetition', () => {
  it('is anything between nothing and a backoff that doubles up to its limit', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => retryPauseSeconds(POLICY, attempts, 0, () => 1))
    expect(longest).toEqual([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5])
    expect(retryPauseSeconds(POLICY, 8, 0, () => 0)).toBe(0)
  })

  it('is never shorter than the server asks for', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 2_000 }),
      fc.nat(600),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempts, retryAfterSeconds, random) => {
        const seconds = retryPauseSeconds(POLICY, attempts, retryAfterSeconds, () => random)
        expect(seconds).toBeGreaterThanOrEqual(retryAfterSeconds)
        expect(seconds).toBeLessThanOrEqual(retryAfterSeconds + POLICY.backoffSecondsMax)
      },
    )
    fc.assert(property)
  })
})
