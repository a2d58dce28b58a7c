import { expect, it } from '@jest/globals'
import { bytes, percent } from './bytes.ts'
import { count, duration } from './duration.ts'

it('durations are said in a unit that fits', () => {
  expect([0, 1, 59.6, 119, 2520, 5400, 7200, 90_000, 172_800].map(duration)).toEqual([
    ...['0 seconds', '1 second', '60 seconds', '119 seconds', '42 minutes', '90 minutes', '2 hours', '25 hours'],
    '2 days',
  ])
})

it('numbers, sizes and shares', () => {
  expect([count(1, 'session'), count(0, 'session'), count(12_000, 'message')]).toEqual([
    '1 session',
    '0 sessions',
    '12,000 messages',
  ])
  expect([0, 1023, 1024, 1536, 20 * 1024 ** 3, 5 * 1024 ** 5].map(bytes)).toEqual([
    ...['0 bytes', '1,023 bytes', '1 kB', '1.5 kB', '20 GB', '5,120 TB'],
  ])
  expect(percent(0.123)).toBe('12 %')
})
