import { describe, expect, it } from '@jest/globals'
import { leases } from './leases.ts'
import { receiveCounts } from './receive-counts.ts'
import { receiveRetries } from './receive-retries.ts'
import { findingsOf, Story } from './story.ts'

const Q = 'q.fifo'
const found = (story: Story) => findingsOf(receiveRetries, story)
const begun = () => new Story().queue(Q).send(Q, 'a').send(Q, 'b').send(Q, 'c').attempt(Q, 'x', 'a', 'b')

describe('a receive that is made again', () => {
  it('brings the same, uncounted, and nobody is surprised', () => {
    const story = begun().at(4_000).attempt(Q, 'x', 'a', 'b').at(12_000).attempt(Q, 'x', 'a', 'b')
    expect(found(story)).toEqual([])
    expect(findingsOf(receiveCounts, story)).toEqual([])
    expect(leases.check(story.history).violations).toEqual([])
  })

  it('begins the leases anew', () => {
    const story = begun().at(9_000).attempt(Q, 'x', 'a', 'b').at(15_000).receive(Q, 'a#2')
    expect(findingsOf(leases, story)).toEqual([expect.stringMatching('delivered a at 15001 ms')])
    expect(findingsOf(leases, begun().at(15_000).receive(Q, 'a#2'))).toEqual([])
  })

  it.each([
    ['nothing', []],
    ['a part', ['a']],
    ['other deliveries', ['a#2', 'b#2']],
    ['more', ['a', 'b', 'c']],
  ])('does not bring %s', (_, deliveries) => {
    expect(found(begun().attempt(Q, 'x', ...deliveries))).toEqual([expect.stringMatching('when it was made again')])
  })

  it('is an ordinary one when something was deleted, changed or is over', () => {
    expect(receiveRetries.check(begun().delete(Q, 'a#1').attempt(Q, 'x').history).violations).toEqual([])
    expect(receiveRetries.check(begun().change(Q, 'b#1', 20).attempt(Q, 'x').history).violations).toEqual([])
    expect(receiveRetries.check(begun().at(11_000).attempt(Q, 'x', 'a#2').history).violations).toEqual([])
  })

  it('does not bring what was deleted or changed', () => {
    expect(found(begun().delete(Q, 'a#1').attempt(Q, 'x', 'a', 'b'))).toEqual([
      expect.stringMatching('brought a again, although its handle had been used'),
    ])
    expect(found(begun().change(Q, 'b#1', 20).attempt(Q, 'x', 'a', 'b'))).toHaveLength(1)
  })

  it('brings the same bodies', () => {
    const story = begun().attempt(Q, 'x', { value: 'a', md5: 'other' }, 'b')
    expect(found(story)).toEqual([expect.stringMatching('brought a again with something else in it')])
  })

  it('may have begun the leases anew when its answer was lost', () => {
    const story = begun().at(9_000)
    story
      .unknown(story.invokeReceive(Q, { attemptId: 'x' }))
      .at(15_000)
      .attempt(Q, 'x')
    expect(receiveRetries.check(story.history).violations).toEqual([])
  })

  it('is not to be had with another id', () => {
    const story = begun().attempt(Q, 'y', 'a', 'b')
    expect(findingsOf(receiveCounts, story)).toHaveLength(2)
  })
})
