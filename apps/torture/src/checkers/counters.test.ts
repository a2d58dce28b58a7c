import { describe, expect, it } from '@jest/globals'
import { counters } from './counters.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(counters, story)
const two = () => new Story().queue('q').send('q', 'a').send('q', 'b')

describe('counters', () => {
  it('are right when the drain brings what was counted at rest', () => {
    const story = two().rest().count('q', 1, { inFlight: 1 }).count('q', 2, { server: 's2' }).drain()
    expect(found(story.receive('q', 'a').receive('q', 'b').receive('q', 'a#2').count('q', 0).end())).toEqual([])
  })

  it('are wrong when more or less comes out', () => {
    const story = two().rest().count('q', 3).drain().receive('q', 'a', 'b').end()
    expect(found(story)).toEqual([expect.stringMatching('counted 3 messages at rest, and 2 came out')])
  })

  it('are wrong when servers count differently at rest', () => {
    const story = two().rest().count('q', 2).count('q', 3, { server: 's2' }).drain()
    expect(found(story.receive('q', 'a', 'b').end())).toEqual([expect.stringMatching('2 at s1 and 3 at s2')])
  })

  it('are wrong below zero, at any time', () => {
    expect(found(two().count('q', -1))).toEqual([expect.stringMatching('less than nothing')])
  })

  it('are wrong when something is counted and does not come out', () => {
    const story = two().rest().count('q', 3).drain().receive('q', 'a', 'b').count('q', 1).end(false)
    expect(found(story)).toEqual([expect.stringMatching('nothing more comes out')])
  })

  it('take dead letters together with their source', () => {
    const story = two()
      .queue('q', { deadLetter: { queue: 'dead', receiveCountMax: 1 } })
      .queue('dead')
      .rest()
    story.count('q', 2).count('dead', 0).drain().receive('q', 'a').receive('dead', 'b#2')
    expect(found(story.end())).toEqual([])
  })
})
