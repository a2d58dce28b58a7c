import { describe, expect, it } from '@jest/globals'
import { LevelCredit } from './level-credit.ts'

describe('LevelCredit', () => {
  it('owes the deeper levels a quarter of large claims, halved from level to level', () => {
    expect(new LevelCredit().owed(64, 2)).toEqual([0, 16])
    expect(new LevelCredit().owed(64, 3)).toEqual([0, 8, 8])
    expect(new LevelCredit().owed(64, 5)).toEqual([0, 8, 4, 2, 2])
  })

  it('saves up over claims of one message, and never owes more than the claim has', () => {
    const credit = new LevelCredit()
    const turns = Array.from({ length: 256 }, () => {
      const owed = credit.owed(1, 5)
      credit.settle(owed, owed)
      return owed.indexOf(1)
    })
    for (let level = 1; level < 5; level++)
      expect(turns.filter((turn) => turn === level).length).toBeGreaterThanOrEqual(7)
    expect(turns.filter((turn) => turn === -1).length).toBeGreaterThanOrEqual(180)
  })

  it('forgets what a level was owed and did not want', () => {
    const credit = new LevelCredit()
    credit.settle(credit.owed(1_000, 2), [1_000, 0])
    expect(credit.owed(1, 2)).toEqual([0, 0])
  })

  it('counts what a level got without being owed it', () => {
    const credit = new LevelCredit()
    credit.settle(credit.owed(3, 2), [0, 3])
    expect([1, 2, 3].map(() => credit.owed(1, 2)[1])).toEqual([0, 0, 0])
  })
})
