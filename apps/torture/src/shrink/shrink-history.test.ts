import { describe, expect, it } from '@jest/globals'
import type { Checker } from '../checkers/checker.ts'
import { fifoOrder } from '../checkers/fifo-order.ts'
import { lostMessages } from '../checkers/lost-messages.ts'
import { Story } from '../checkers/story.ts'
import { describeEvents } from './describe-events.ts'
import { shrinkHistory } from './shrink-history.ts'

function shrink(checker: Checker, story: Story) {
  const { violations } = checker.check(story.history)
  const [violation] = violations
  if (violation === undefined) throw new Error('the story shows no violation')
  return { violation, events: shrinkHistory(story.history.events, checker, violation) }
}

/** Much that has nothing to do with it, before, between and after. */
function noise(story: Story, queue: string, from: number): Story {
  for (let i = from; i < from + 30; i++) {
    story.send(queue, `n${i}`).receive(queue, `n${i}`).delete(queue, `n${i}#1`)
  }
  return story
}

function lost(): Story {
  const story = noise(new Story().queue('q').queue('other'), 'q', 0)
  story.sendBatch('q', { b: {}, lost: {}, c: {} }).fault('kill')
  noise(story, 'other', 100).receive('q', 'b', 'c').delete('q', 'b#1', 'c#1')
  return noise(story, 'q', 200).rest().drain().end()
}

describe('a violation', () => {
  it('of a lost message is left with its send and the clean end', () => {
    const { events, violation } = shrink(lostMessages, lost())
    expect(events.map(({ type }) => type)).toEqual(['queue', 'invoke', 'ok', 'phase'])
    expect(events[1]).toMatchObject({ operation: { queue: 'q', messages: [{ value: 'lost' }] } })
    expect(violation.text).toMatch(/^lost .* never received$/)
  })

  it('of FIFO order is left with both sends and the receive that shows it', () => {
    const group = { group: 'g' }
    const story = noise(new Story().queue('q.fifo').queue('q'), 'q', 0)
    story.sendBatch('q.fifo', {
      a: { ...group, sequenceNumber: '1' },
      b: { ...group, sequenceNumber: '2' },
      c: { ...group, sequenceNumber: '3' },
    })
    noise(story, 'q', 100).receive('q.fifo', { value: 'b', ...group, sequenceNumber: '2' })
    const { events } = shrink(fifoOrder, noise(story, 'q', 200))
    expect(
      describeEvents(events)
        .split('\n')
        .map((line) => line.replace(/^ *\d+\.0 ms {2}/, '')),
    ).toEqual([
      'queue q.fifo, fifo',
      expect.stringMatching(/^#91 c1 asks s1 \(json\): send to q\.fifo: a \{"group":"g"\}$/),
      '#91 ok: id-a number 1',
      expect.stringMatching(/receive from q\.fifo: up to 10/),
      expect.stringMatching(/ok: b for the time 1, number 2, handle b#1$/),
    ])
  })

  it('is shrunk to the same each time', () => {
    expect(shrink(lostMessages, lost()).events).toEqual(shrink(lostMessages, lost()).events)
  })
})
