import { describe, expect, it } from '@jest/globals'
import { LEVEL_PLACE_ENDS, lastPlace, levelOf } from './group-level.ts'

describe('the level of a message in its group', () => {
  it('is the first for the first sixteen, and one deeper whenever the backlog is sixteen times as large', () => {
    expect(LEVEL_PLACE_ENDS).toEqual([16, 272, 4_368, 69_904])
    expect([1, 16, 17, 272, 273, 4_368, 4_369, 69_904, 69_905, 1e9].map(levelOf)).toEqual([
      0, 0, 1, 1, 2, 2, 3, 3, 4, 4,
    ])
  })

  it('is never before that of the last waiting message, and at most one behind it', () => {
    for (let level = 0; level <= LEVEL_PLACE_ENDS.length; level++) {
      for (const waiting of [1, 15, 16, 255, 256, 4_096, 65_536]) {
        const size = (LEVEL_PLACE_ENDS[level] ?? Number.POSITIVE_INFINITY) - (LEVEL_PLACE_ENDS[level - 1] ?? 0)
        if (waiting > size) continue
        const counts = [...Array(level).fill(0), waiting, 0, 0]
        const next = levelOf(lastPlace(counts) + 1)
        expect(next).toBe(waiting < size ? level : level + 1)
      }
    }
  })

  it('is the first again once nothing of the group waits', () => {
    expect(lastPlace([0, 0, 0, 0, 0])).toBe(0)
    expect(levelOf(lastPlace([0, 0, 0, 0, 0]) + 1)).toBe(0)
  })
})
