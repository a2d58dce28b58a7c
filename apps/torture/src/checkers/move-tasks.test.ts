import { describe, expect, it } from '@jest/globals'
import type { MoveTask } from '../history/event.ts'
import { counters } from './counters.ts'
import { handles } from './handles.ts'
import { inventedMessages } from './invented-messages.ts'
import { lostMessages } from './lost-messages.ts'
import { moveTasks } from './move-tasks.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(moveTasks, story)
const moved = (value: string, count = 1) => ({
  ...{ value, messageId: `new-${value}`, handle: `new-${value}#${count}`, receiveCount: count },
})
const done: MoveTask = { id: 't1', status: 'completed', moved: 1 }

const begun = () =>
  new Story()
    .queue('q', { deadLetter: { queue: 'dead', receiveCountMax: 1000 } })
    .queue('dead', { movesTo: 'q' })
    .moves('dead')
    .send('dead', 'a')
const started = (story = begun()) => story.startMove('dead', 'q')

describe('a message that is moved', () => {
  it('comes out once, under a new id', () => {
    const story = started().receive('q', moved('a')).delete('q', 'new-a#1').moves('dead', done).drain().end()
    for (const checker of [moveTasks, inventedMessages, lostMessages]) expect(findingsOf(checker, story)).toEqual([])
  })

  it('does not come out twice', () => {
    const story = started().receive('q', moved('a'), { ...moved('a'), messageId: 'newer-a', handle: 'h' })
    expect(found(story)).toEqual([expect.stringMatching('a was moved to q twice, as new-a and newer-a')])
  })

  it('is in one place', () => {
    expect(found(started().receive('q', moved('a')).receive('dead', 'a'))).toEqual([
      expect.stringMatching('dead delivered a after it had been moved to q'),
    ])
    expect(found(started(begun().receive('dead', 'a')).at(11_000).receive('q', moved('a')))).toEqual([])
  })

  it('is not leased', () => {
    expect(found(started(begun().receive('dead', 'a')).receive('q', moved('a')))).toEqual([
      expect.stringMatching('a was moved to q while c1 had it leased from dead'),
    ])
  })

  it('was not deleted', () => {
    const story = started(begun().receive('dead', 'a').delete('dead', 'a#1')).at(20_000).receive('q', moved('a'))
    expect(found(story)).toEqual([expect.stringMatching('a was deleted from dead, and delivered by q')])
  })

  it('has a new id where it comes to', () => {
    expect(findingsOf(inventedMessages, started().receive('q', 'a'))).toEqual([
      expect.stringMatching('delivered as id-a'),
    ])
  })

  it('may be lost on its way', () => {
    const story = started().moves('dead', done).drain().end()
    expect(findingsOf(lostMessages, story)).toEqual([expect.stringMatching('a .* never received')])
  })

  it('makes its handle worthless, unless it was leased', () => {
    const used = (atMs: number) => {
      const story = started(begun().receive('dead', 'a')).at(atMs)
      return story.fail(story.invoke({ kind: 'change', queue: 'dead', changes: [{ handle: 'a#1', leaseSeconds: 5 }] }))
    }
    expect(handles.check(used(11_000).history).violations).toEqual([])
    expect(findingsOf(handles, used(5_000))).toEqual([expect.stringMatching('refused a change')])
  })
})

describe('tasks', () => {
  it('have moved as many as came out', () => {
    const story = (said: number) =>
      started()
        .receive('q', moved('a'))
        .moves('dead', { ...done, moved: said })
    expect(found(story(1).drain().end())).toEqual([])
    expect(found(story(2).drain().end())).toEqual([expect.stringMatching('moved 2 messages, and 1 came out of q')])
  })

  it('of an earlier history do not count', () => {
    const old: MoveTask = { id: 't0', status: 'completed', moved: 7 }
    const story = new Story().queue('q').queue('dead', { movesTo: 'q' }).moves('dead', old).send('dead', 'a')
    expect(found(started(story).receive('q', moved('a')).moves('dead', done, old).drain().end())).toEqual([])
  })

  it('leave the counts of both queues together as they were', () => {
    const story = started().send('dead', 'b').receive('q', moved('a')).moves('dead', done).rest()
    story.count('q', 0, { inFlight: 1 }).count('dead', 1).drain().receive('dead', 'b').receive('q', moved('a', 2))
    expect(findingsOf(counters, story.end())).toEqual([])
  })
})
