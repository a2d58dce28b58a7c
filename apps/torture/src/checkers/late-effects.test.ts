import { describe, expect, it } from '@jest/globals'
import { lateEffects } from './late-effects.ts'
import { findingsOf, Story } from './story.ts'

const Q = 'q.fifo'
const found = (story: Story) => findingsOf(lateEffects, story)
const numbered = (value: string, sequenceNumber: string) => ({ value, sequenceNumber, group: 'g' })

/** A send without an answer, another one after some time, and then both come out. */
function story({
  afterMs,
  numbers = ['2', '1'],
  begin = new Story().queue(Q),
}: {
  readonly afterMs: number
  readonly numbers?: readonly [string, string]
  readonly begin?: Story
}): Story {
  const id = begin.invokeSend(Q, 'late', { group: 'g' })
  begin.at(afterMs).send(Q, 'next', { group: 'g', sequenceNumber: numbers[1] }).unknown(id)
  return begin.receive(Q, numbered('next', numbers[1]), numbered('late', numbers[0]))
}

describe('a send without an answer', () => {
  it('may take effect until its deadline', () => {
    expect(found(story({ afterMs: 9_000 }))).toEqual([])
  })

  it('has not taken effect late when its number is the lower one', () => {
    expect(found(story({ afterMs: 20_000, numbers: ['1', '2'] }))).toEqual([])
  })

  it('does not take effect after its deadline', () => {
    expect(found(story({ afterMs: 20_000 }))).toEqual([expect.stringMatching('stored late more than 19999 ms after')])
  })

  it('is not late when the server that it was sent to stood still', () => {
    const begin = new Story().queue(Q).send(Q, 'a', { group: 'g' })
    begin.pause()
    expect(lateEffects.check(story({ afterMs: 20_000, begin }).history).violations).toEqual([])
  })
})
