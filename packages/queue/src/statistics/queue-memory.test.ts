import { describe, expect, test } from '@jest/globals'
import { FINE, stepOf } from './queue-history.ts'
import { QueueMemory } from './queue-memory.ts'
import type { QueueChange } from './read-changes.ts'

const T = 1_800_000_000_000
const KEY = { accountId: '000000000000', name: 'orders' }
const DONE = { sent: 0, received: 0, deleted: 0, expired: 0, deadLettered: 0, leasesExpired: 0 }

function change(sent: number, visible: number, queueId = 1): QueueChange {
  return { queueId, key: KEY, visible, inFlight: 0, delayed: 0, oldestSentAtMs: T, totals: { ...DONE, sent } }
}

const stepAt = (seconds: number) => stepOf(T + seconds * 1000, FINE.stepSeconds)

function memoryOf(...samples: [seconds: number, ...QueueChange[]][]): QueueMemory {
  const memory = new QueueMemory()
  for (const [seconds, ...changes] of samples) {
    memory.begin(T + seconds * 1000)
    for (const each of changes) memory.note(each)
  }
  return memory
}

describe('what a node remembers of a queue', () => {
  test('what was done before it began was not done in its first step', () => {
    const memory = memoryOf([0, change(100, 7)], [10, change(103, 10)])
    expect(memory.historyOf(1)?.sum('sent', stepAt(0), stepAt(10))).toBe(3)
    expect(memory.historyOf(1)?.fine(stepAt(0))).toMatchObject({ visible: 7, sent: 0 })
  })

  test('a queue that came later began at nothing', () => {
    const memory = memoryOf([0], [10, change(4, 4)])
    expect(memory.historyOfKey(KEY)?.fine(stepAt(10))).toMatchObject({ visible: 4, sent: 4 })
  })

  test('a queue that does not change has no history, and its depth all the same', () => {
    const memory = memoryOf([0, change(4, 4)], [10], [20, change(4, 4)])
    expect(memory.historyOf(1)).toBeUndefined()
    expect(memory.sampleOf(KEY, 'fine', stepAt(10), FINE.stepSeconds)).toMatchObject({
      visible: 4,
      oldestAgeSeconds: 20,
    })
    expect(memory.visibleOf(1)).toBe(4)
  })

  test('a queue that is read twice counts once', () => {
    const memory = memoryOf([0], [10, change(4, 4)], [20, change(4, 4)])
    expect(memory.historyOf(1)?.sum('sent', stepAt(0), stepAt(20))).toBe(4)
  })

  test('a queue that was made again under its name is another one, and the old one is forgotten', () => {
    const memory = memoryOf([0], [10, change(9, 9)], [20, change(1, 1, 2)])
    expect([...memory.changed()].map(({ history }) => history.sum('sent', stepAt(0), stepAt(20)))).toEqual([1])
    memory.tidy(new Set([2]))
    expect(memory.historyOf(1)).toBeUndefined()
    expect(memory.historyOfKey(KEY)?.fine(stepAt(20))).toMatchObject({ visible: 1, sent: 1 })
    memory.tidy(new Set())
    expect(memory.historyOfKey(KEY)).toBeUndefined()
  })
})
