import { describe, expect, it } from '@jest/globals'
import { scalingWords } from './scaling-words.ts'

describe('a scaling policy in words', () => {
  it('says every step and where it is left', () => {
    expect(
      scalingWords({
        steps: [
          { fromMessages: 0, consumers: 1 },
          { fromMessages: 1_000, backBelowMessages: 500, consumers: 5 },
        ],
        consumersMax: 8,
      }),
    ).toEqual([
      '1 consumer from 0 outstanding messages on.',
      '5 consumers from 1,000 outstanding messages on, until there are fewer than 500 again.',
      'Never more than 8.',
    ])
  })

  it('says the time within which all must be done', () => {
    expect(
      scalingWords({ targetDrainSeconds: 90, consumersMin: 0, scaleInCooldownSeconds: 60, scaleOutCooldownSeconds: 5 }),
    ).toEqual([
      'As many consumers as get everything done within 1 min 30 s; what one of them does is measured.',
      'Never fewer than 0.',
      'Fewer at the earliest 1 min after the last change.',
      'More at the earliest 5 s after the last change.',
    ])
  })
})
