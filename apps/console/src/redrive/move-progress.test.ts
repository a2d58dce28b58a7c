import { describe, expect, it } from '@jest/globals'
import { type MoveCounts, moveProgress } from './move-progress.ts'

const START = Date.parse('2026-08-01T12:00:00.000Z')
const task = (change: Partial<MoveCounts> = {}): MoveCounts => ({
  status: 'running',
  messagesMoved: 100,
  messagesToMove: 400,
  startedAt: new Date(START).toISOString(),
  ...change,
})

describe('the progress of a move task', () => {
  it('has a rate and the time that is left', () => {
    expect(moveProgress(task(), START + 10_000)).toEqual({ fraction: 0.25, messagesPerSecond: 10, secondsLeft: 30 })
  })

  it('is never whole while the task runs, even if more came than there were', () => {
    expect(moveProgress(task({ messagesMoved: 400 }), START + 10_000)).toMatchObject({ fraction: 0.99, secondsLeft: 0 })
    expect(moveProgress(task({ messagesMoved: 500 }), START + 10_000)).toMatchObject({ fraction: 0.99, secondsLeft: 0 })
    expect(moveProgress(task({ messagesMoved: 0, messagesToMove: 0 }), START + 10_000).fraction).toBe(0.99)
  })

  it('of an ended task stands still at its last rate', () => {
    const endedAt = new Date(START + 4_000).toISOString()
    expect(moveProgress(task({ status: 'completed', messagesMoved: 400, endedAt }), START + 99_000)).toEqual({
      fraction: 1,
      messagesPerSecond: 100,
      secondsLeft: undefined,
    })
    expect(moveProgress(task({ status: 'cancelled', endedAt }), START + 99_000).fraction).toBe(0.25)
  })

  it('says nothing about a rate before anything was moved, or when the clock of the page is behind', () => {
    expect(moveProgress(task({ messagesMoved: 0 }), START + 9_000).messagesPerSecond).toBeUndefined()
    expect(moveProgress(task(), START - 60_000)).toEqual({
      fraction: 0.25,
      messagesPerSecond: undefined,
      secondsLeft: undefined,
    })
  })
})
