import { describe, expect, it } from '@jest/globals'
import { FAULTS } from '../faults/index.ts'
import { Random } from '../random.ts'
import { planFaults } from './plan-faults.ts'

const plan = (seed: number, requests = 10_000) => planFaults(new Random(seed), FAULTS, requests, 2)

describe('the faults of a run', () => {
  it('are the same for the same seed', () => {
    expect(plan(1)).toEqual(plan(1))
    expect(plan(2)).not.toEqual(plan(1))
  })

  it('leave the beginning and the end quiet, and come all before they come again', () => {
    // No more than one run has room for.
    const few = FAULTS.slice(0, 6)
    const planned = planFaults(new Random(3), few, 100_000, 2)
    expect(new Set(planned.map(({ fault }) => fault.name)).size).toBe(few.length)
    for (const { fromRequests, toRequests } of planned) {
      expect(fromRequests).toBeGreaterThanOrEqual(8_000)
      expect(toRequests).toBeLessThan(100_000)
    }
  })

  it('are held for a few seconds, and now and then for longer than the deadline of a server', () => {
    const seeds = Array.from({ length: 50 }, (_, seed) => seed)
    const seconds = seeds.flatMap((seed) => plan(seed).map(({ heldSecondsMax = 0 }) => heldSecondsMax))
    expect(Math.min(...seconds)).toBe(1)
    expect(Math.max(...seconds)).toBeGreaterThan(10)
    const short = seconds.filter((each) => each <= 4).length
    expect(short / seconds.length).toBeGreaterThan(0.8)
  })

  it('never hit the same twice at a time', () => {
    for (let seed = 0; seed < 200; seed++) {
      const planned = plan(seed)
      for (const [i, a] of planned.entries()) {
        for (const b of planned.slice(i + 1)) {
          const isSame = a.fault.hits === b.fault.hits && (a.fault.hits === 'postgres' || a.server === b.server)
          if (isSame) expect(a.toRequests <= b.fromRequests || b.toRequests <= a.fromRequests).toBe(true)
        }
      }
    }
  })
})
