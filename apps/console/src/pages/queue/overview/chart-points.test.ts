import { describe, expect, it } from '@jest/globals'
import { chartPoints, timeTicks } from './chart-points.ts'

describe('points of a chart', () => {
  it('are the samples, and an empty queue has no age', () => {
    const sample = {
      at: '2026-08-01T12:00:00.000Z',
      visible: 1,
      inFlight: 2,
      delayed: 3,
      oldestMessageAgeSeconds: null,
      sentPerSecond: 4,
      receivedPerSecond: 5,
      deletedPerSecond: 6,
      expiredPerSecond: 7,
      deadLetteredPerSecond: 8,
    }
    expect(chartPoints({ stepSeconds: 10, samples: [sample] })).toEqual([
      { at: 1_785_585_600_000, ready: 1, leased: 2, delayed: 3, age: 0, sent: 4, received: 5, deleted: 6 },
    ])
    expect(chartPoints({ stepSeconds: 10, samples: [] })).toEqual([])
  })

  it('are marked at full minutes, not too many of them', () => {
    const noon = Date.UTC(2026, 7, 1, 12)
    const minutesOf = (from: number, to: number) => timeTicks(noon + from, noon + to).map((at) => (at - noon) / 60_000)
    expect(minutesOf(10_000, 15 * 60_000)).toEqual([5, 10, 15])
    expect(minutesOf(0, 60 * 60_000)).toEqual([0, 10, 20, 30, 40, 50, 60])
    expect(minutesOf(1, 180 * 60_000)).toEqual([30, 60, 90, 120, 150, 180])
  })
})
