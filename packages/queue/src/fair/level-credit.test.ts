import { describe, expect, it } from '@jest/globals'
import { LevelCredit } from './level-credit.ts'

describe('LevelCredit', () => {
  it('owes the deeper levels a quarter, in turns that halve from level to level', () => {
    const credit = new LevelCredit()
    const turns = Array.from({ length: 64 }, () => {
      const owed = credit.owed(40, 5)
      credit.settle(owed, owed.count)
      expect(owed.count).toBe(10)
      return owed.level
    })
    expect([1, 2, 3, 4].map((level) => turns.filter((turn) => turn === level).length)).toEqual([32, 16, 8, 8])
    expect(new Set(Array.from({ length: 8 }, () => new LevelCredit().owed(40, 2).level))).toEqual(new Set([1]))
  })

  it('saves up over claims of one message, without losing a turn', () => {
    const credit = new LevelCredit()
    const turns = Array.from({ length: 256 }, () => {
      const owed = credit.owed(1, 3)
      credit.settle(owed, owed.count)
      return owed
    }).filter(({ count }) => count > 0)
    expect(turns).toHaveLength(64)
    expect(turns.filter(({ level }) => level === 1)).toHaveLength(32)
  })

  it('forgets what the levels were owed and did not want', () => {
    const credit = new LevelCredit()
    credit.settle(credit.owed(1_000, 2), 0)
    expect(credit.owed(1, 2).count).toBe(0)
  })

  it('counts what the levels got without being owed it', () => {
    const credit = new LevelCredit()
    credit.settle(credit.owed(3, 2), 3)
    expect([1, 2, 3].map(() => credit.owed(1, 2).count)).toEqual([0, 0, 0])
  })
})
