import { expect, it } from '@jest/globals'
import { delays } from './delays.ts'
import { findingsOf, Story } from './story.ts'

const delayed = () => new Story().queue('q').at(1_000).send('q', 'a', { delaySeconds: 2 })

it('a message with a delay may come when it is over, and not before', () => {
  expect(findingsOf(delays, delayed().at(3_000).receive('q', 'a'))).toEqual([])
  expect(findingsOf(delays, delayed().at(2_500).receive('q', 'a'))).toEqual([expect.stringMatching('before its delay')])
})
