import { describe, expect, it } from '@jest/globals'
import { deduplication } from './deduplication.ts'
import { findingsOf, Story } from './story.ts'

const Q = 'q.fifo'
const found = (story: Story) => findingsOf(deduplication, story)
const first = { deduplicationId: 'd', sequenceNumber: '1', group: 'g' }
const same = { ...first, messageId: 'id-a' }

describe('deduplication', () => {
  it('answers with the first message, whatever became of it', () => {
    const story = new Story().queue(Q).send(Q, 'a', first).receive(Q, 'a').delete(Q, 'a#1').send(Q, 'b', same)
    expect(found(story)).toEqual([])
  })

  it('is broken by another message or another number', () => {
    expect(found(new Story().queue(Q).send(Q, 'a', first).send(Q, 'b', first))).toEqual([
      expect.stringMatching('answered two sends of the deduplication id d'),
    ])
    expect(
      found(
        new Story()
          .queue(Q)
          .send(Q, 'a', first)
          .send(Q, 'b', { ...same, sequenceNumber: '2' }),
      ),
    ).toHaveLength(1)
  })

  it('is broken by two messages that were stored, however their sends ended', () => {
    const story = new Story().queue(Q)
    story.unknown(story.invokeSend(Q, 'a', { deduplicationId: 'd' }))
    story.unknown(story.invokeSend(Q, 'b', { deduplicationId: 'd' }))
    expect(found(story.receive(Q, 'a', 'b'))).toEqual([expect.stringMatching('stored 2 messages')])
  })

  it('ends after five minutes', () => {
    const story = new Story().queue(Q).send(Q, 'a', first).at(300_500).send(Q, 'b', first)
    expect(found(story.send(Q, 'c', { ...first, deduplicationId: 'e' }))).toEqual([])
  })

  it('keeps to the group where the queue says so', () => {
    const story = new Story().queue(Q, { deduplicationScope: 'messageGroup' }).send(Q, 'a', first)
    expect(found(story.send(Q, 'b', { ...first, group: 'h' }).send(Q, 'c', same))).toEqual([])
    expect(
      found(
        new Story()
          .queue(Q)
          .send(Q, 'a', first)
          .send(Q, 'b', { ...first, group: 'h' }),
      ),
    ).toHaveLength(1)
  })

  it('forgets with a purge', () => {
    const story = new Story().queue(Q).send(Q, 'a', first).act('purge', Q).send(Q, 'b', first)
    expect(deduplication.check(story.history).violations).toEqual([])
  })
})
