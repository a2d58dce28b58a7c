import { describe, expect, it } from '@jest/globals'
import { LEFT } from '../history/event.ts'
import { receiveCounts } from './receive-counts.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(receiveCounts, story)
const sent = () => new Story().queue('q').send('q', 'a')

describe('receive counts', () => {
  it('begin at 1 and rise by 1', () => {
    expect(found(sent().receive('q', 'a#1').receive('q', 'a#2'))).toEqual([])
  })

  it('are wrong when a number comes twice', () => {
    const story = sent().receive('q', 'a#1').receive('q', { value: 'a#1', handle: 'h' })
    expect(found(story)).toEqual([expect.stringMatching('twice with the receive count 1')])
  })

  it('are wrong when they fall', () => {
    expect(found(sent().receive('q', 'a#2').receive('q', 'a#1'))).toContainEqual(expect.stringMatching('fell'))
  })

  it('leave out only as many numbers as there are receives whose answers were lost', () => {
    expect(found(sent().receive('q', 'a#2'))).toEqual([expect.stringMatching('1 more than claims explain')])
    const story = sent()
    story.unknown(story.invokeReceive('q'))
    expect(found(story.receive('q', 'a#2'))).toEqual([])
    expect(found(story.receive('q', 'a#4'))).toEqual([])
    expect(found(story.receive('q', 'a#7'))).toHaveLength(1)
  })

  it('leave out nothing that a client which left long ago would explain, unless a fault kept the server from seeing that', () => {
    const left = (story: Story) => story.unknown(story.invokeReceive('q'), LEFT)
    const sendAfter = (ms: number, story: Story) => story.at(ms).send('q', 'a').receive('q', 'a#2')
    expect(found(sendAfter(500, left(new Story().queue('q'))))).toEqual([])
    expect(found(sendAfter(2_000, left(new Story().queue('q'))))).toHaveLength(1)
    expect(found(sendAfter(2_000, left(new Story().queue('q').fault('pause'))))).toEqual([])
  })
})
