import { describe, expect, it } from '@jest/globals'
import { earliestEndMs, latestEndMs } from './database-time.ts'
import { deduplication } from './deduplication.ts'
import { delays } from './delays.ts'
import { leases } from './leases.ts'
import { liveness } from './liveness.ts'
import { findingsOf, Story } from './story.ts'

const at = (ms: number) => ({ invokedMs: ms, completedMs: ms })

describe('a time that the database measures', () => {
  const clockSteps = [
    { byMs: 5000, fromMs: 10_000, toMs: 10_010 },
    { byMs: -2000, fromMs: 20_000, toMs: 20_010 },
  ]
  const earliest = (begin: number, lengthMs: number, until: number) =>
    earliestEndMs({ clockSteps }, at(begin), lengthMs, at(until))

  it.each([
    ['is over before the steps', 0, 9000, 30_000, 9000],
    ['is shortened by a step forward', 0, 16_000, 15_000, 11_000],
    ['is over at a step forward that is longer than what is left', 0, 12_000, 15_000, 10_000],
    ['is shortened and lengthened by one after the other', 0, 30_000, 40_000, 27_000],
    ['is lengthened by a step back', 15_000, 8000, 40_000, 25_000],
    ['stays over when the clock goes back', 15_000, 3000, 40_000, 18_000],
    ['is not touched by earlier steps', 25_000, 8000, 40_000, 33_000],
    ['is not touched by later steps', 15_000, 8000, 16_000, 23_000],
  ])('%s', (_, begin, lengthMs, until, endMs) => {
    expect(earliest(begin, lengthMs, until)).toBe(endMs)
  })

  it('may have been touched by a step that was made during a request', () => {
    const begin = { invokedMs: 0, completedMs: 15_000 }
    const steps = { clockSteps: clockSteps.slice(0, 1) }
    expect(earliestEndMs(steps, begin, 30_000, at(60_000))).toBe(25_000)
    expect(latestEndMs(steps, begin, 30_000, at(60_000))).toBe(45_000)
    const until = { invokedMs: 15_000, completedMs: 25_000 }
    expect(earliestEndMs({ clockSteps }, at(12_000), 30_000, until)).toBe(42_000)
    expect(
      earliestEndMs({ clockSteps: [{ byMs: 9, fromMs: 5, toMs: Number.POSITIVE_INFINITY }] }, at(0), 99, at(9)),
    ).toBe(90)
  })
})

describe('a step of the database clock', () => {
  /** A message is delivered for ten seconds, and again after a step and some time. */
  const againAfter = (byMs: number, ms: number) =>
    findingsOf(leases, new Story().send('q', 'a').receive('q', 'a').stepClock(byMs).at(ms).receive('q', 'a#2'))

  it('ends leases sooner by just so much', () => {
    expect(againAfter(8_000, 2_500)).toEqual([])
    expect(againAfter(8_000, 1_500)).toHaveLength(1)
  })

  it('lengthens leases by just so much', () => {
    expect(againAfter(-5_000, 15_500)).toEqual([])
    expect(againAfter(-5_000, 12_000)).toHaveLength(1)
  })

  it('ends delays sooner by just so much', () => {
    const deliveredAt = (ms: number) =>
      findingsOf(delays, new Story().send('q', 'a', { delaySeconds: 10 }).stepClock(8_000).at(ms).receive('q', 'a'))
    expect(deliveredAt(2_500)).toEqual([])
    expect(deliveredAt(1_500)).toHaveLength(1)
  })

  it('shortens the memory of deduplication by just so much', () => {
    const againAt = (ms: number) => {
      const first = { deduplicationId: 'd', group: 'g', sequenceNumber: '1' }
      const story = new Story().queue('q.fifo').send('q.fifo', 'a', first).stepClock(100_000).at(ms)
      return findingsOf(
        deduplication,
        story.send('q.fifo', 'b', { ...first, sequenceNumber: '2' }).receive('q.fifo', 'a', 'b'),
      )
    }
    expect(againAt(200_500)).toEqual([])
    expect(againAt(199_000).length).toBeGreaterThan(0)
  })

  it('lets what is leased come later by just so much', () => {
    const drainedAt = (ms: number) => {
      const story = new Story().queue('q').send('q', 'a').receive('q', 'a').stepClock(-5_000).rest().drain()
      return findingsOf(liveness, story.at(ms).receive('q', 'a#2').end())
    }
    expect(drainedAt(17_000)).toEqual([])
    expect(drainedAt(19_000)).toHaveLength(1)
  })
})
