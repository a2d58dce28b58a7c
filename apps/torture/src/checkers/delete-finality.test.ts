import { describe, expect, it } from '@jest/globals'
import { deleteFinality } from './delete-finality.ts'
import { findingsOf, Story } from './story.ts'

const found = (story: Story) => findingsOf(deleteFinality, story)
const received = (queue = 'q') => new Story().queue(queue).send(queue, 'a').at(1_000).receive(queue, 'a#1')

describe('a deletion that was acknowledged', () => {
  it('is final', () => {
    expect(found(received().delete('q', 'a#1').receive('q'))).toEqual([])
    const again = received().delete('q', 'a#1').at(20_000).receive('q', 'a#2')
    expect(found(again)).toEqual([expect.stringMatching('delivered a again')])
  })

  it('is final although a claim was lost in between, when it came during the lease', () => {
    expect(found(received().delete('q', 'a#1').at(50_000).receive('q', 'a#3'))).toHaveLength(1)
  })

  it('may have been one with a superseded handle when the lease was over', () => {
    expect(found(received().at(20_000).delete('q', 'a#1').at(50_000).receive('q', 'a#3'))).toEqual([])
    expect(found(received().at(20_000).delete('q', 'a#1').at(50_000).receive('q', 'a#2'))).toHaveLength(1)
  })

  it('is final on a FIFO queue, which refuses superseded handles', () => {
    const story = received('q.fifo').at(20_000).delete('q.fifo', 'a#1').at(50_000).receive('q.fifo', 'a#3')
    expect(found(story)).toHaveLength(1)
  })

  it('says nothing about a receive that was under way', () => {
    const story = received()
    const receive = story.invokeReceive('q')
    expect(found(story.delete('q', 'a#1').received(receive, 'a#2'))).toEqual([])
  })
})
