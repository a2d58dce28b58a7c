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
