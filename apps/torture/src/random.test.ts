import { expect, it } from '@jest/globals'
import { Random } from './random.ts'

const draw = (random: Random) => Array.from({ length: 1_000 }, () => random.next())

it('the same seed chooses the same, another one and a part choose otherwise', () => {
  expect(draw(new Random(7))).toEqual(draw(new Random(7)))
  expect(draw(new Random(8))).not.toEqual(draw(new Random(7)))
  expect(draw(new Random(7).fork('a'))).not.toEqual(draw(new Random(7).fork('b')))
})

it('choices are spread evenly over their range', () => {
  const random = new Random('even')
  const counts = [0, 0, 0, 0]
  for (let i = 0; i < 4_000; i++) {
    const choice = random.between(0, 3)
    counts[choice] = (counts[choice] ?? 0) + 1
  }
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  expect(random.shuffle([1, 2, 3]).sort()).toEqual([1, 2, 3])
})
