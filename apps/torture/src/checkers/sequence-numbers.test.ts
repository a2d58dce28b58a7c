import { describe, expect, it } from '@jest/globals'
import { sequenceNumbers } from './sequence-numbers.ts'
import { findingsOf, Story } from './story.ts'

const Q = 'q.fifo'
const found = (story: Story) => findingsOf(sequenceNumbers, story)

describe('sequence numbers', () => {
  it('may be in any order between sends at the same time, and rise otherwise', () => {
    const story = new Story().queue(Q)
    const a = story.invokeSend(Q, 'a')
    const b = story.invokeSend(Q, 'b')
    story.sent(a, 'a', { sequenceNumber: '2' }).sent(b, 'b', { sequenceNumber: '1' })
    expect(found(story.send(Q, 'c', { sequenceNumber: '3' }))).toEqual([])
  })

  it('are wrong when a later send has a lower one', () => {
    const story = new Story().queue(Q).send(Q, 'a', { sequenceNumber: '2' }).send(Q, 'b', { sequenceNumber: '1' })
    expect(found(story)).toEqual([expect.stringMatching('gave b the number 1, below 2 of a')])
  })

  it('are wrong when a batch is numbered out of its order', () => {
    const story = new Story().queue(Q).sendBatch(Q, { a: { sequenceNumber: '2' }, b: { sequenceNumber: '1' } })
    expect(found(story)).toEqual([expect.stringMatching('before it in their batch')])
  })

  it('are those of the first one for duplicates, which is no fall', () => {
    const story = new Story().queue(Q).send(Q, 'a', { sequenceNumber: '1' }).send(Q, 'b', { sequenceNumber: '2' })
    expect(found(story.send(Q, 'again', { sequenceNumber: '1', messageId: 'id-a' }))).toEqual([])
  })

  it('are wrong when two messages have the same', () => {
    const story = new Story().queue(Q)
    story.unknown(story.invokeSend(Q, 'a')).unknown(story.invokeSend(Q, 'b'))
    story.receive(Q, { value: 'a', sequenceNumber: '1' }, { value: 'b', sequenceNumber: '1' })
    expect(found(story)).toEqual([expect.stringMatching('to id-a and id-b')])
  })

  it('are wrong when a message arrives with another than its sender was told', () => {
    const story = new Story().queue(Q).send(Q, 'a', { sequenceNumber: '1' })
    expect(found(story.receive(Q, { value: 'a', sequenceNumber: '2' }))).toEqual([expect.stringMatching('two numbers')])
  })
})
