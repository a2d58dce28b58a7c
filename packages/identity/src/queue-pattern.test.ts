import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isQueuePattern, matchesQueuePattern } from './queue-pattern.ts'

describe('a queue pattern', () => {
  it.each([
    ['*', 'orders', true],
    ['*', '', true],
    ['orders', 'orders', true],
    ['orders', 'orders-2', false],
    ['orders', 'Orders', false],
    ['orders-*', 'orders-eu', true],
    ['orders-*', 'orders', false],
    ['*.fifo', 'orders.fifo', true],
    ['*.fifo', 'ordersxfifo', false],
    ['a*a', 'a', false],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'acb', false],
    ['a**c', 'ac', true],
    ['*ab*ab', 'ab', false],
  ])('%s reaches %s: %s', (pattern, name, expected) => {
    expect(matchesQueuePattern(pattern, name)).toBe(expected)
  })

  it('says the same as a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 })
    fc.assert(
      fc.property(text, fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 }), (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)
        expect(matchesQueuePattern(pattern, name)).toBe(expression.test(name))
      }),
    )
  })

  it('holds what a queue name can hold, and stars', () => {
    expect(['*', 'a-b_c.fifo', 'A*9'].every(isQueuePattern)).toBe(true)
    expect(['', 'a b', 'a/b', 'ä', 'a'.repeat(81)].some(isQueuePattern)).toBe(false)
  })
})
