import { expect, it } from '@jest/globals'
import { lostQueues } from './lost-queues.ts'
import { findingsOf, Story } from './story.ts'

/** A queue is created, something may happen to it, and then nobody knows it. */
function notFoundAfter(meanwhile: (story: Story) => unknown): readonly string[] {
  const story = new Story().queue('q').act('createQueue', 'q').send('q', 'a')
  meanwhile(story)
  return findingsOf(lostQueues, story.fail(story.invokeSend('q', 'b'), '400 QueueDoesNotExist'))
}

it('a queue that was created is known', () => {
  expect(notFoundAfter(() => {})).toEqual(['q was created, and s1 does not know it: 400 QueueDoesNotExist'])
  expect(notFoundAfter((story) => story.act('deleteQueue', 'q').act('createQueue', 'q'))).toHaveLength(1)
  expect(notFoundAfter((story) => story.fail(story.invoke({ kind: 'deleteQueue', queue: 'q' })))).toHaveLength(1)
})

it('until somebody may have deleted it', () => {
  expect(notFoundAfter((story) => story.act('deleteQueue', 'q'))).toEqual([])
  expect(notFoundAfter((story) => story.invoke({ kind: 'deleteQueue', queue: 'q' }))).toEqual([])
  expect(
    notFoundAfter((story) => story.unknown(story.invoke({ kind: 'deleteQueue', queue: 'q' })).act('createQueue', 'q')),
  ).toEqual([])
})

it('and a refusal for another reason is nothing of that kind', () => {
  const story = new Story().queue('q').act('createQueue', 'q')
  expect(findingsOf(lostQueues, story.fail(story.invokeSend('q', 'b'), '400 InvalidMessageContents'))).toEqual([])
})
