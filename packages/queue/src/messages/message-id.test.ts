import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { messageId } from './message-id.ts'

const place = fc.tuple(
  fc.integer({ min: 1_600_000_000_000, max: 2 ** 42 }),
  fc.integer({ min: 0, max: 2 ** 20 - 1 }),
  fc.integer({ min: -(2 ** 52), max: 2 ** 52 }).filter((lane) => lane !== 0),
)

describe('messageId', () => {
  it('is a UUID of version 7 for every place', () => {
    fc.assert(
      fc.property(place, (where) => {
        expect(messageId(...where)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      }),
    )
  })

  it('differs for different places', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(messageId(...a) === messageId(...b)).toBe(a.every((value, i) => value === b[i]))
      }),
    )
    const [ms, counter, lane] = [1_795_487_328_504, 5, 7] as const
    const neighbours: [number, number, number][] = [
      [ms, counter, lane],
      [ms + 1, counter, lane],
      [ms, counter + 1, lane],
      [ms, counter, lane + 1],
      [ms, counter, -lane],
      [ms, counter + 256, lane],
      [ms, counter + 4096, lane],
    ]
    expect(new Set(neighbours.map((where) => messageId(...where))).size).toBe(neighbours.length)
  })

  it('sorts by the send time', () => {
    expect(messageId(1_795_487_328_504, 1_048_575, 9) < messageId(1_795_487_328_505, 0, 1)).toBe(true)
  })
})
