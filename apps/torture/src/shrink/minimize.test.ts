import { expect, it } from '@jest/globals'
import { minimize } from './minimize.ts'

const numbers = Array.from({ length: 1_000 }, (_, i) => i)

it('what is needed is left, in its order, whatever there was besides', () => {
  const needed = [3, 500, 501, 999]
  expect(minimize(numbers, (part) => needed.every((each) => part.includes(each)))).toEqual(needed)
})

it('what is needed only together with something that is not, goes with it', () => {
  expect(minimize([1, 2, 3], (part) => part.includes(3) && (!part.includes(2) || part.includes(1)))).toEqual([3])
})

it('nothing is left of what nothing is needed of', () => {
  expect(minimize(numbers, () => true)).toEqual([])
  expect(minimize([], () => true)).toEqual([])
})
