import { describe, expect, it } from '@jest/globals'
import { liveness } from './liveness.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(liveness, story)

describe('after a fault', () => {
  it('every server acknowledges something again', () => {
    const story = new Story().queue('q').fault('kill')
    story.unknown(story.invokeSend('q', 'b'))
    expect(found(story.at(4_000).send('q', 'c'))).toEqual([])
  })

  it('a server that acknowledges nothing for long is seen', () => {
    const story = new Story().queue('q').fault('kill')
    story.unknown(story.invokeSend('q', 'a'))
    expect(found(story.at(20_000).send('q', 'b'))).toEqual([expect.stringMatching('s1 acknowledged nothing')])
  })

  it('nothing is asked of a server before the next fault is over', () => {
    const story = new Story().queue('q').fault('kill')
    story.unknown(story.invokeSend('q', 'a'))
    story.at(4_000).fault('kill again').send('q', 'b').at(20_000).send('q', 'c')
    expect(found(story)).toEqual([])
  })
})

describe('in the drain', () => {
  it('what is deliverable comes within two seconds, or two seconds after what came before', () => {
    const story = new Story().queue('q').send('q', 'a').send('q', 'b').drain()
    expect(found(story.at(1_500).receive('q', 'a').at(3_000).receive('q', 'b'))).toEqual([])
  })

  it('what is leased or delayed may take until that is over', () => {
    const story = new Story().queue('q').send('q', 'a').send('q', 'b', { delaySeconds: 20 }).receive('q', 'a').drain()
    expect(found(story.at(11_000).receive('q', 'a#2').at(21_000).receive('q', 'b'))).toEqual([])
  })

  it('what comes later was held up', () => {
    const story = new Story().queue('q').send('q', 'a').drain().at(8_000).receive('q', 'a')
    expect(found(story)).toEqual([expect.stringMatching('ms after it could have')])
  })
})
