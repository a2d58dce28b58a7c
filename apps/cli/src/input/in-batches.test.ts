import { expect, test } from '@jest/globals'
import { inBatches } from './in-batches.ts'

test('batches are bounded by count and by size, keep the order, and lose nothing', async () => {
  const batches: string[][] = []
  const limits = { countMax: 3, bytesMax: 5, bytesOf: (text: string) => text.length }
  for await (const batch of inBatches(['a', 'b', 'c', 'd', 'eeeee', 'f', 'ggggggg', 'h'], limits)) batches.push(batch)
  expect(batches).toEqual([['a', 'b', 'c'], ['d'], ['eeeee'], ['f'], ['ggggggg'], ['h']])
})
