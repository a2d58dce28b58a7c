import { describe, expect, it } from '@jest/globals'
import { handles } from './handles.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(handles, story)
const received = (queue = 'q') => new Story().queue(queue).send(queue, 'a').at(1_000).receive(queue, 'a#1')
const refuse = (story: Story, queue = 'q', handle = 'a#1') =>
  story.fail(story.invoke({ kind: 'delete', queue, handles: [handle] }))

describe('handles', () => {
  it('work while they are current', () => {
    expect(found(received().change('q', 'a#1', 5).delete('q', 'a#1'))).toEqual([])
    expect(found(refuse(received()))).toEqual([expect.stringMatching('refused a delete of a')])
  })

  it('delete on a standard queue after the lease, too, and not on a FIFO queue', () => {
    expect(found(refuse(received().at(20_000)))).toHaveLength(1)
    expect(handles.check(refuse(received('q.fifo').at(20_000), 'q.fifo').history).violations).toEqual([])
  })

  it('change no lease when they are superseded', () => {
    const story = received().at(20_000).receive('q', 'a#2').change('q', 'a#1', 0)
    expect(found(story)).toEqual([expect.stringMatching('took a superseded handle of a for a change')])
  })

  it('delete nothing on a FIFO queue when they are superseded', () => {
    const story = received('q.fifo').at(20_000).receive('q.fifo', 'a#2').delete('q.fifo', 'a#1')
    expect(found(story)).toHaveLength(1)
  })

  it('may be told that all is well on a FIFO queue when the message is deleted', () => {
    const story = received('q.fifo').at(20_000).receive('q.fifo', 'a#2').delete('q.fifo', 'a#2')
    expect(found(story.delete('q.fifo', 'a#1'))).toEqual([])
  })

  it('may be told so, too, when the message has become a dead letter', () => {
    const story = received('q.fifo').at(20_000).receive('q.fifo', 'a#2').delete('q.fifo', 'a#1')
    story.queue('q.fifo', { deadLetter: { queue: 'dead.fifo', receiveCountMax: 2 } }).queue('dead.fifo')
    expect(handles.check(story.receive('dead.fifo', 'a#3').history).violations).toEqual([])
  })

  it('are not judged by a server that was not there', () => {
    const story = received()
    story.fail(story.invoke({ kind: 'delete', queue: 'q', handles: ['a#1'] }), 'ECONNREFUSED')
    expect(handles.check(story.history).violations).toEqual([])
  })

  it('are not taken when they were altered', () => {
    const story = received()
    const id = story.invoke({ kind: 'delete', queue: 'q', handles: ['b#1'], altered: true })
    expect(found(story.ok(id, { kind: 'delete', entries: [{ outcome: 'ok' }] }))).toEqual([
      expect.stringMatching('somebody had altered'),
    ])
  })

  it('may be refused a change when the message may be deleted', () => {
    const story = received().delete('q', 'a#1')
    story.fail(story.invoke({ kind: 'change', queue: 'q', changes: [{ handle: 'a#1', leaseSeconds: 1 }] }))
    expect(found(story)).toEqual([])
  })
})
