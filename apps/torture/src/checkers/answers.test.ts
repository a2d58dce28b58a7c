import { expect, it } from '@jest/globals'
import { answers } from './answers.ts'
import { findingsOf, Story } from './story.ts'

const refused = (code: string) => {
  const story = new Story().queue('q')
  return story.unknown(story.invokeSend('q', 'a'), code)
}

it('a 503 may be, a 500 may not', () => {
  expect(findingsOf(answers, refused('503 unavailable'))).toEqual([])
  expect(findingsOf(answers, refused('500 InternalFailure'))).toEqual(['a request was answered 500 InternalFailure'])
})

it('no message that is sent is wrong, so none is refused as if it were', () => {
  const story = (code: string) => {
    const all = new Story().queue('q')
    return all.fail(all.invokeSend('q', 'a'), code)
  }
  expect(findingsOf(answers, story('400 QueueDoesNotExist'))).toEqual([])
  expect(findingsOf(answers, story('400 InvalidParameterValue'))).toHaveLength(1)
})
