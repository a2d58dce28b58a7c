import { describe, expect, it } from '@jest/globals'
import { fifoOrder } from './fifo-order.ts'
import { findingsOf, Story } from './story.ts'

const Q = 'q.fifo'
const found = (story: Story) => findingsOf(fifoOrder, story)
const message = (value: string, sequenceNumber = value) => ({ value, sequenceNumber, group: 'g' })
const sent = (...values: readonly string[]) =>
  values.reduce((story, value) => story.send(Q, value, { group: 'g', sequenceNumber: value }), new Story().queue(Q))

describe('FIFO order', () => {
  it('holds when a response brings the front of a group, and the next ones come after deletions', () => {
    const story = sent('1', '2', '3').receive(Q, message('1'), message('2')).delete(Q, '1#1').delete(Q, '2#1')
    expect(found(story.receive(Q, message('3')))).toEqual([])
  })

  it('is broken by a message without an earlier one', () => {
    expect(found(sent('1', '2').receive(Q, message('2')))).toEqual([expect.stringMatching('delivered 2 without 1')])
  })

  it('is broken by a message behind one that is leased', () => {
    expect(found(sent('1', '2').receive(Q, message('1')).receive(Q, message('2')))).toHaveLength(1)
  })

  it('is broken inside a response', () => {
    expect(found(sent('1', '2').receive(Q, message('2'), message('1')))).toHaveLength(2)
  })

  it('is not broken by an earlier one that was acknowledged after the receive had begun', () => {
    const story = new Story().queue(Q)
    const first = story.invokeSend(Q, '1', { group: 'g' })
    story.send(Q, '2', { group: 'g', sequenceNumber: '2' })
    const receive = story.invokeReceive(Q)
    story.sent(first, '1', { sequenceNumber: '1' })
    expect(found(story.received(receive, message('2')))).toEqual([])
  })

  it('is not broken by an earlier one whose deletion was invoked before the receive was complete', () => {
    const story = sent('1', '2').receive(Q, message('1'))
    const receive = story.invokeReceive(Q)
    story.unknown(story.invoke({ kind: 'delete', queue: Q, handles: ['1#1'] }))
    expect(found(story.received(receive, message('2')))).toEqual([])
  })

  it('is broken by an earlier one whose deletion was refused', () => {
    const story = sent('1', '2').receive(Q, message('1'))
    story.fail(story.invoke({ kind: 'delete', queue: Q, handles: ['1#1'] }))
    expect(found(story.receive(Q, message('2')))).toHaveLength(1)
  })

  it('is not broken by an earlier one that a purge may have taken', () => {
    const story = sent('1').act('purge', Q).send(Q, '2', { group: 'g', sequenceNumber: '2' })
    expect(found(story.receive(Q, message('2')))).toEqual([])
  })

  it('is not broken by a dead letter, unless that was still here afterwards', () => {
    const rule = { deadLetter: { queue: 'dead.fifo', receiveCountMax: 1 } }
    const begin = () => sent('1', '2').queue(Q, rule).queue('dead.fifo').receive(Q, message('1'))
    const dead = { ...message('1#2', '1'), sequenceNumber: '9' }
    expect(found(begin().receive(Q, message('2')).receive('dead.fifo', dead))).toEqual([])
    const late = begin().receive(Q, message('2')).receive(Q, message('1#2', '1'))
    expect(found(late.receive('dead.fifo', { ...dead, handle: 'h', receiveCount: 3 }))).toHaveLength(1)
  })

  it('knows nothing between groups', () => {
    const story = sent('1').send(Q, '2', { group: 'other', sequenceNumber: '2' })
    expect(found(story.receive(Q, { ...message('2'), group: 'other' }))).toEqual([])
  })
})
