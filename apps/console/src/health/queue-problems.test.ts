import { describe, expect, it } from '@jest/globals'
import { statisticsOf } from '../../test/helpers/statistics-of.ts'
import { queueProblems } from './queue-problems.ts'

const idsOf = (queue: Parameters<typeof statisticsOf>[0]) => queueProblems(statisticsOf(queue)).map(({ id }) => id)

describe('problems of a queue', () => {
  it('has nothing against a queue that is empty or is worked on', () => {
    expect(idsOf({})).toEqual([])
    expect(idsOf({ visible: 5_000, receivedPerSecond: 20, oldestMessageAgeSeconds: 4_000 })).toEqual([])
  })

  it('tells of messages that are ready and that nobody receives, once it is no pause between two polls', () => {
    expect(idsOf({ visible: 3, oldestMessageAgeSeconds: 299 })).toEqual([])
    expect(idsOf({ visible: 3, oldestMessageAgeSeconds: 300 })).toEqual(['notReceived'])
    expect(idsOf({ inFlight: 3, oldestMessageAgeSeconds: 3_000 })).toEqual([])
    expect(idsOf({ delayed: 3, oldestMessageAgeSeconds: 3_000 })).toEqual([])
  })

  it('tells of dead letters, which nobody is meant to receive', () => {
    expect(
      queueProblems(statisticsOf({ deadLetterSources: ['orders'], visible: 1, oldestMessageAgeSeconds: 900 })),
    ).toEqual([{ id: 'deadLetters', severity: 'warning', text: 'A dead letter waits here.' }])
    expect(idsOf({ deadLetterSources: ['orders'] })).toEqual([])
  })

  it('tells first of messages that are about to be lost', () => {
    const queue = { retentionSeconds: 4_000, visible: 1, receivedPerSecond: 1 }
    expect(idsOf({ ...queue, oldestMessageAgeSeconds: 2_999 })).toEqual([])
    expect(queueProblems(statisticsOf({ ...queue, oldestMessageAgeSeconds: 3_940 }))).toEqual([
      {
        id: 'expiring',
        severity: 'critical',
        text: 'The oldest message is lost in 1 min, when the retention is over.',
      },
    ])
    expect(idsOf({ ...queue, oldestMessageAgeSeconds: 4_000, deadLetterSources: ['orders'] })).toEqual([
      'expiring',
      'deadLetters',
    ])
  })
})
