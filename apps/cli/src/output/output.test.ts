import { describe, expect, test } from '@jest/globals'
import { age, duration } from './duration.ts'
import { plural } from './plural.ts'
import { excerpt, printable } from './printable.ts'
import { toTable } from './to-table.ts'

describe('what people read', () => {
  test.each([
    [0, '0s'],
    [0.4, '0s'],
    [59.6, '1m'],
    [3_600, '1h'],
    [3_725, '1h 2m'],
    [86_460, '1d'],
    [345_600, '4d'],
  ])('%p seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text)
  })

  test('nothing has no age', () => {
    expect(age(null)).toBeUndefined()
  })

  test('numbers have their words', () => {
    expect([plural(1, 'message'), plural(0, 'message'), plural(2_000, 'message')]).toEqual([
      '1 message',
      '0 messages',
      '2,000 messages',
    ])
  })

  test('control characters become escapes, and a long text ends in an ellipsis', () => {
    expect(printable('a\n\t\u001b[2J\u009b')).toBe('a\\n\\t\\u001b[2J\\u009b')
    expect(excerpt('abcdef', 4)).toBe('abc…')
    expect(excerpt('abcd', 4)).toBe('abcd')
  })

  test('tables align, numbers to the right, and wide characters count twice', () => {
    expect(
      toTable(
        ['name', 'n'],
        [
          ['漢字', 5],
          ['a', 1_000],
        ],
      ),
    ).toBe('NAME     N\n漢字     5\na     1000')
    expect(toTable(['name'], [[undefined]])).toBe('NAME\n-')
  })
})
