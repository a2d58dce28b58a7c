import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  COARSE,
  FINE,
  HISTORY_MS,
  type HistorySample,
  NOTHING_HAPPENED,
  QueueHistory,
  stepOf,
} from './queue-history.ts'

const sample = (values: Partial<HistorySample>): HistorySample => ({ ...NOTHING_HAPPENED, ...values })
const T = 1_800_000_000_000
const FIRST = stepOf(T, FINE.stepSeconds)

describe('the history of a queue', () => {
  test('within a step the newest depth stands and counts add up', () => {
    const history = new QueueHistory()
    history.add(T, sample({ visible: 5, sent: 2 }))
    history.add(T + 4_000, sample({ visible: 3, sent: 4, oldestAgeSeconds: 7 }))
    expect(history.fine(FIRST)).toMatchObject({ visible: 3, sent: 6, oldestAgeSeconds: 7 })
  })

  test('a minute adds up its steps of ten seconds', () => {
    const history = new QueueHistory()
    for (let second = 0; second < 60; second += 10)
      history.add(T + second * 1_000, sample({ visible: second, sent: 1 }))
    expect(history.coarse(stepOf(T, COARSE.stepSeconds))).toMatchObject({ visible: 50, sent: 6 })
    expect(history.sum('sent', FIRST + 1, FIRST + 3)).toBe(3)
  })

  test('a step without a sample is as deep as the one before it, and its oldest message older', () => {
    const history = new QueueHistory()
    history.add(T, sample({ visible: 5, oldestAgeSeconds: 1, sent: 5 }))
    history.add(T + 30_000, sample({ visible: 6, sent: 1 }))
    const held = { visible: 5, oldestAgeSeconds: 21, sent: 0 }
    expect(history.fine(FIRST + 2)).toMatchObject(held)
    expect(history.fine(FIRST + 3)).toMatchObject({ visible: 6, oldestAgeSeconds: Number.NaN, sent: 1 })
    // Nor need there ever be another.
    expect(history.fine(FIRST + 3_000)).toMatchObject({ visible: 6, sent: 0 })
    expect(history.visible(stepOf(T, COARSE.stepSeconds) + 9)).toBe(6)
  })

  test('nothing is known from before the first sample, nor of a step that was overwritten', () => {
    const history = new QueueHistory()
    history.add(T, sample({ visible: 5, sent: 1 }))
    expect(history.fine(FIRST - 1)).toEqual(NOTHING_HAPPENED)
    history.add(T + FINE.size * FINE.stepSeconds * 1_000, sample({ visible: 9 }))
    expect(history.fine(FIRST)).toEqual(NOTHING_HAPPENED)
    expect(history.fine(FIRST + 1)).toMatchObject({ visible: 5, sent: 0 })
    expect(history.fine(FIRST + FINE.size)).toMatchObject({ visible: 9 })
  })

  test('a pause longer than the memory leaves the depth from before it, and no counts', () => {
    const history = new QueueHistory()
    history.add(T, sample({ visible: 5, sent: 3 }))
    const later = T + 10 * HISTORY_MS
    history.add(later, sample({ visible: 1, deleted: 4 }))
    const last = stepOf(later, FINE.stepSeconds)
    expect(history.sum('sent', last - FINE.size, last)).toBe(0)
    expect(history.fine(last - 1)).toMatchObject({ visible: 5, deleted: 0 })
    expect(history.fine(last)).toMatchObject({ visible: 1, deleted: 4 })
  })

  test('whatever the pauses between samples, all steps that are remembered are what they were', () => {
    const pauses = fc.array(fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 * FINE.size })), {
      maxLength: 80,
    })
    fc.assert(
      fc.property(pauses, (steps) => {
        const history = new QueueHistory()
        const sent = new Map<number, number>()
        let step = FIRST
        for (const [i, pause] of [0, ...steps].entries()) {
          step += pause
          history.add(step * FINE.stepSeconds * 1_000, sample({ visible: i, sent: i + 1 }))
          sent.set(step, i + 1)
        }
        const remembered = Array.from({ length: FINE.size }, (_, i) => step - i).filter((each) => each >= FIRST)
        expect(remembered.map((each) => history.fine(each).sent)).toEqual(remembered.map((each) => sent.get(each) ?? 0))
      }),
      { numRuns: 200 },
    )
  })

  test('it is over when nothing changed for as long as it remembers', () => {
    const history = new QueueHistory()
    history.add(T, sample({ received: 1 }))
    expect(history.isOver(T + HISTORY_MS)).toBe(false)
    expect(history.isOver(T + HISTORY_MS + 1)).toBe(true)
  })
})
