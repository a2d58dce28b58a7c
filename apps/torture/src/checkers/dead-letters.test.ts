import { describe, expect, it } from '@jest/globals'
import { deadLetters } from './dead-letters.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(deadLetters, story)
const sent = () =>
  new Story()
    .queue('q', { deadLetter: { queue: 'dead', receiveCountMax: 2 } })
    .queue('dead')
    .send('q', 'a')

describe('dead letters', () => {
  it('move after as many deliveries as are allowed', () => {
    expect(found(sent().receive('q', 'a#1').receive('q', 'a#2').receive('dead', 'a#3', 'a#4'))).toEqual([])
  })

  it('do not move before', () => {
    expect(found(sent().receive('q', 'a#1').receive('dead', 'a#2'))).toEqual([expect.stringMatching('delivery 2 of 2')])
  })

  it('are not delivered once more by their queue', () => {
    expect(found(sent().receive('q', 'a#3'))).toEqual([expect.stringMatching('for the time 3')])
  })

  it('are in one place', () => {
    const story = sent().receive('dead', 'a#3').receive('q', 'a#2')
    expect(found(story)).toEqual([expect.stringMatching('after it had become a dead letter')])
  })
})
