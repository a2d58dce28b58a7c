import { describe, expect, it } from '@jest/globals'
import { lostMessages } from './lost-messages.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(lostMessages, story)

describe('lost messages', () => {
  it('are none when each acknowledged one was received and deleted, or what was sent may be nothing', () => {
    const story = new Story().queue('q').send('q', 'a').send('q', 'b')
    story.fail(story.invokeSend('q', 'refused')).unknown(story.invokeSend('q', 'unknown'))
    expect(found(story.receive('q', 'a', 'b').delete('q', 'a#1', 'b#1').end())).toEqual([])
  })

  it('are those that nobody ever received', () => {
    expect(found(new Story().queue('q').send('q', 'a').end())).toEqual([expect.stringMatching(/^a .*never received/)])
  })

  it('are those that were received, not deleted, and did not come again', () => {
    const story = new Story().queue('q').send('q', 'a').receive('q', 'a')
    story.fail(story.invoke({ kind: 'delete', queue: 'q', handles: ['a#1'] }))
    expect(found(story.end())).toEqual([expect.stringMatching(/^a .*is gone/)])
  })

  it('are those that were deleted with a superseded handle alone', () => {
    const story = new Story().queue('q').send('q', 'a').receive('q', 'a#1').receive('q', 'a#2').delete('q', 'a#1')
    expect(found(story.end())).toHaveLength(1)
    expect(found(new Story().queue('q').send('q', 'a').receive('q', 'a').delete('q', 'a#1').end())).toEqual([])
  })

  it('are not those whose deletion has an unknown outcome', () => {
    const story = new Story().queue('q').send('q', 'a').receive('q', 'a')
    story.unknown(story.invoke({ kind: 'delete', queue: 'q', handles: ['a#1'] }))
    expect(found(story.end())).toEqual([])
  })

  it('are not those that a purge may have taken, and are those that were sent after it', () => {
    const story = new Story().queue('q').send('q', 'before').act('purge', 'q').send('q', 'after').end()
    expect(found(story)).toEqual([expect.stringMatching(/^after /)])
  })

  it('are not looked for when the drain was not clean', () => {
    expect(lostMessages.check(new Story().queue('q').send('q', 'a').end(false).history).checked).toBe(0)
  })
})
