import { expect, it } from '@jest/globals'
import { replaceOnce } from './replace-once.ts'

it('a text that is not there, or more than once, is not replaced in silence', () => {
  expect(replaceOnce('a b c', { find: 'b', replace: 'x' }, 'letters')).toBe('a x c')
  expect(() => replaceOnce('a b c', { find: 'd', replace: 'x' }, 'letters')).toThrow('letters has 0 times')
  expect(() => replaceOnce('a b b', { find: 'b', replace: 'x' }, 'letters')).toThrow('letters has 2 times')
})
