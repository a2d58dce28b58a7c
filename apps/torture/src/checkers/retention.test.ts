import { describe, expect, it } from '@jest/globals'
import { counters } from './counters.ts'
import { handles } from './handles.ts'
import { lostMessages } from './lost-messages.ts'
import { retention } from './retention.ts'
import { findingsOf, Story } from './story.ts'

const brief = () => new Story().queue('q', { retentionSeconds: 60 })

describe('a message', () => {
  it('is delivered until its retention has passed, and not afterwards', () => {
    expect(findingsOf(retention, brief().send('q', 'a').at(60_000).receive('q', 'a'))).toEqual([])
    expect(findingsOf(retention, brief().send('q', 'a').at(61_000).receive('q', 'a'))).toEqual([
      expect.stringMatching('q delivered a 998 ms after its retention had passed'),
    ])
  })

  it('is lost when it is gone before, and not when it is gone afterwards', () => {
    const emptied = (atMs: number) => brief().send('q', 'a').send('q', 'b').drain().at(atMs).count('q', 0).end()
    expect(lostMessages.check(emptied(70_000).history).violations).toEqual([])
    expect(findingsOf(lostMessages, emptied(59_000))).toHaveLength(2)
  })

  it('may be gone when its handle is used', () => {
    const used = (atMs: number) => {
      const story = brief().send('q', 'a').at(atMs).receive('q', 'a')
      return story.fail(story.invoke({ kind: 'change', queue: 'q', changes: [{ handle: 'a#1', leaseSeconds: 5 }] }))
    }
    expect(handles.check(used(59_990).history).violations).toEqual([])
    expect(findingsOf(handles, used(50_000))).toEqual([expect.stringMatching('refused a change')])
  })

  it('may vanish between two counts, and does not come from nowhere', () => {
    const counted = (count: number) =>
      brief()
        .send('q', 'a')
        .send('q', 'b')
        .rest()
        .count('q', count)
        .count('q', 1)
        .drain()
        .receive('q', 'a')
        .receive('q', 'b')
        .end()
    expect(findingsOf(counters, counted(3))).toEqual([])
    expect(findingsOf(counters, counted(1))).toEqual([
      expect.stringMatching('counted 1 messages at rest, and 2 came out'),
    ])
  })
})
