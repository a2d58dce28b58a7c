import { describe, expect, it } from '@jest/globals'
import { sparklinePath } from './sparkline-path.ts'

describe('a sparkline', () => {
  it('goes from the left to the right edge, zero at the bottom and the largest value at the top', () => {
    expect(sparklinePath([0, 5, 10], 60, 20)).toBe('M0 20L30 10L60 0')
  })

  it('is flat at the bottom where nothing ever was, and none where there is no past', () => {
    expect(sparklinePath([0, 0], 60, 20)).toBe('M0 20L60 20')
    expect(sparklinePath([7], 60, 20)).toBe('')
    expect(sparklinePath([], 60, 20)).toBe('')
  })
})
