import { expect, it } from '@jest/globals'
import { judge } from './judge.ts'
import { type Claim, claimOf, claimsOf, Violation } from './rest-api.ts'

const verdict = (claim: Claim, count: number) => judge(new Map([['a', claim]]), new Map([['a', count]]))

it('is content with answers that are true', () => {
  expect([verdict('done', 1), verdict('notDone', 0), verdict('unknown', 0), verdict('unknown', 1)].flat()).toEqual([])
})

it('finds a success without its effect, a refusal with it, and what was done twice whatever was said', () => {
  expect(verdict('done', 0)).toEqual(['a was answered as done, and was not'])
  expect(verdict('notDone', 1)).toEqual(['a was answered as not done, and was'])
  for (const claim of ['done', 'notDone', 'unknown'] as const) expect(verdict(claim, 2)).toHaveLength(1)
})

it('finds an entry that was forgotten', () => {
  expect(judge(new Map(), new Map([['a', 0]]))).toEqual(['nothing was said about a'])
})

it('takes for a refusal only what says that nothing was done', () => {
  const answer = (status: number, code: string, mayRetry = false) => claimOf({ status, body: { code }, mayRetry })
  expect(answer(204, '')).toBe('done')
  expect(answer(503, 'unavailable', true)).toBe('notDone')
  expect(answer(503, 'outcomeUnknown')).toBe('unknown')
  expect(() => answer(503, 'outcomeUnknown', true)).toThrow(Violation)
  expect(() => answer(500, 'internalError')).toThrow(Violation)
  expect(() => answer(404, 'queueNotFound')).toThrow(Violation)
})

it('reads the outcome of each entry', () => {
  const results = [{ messageId: '1' }, { error: { code: 'outcomeUnknown' } }, { error: { code: 'unavailable' } }]
  expect([...claimsOf({ status: 200, body: { results }, mayRetry: false }, ['a', 'b', 'c'])]).toEqual([
    ['a', 'done'],
    ['b', 'unknown'],
    ['c', 'notDone'],
  ])
})
