import { describe, expect, it } from '@jest/globals'
import { inventedMessages } from './invented-messages.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(inventedMessages, story)

describe('invented messages', () => {
  it('are none when what arrives was sent, its acknowledgement lost or not, to this queue or the one it is dead of', () => {
    const story = new Story().queue('q', { deadLetter: { queue: 'dead', receiveCountMax: 1 } }).queue('dead')
    story.send('q', 'a').unknown(story.invokeSend('q', 'b'))
    expect(found(story.receive('q', 'a', 'b').receive('dead', 'a#2'))).toEqual([])
  })

  it('are what nobody has sent, or sends afterwards', () => {
    expect(found(new Story().queue('q').receive('q', 'ghost').send('q', 'x'))).toEqual([expect.stringMatching('ghost')])
    expect(found(new Story().queue('q').receive('q', 'a').send('q', 'a'))).toEqual([
      expect.stringMatching('nobody had'),
    ])
  })

  it('are what a failed send has stored', () => {
    const story = new Story().queue('q')
    story.fail(story.invokeSend('q', 'a'))
    expect(found(story.receive('q', 'a'))).toEqual([expect.stringMatching('had failed')])
  })

  it('are those of another queue', () => {
    const story = new Story().queue('q').queue('r').send('q', 'a').receive('r', 'a')
    expect(found(story)).toEqual([expect.stringMatching('was sent to q')])
  })

  it('are those with another id than the sender was told', () => {
    const story = new Story().queue('q').send('q', 'a').receive('q', { value: 'a', messageId: 'other' })
    expect(found(story)).toEqual([expect.stringMatching('acknowledged as id-a and delivered as other')])
  })

  it('are a send of unknown outcome that was stored twice', () => {
    const story = new Story().queue('q')
    story.unknown(story.invokeSend('q', 'a'))
    story.receive('q', { value: 'a', messageId: 'x' }).receive('q', { value: 'a', messageId: 'y', handle: 'h' })
    expect(found(story)).toEqual([expect.stringMatching('stored twice')])
  })

  it('are two messages of one id', () => {
    const story = new Story().queue('q')
    story.unknown(story.invokeSend('q', 'a')).unknown(story.invokeSend('q', 'b'))
    story.receive('q', { value: 'a', messageId: 'x' }, { value: 'b', messageId: 'x', handle: 'h' })
    expect(found(story)).toEqual([expect.stringMatching('two messages are called x')])
  })
})
