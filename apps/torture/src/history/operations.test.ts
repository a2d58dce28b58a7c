import { describe, expect, it } from '@jest/globals'
import { Story } from '../checkers/story.ts'
import { operationsIn } from './operations.ts'

const counted = (story: Story) => operationsIn(story.history.events)

describe('an operation', () => {
  it('is each entry of a batch, each message of a receive, and a receive that brought none', () => {
    const story = new Story().queue('q').sendBatch('q', { a: {}, b: {}, c: {} }).receive('q', 'a', 'b').receive('q')
    expect(counted(story.count('q', 1))).toEqual({ acknowledged: 3 + 2 + 1 + 1, refused: 0, unknown: 0 })
  })

  it('is counted by what became of the entry', () => {
    const story = new Story().queue('q').receive('q', 'a', 'b', 'c')
    const id = story.invoke({ kind: 'delete', queue: 'q', handles: ['a#1', 'b#1', 'c#1'] })
    const entries = [{ outcome: 'ok' }, { outcome: 'fail', code: 'x' }, { outcome: 'unknown', code: 'y' }] as const
    expect(counted(story.ok(id, { kind: 'delete', entries }))).toEqual({ acknowledged: 4, refused: 1, unknown: 1 })
  })

  it('is a whole request that was refused or has no answer, and none that never left', () => {
    const story = new Story().queue('q')
    const send = () =>
      story.invoke({
        kind: 'send',
        queue: 'q',
        messages: [
          { value: 'a', md5: 'm' },
          { value: 'b', md5: 'm' },
        ],
      })
    story.fail(send(), '400 x').fail(send(), 'ECONNREFUSED').unknown(send())
    send()
    expect(counted(story)).toEqual({ acknowledged: 0, refused: 1, unknown: 2 })
  })
})
