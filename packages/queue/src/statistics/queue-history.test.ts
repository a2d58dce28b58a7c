import { describe, expect, test } from '@jest/globals'
import { COARSE, FINE, type HistorySample, NOTHING_HAPPENED, QueueHistory, stepOf } from './queue-history.ts'

const sample = (values: Partial<HistorySample>): HistorySample => ({ ...NOTHING_HAPPENED, ...values })
const T = 1_800_000_000_000

describe('the history of a queue', () => {
  test('within a step the newest depth stands and counts add up', () => {
    const history = new QueueHistory()
    history.add(T, sample({ visible: 5, sent: 2 }))
    history.add(T + 4_000, sample({ visible: 3, sent: 4, oldestAgeSeconds: 7 }))
    expect(history.fine(stepOf(T, FINE.stepSeconds))).toMatchObject({ visible: 3, sent: 6, oldestAgeSeconds: 7 })
  })

  test('a minute adds up its steps of ten seconds', () => {
    const history = new QueueHistory()
    for (let second = 0; second < 60; second += 10)
      history.add(T + second * 1_000, sample({ visible: second, sent: 1 }))
    expect(history.coarse(stepOf(T, COARSE.stepSeconds))).toMatchObject({ visible: 50, sent: 6 })
  })

  test('nothing happened in a step that has no sample, nor in one that was overwritten', () => {
    const history = new QueueHistory()
    history.add(T, sample({ visible: 5 }))
    const first = stepOf(T, FINE.stepSeconds)
    expect(history.fine(first + 1)).toEqual(NOTHING_HAPPENED)
    history.add(T + FINE.size * FINE.stepSeconds * 1_000, sample({ visible: 9 }))
    expect(history.fine(first)).toEqual(NOTHING_HAPPENED)
    expect(history.fine(first + FINE.size)).toMatchObject({ visible: 9 })
  })

  test('it is over when nothing happened for as long as it remembers', () => {
    const history = new QueueHistory()
    history.add(T, sample({ received: 1 }))
    const spanMs = COARSE.size * COARSE.stepSeconds * 1_000
    history.add(T + spanMs, NOTHING_HAPPENED)
    expect(history.isOver(T + spanMs)).toBe(false)
    expect(history.isOver(T + spanMs + 1)).toBe(true)
  })
})
