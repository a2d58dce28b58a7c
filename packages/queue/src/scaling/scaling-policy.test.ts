import { describe, expect, it } from '@jest/globals'
import { QueueError } from '../errors.ts'
import type { ScalingPolicy } from '../types.ts'
import { drainSeconds } from './drain-seconds.ts'
import { areSamePolicies, checkScalingPolicy, DEFAULT_SCALING_POLICY, effectivePolicy } from './scaling-policy.ts'

function refusal(policy: unknown): QueueError {
  try {
    checkScalingPolicy(policy as ScalingPolicy)
  } catch (error) {
    if (error instanceof QueueError) return error
    throw error
  }
  throw new Error('the policy was not refused')
}

const first = { fromMessages: 0, consumers: 1 }

describe('a scaling policy', () => {
  it.each<ScalingPolicy>([
    DEFAULT_SCALING_POLICY,
    { steps: [first] },
    {
      steps: [
        { fromMessages: 0, consumers: 0 },
        { fromMessages: 1, backBelowMessages: 1, consumers: 1 },
      ],
    },
    { steps: [first, { fromMessages: 100, backBelowMessages: 100, consumers: 2 }], consumersMin: 0, consumersMax: 9 },
    { targetDrainSeconds: 1 },
    { targetDrainSeconds: 86_400, consumerCompletionsPerSecond: 0.01, consumersMin: 0, consumersMax: 10_000 },
    { targetDrainSeconds: 60, consumersMin: 50 },
    {
      targetDrainSeconds: 60,
      consumersMin: 1,
      consumersMax: 1,
      scaleInCooldownSeconds: 0,
      scaleOutCooldownSeconds: 86_400,
    },
  ])('is taken when all of it fits: %j', (policy) => {
    expect(() => checkScalingPolicy(policy)).not.toThrow()
  })

  it.each<[unknown, string, string]>([
    [{}, 'scaling', 'A scaling policy has either steps or targetDrainSeconds.'],
    [{ steps: [first], targetDrainSeconds: 60 }, 'scaling', 'A scaling policy has either steps or targetDrainSeconds.'],
    [[], 'scaling', 'scaling is an object.'],
    ['fast', 'scaling', 'scaling is an object.'],
    [{ steps: [first], max: 3 }, 'scaling.max', 'scaling.max is not a part of a scaling policy.'],
    [{ steps: [] }, 'scaling.steps', 'scaling.steps has 1 to 20 steps.'],
    [{ steps: Array(21).fill(first) }, 'scaling.steps', 'scaling.steps has 1 to 20 steps.'],
    [{ steps: {} }, 'scaling.steps', 'scaling.steps has 1 to 20 steps.'],
    [{ steps: [null] }, 'scaling.steps[0]', 'scaling.steps[0] is an object.'],
    [{ steps: [{ ...first, to: 5 }] }, 'scaling.steps[0].to', 'scaling.steps[0].to is not a part of a scaling policy.'],
    [
      { steps: [{ fromMessages: 0 }] },
      'scaling.steps[0].consumers',
      'scaling.steps[0].consumers is a whole number from 0 to 10000.',
    ],
    [
      { steps: [{ fromMessages: 1, consumers: 1 }] },
      'scaling.steps[0].fromMessages',
      'The first step begins at 0 messages.',
    ],
    [
      { steps: [{ fromMessages: 0, backBelowMessages: 1, consumers: 1 }] },
      'scaling.steps[0].backBelowMessages',
      'The first step has no backBelowMessages: there is none to go back to.',
    ],
    [
      { steps: [first, { fromMessages: 0, consumers: 2 }] },
      'scaling.steps[1].fromMessages',
      'scaling.steps[1] overlaps the step before it: fromMessages is 0, and must be more than 0.',
    ],
    [
      { steps: [first, { fromMessages: 10, consumers: 2 }, { fromMessages: 9, consumers: 3 }] },
      'scaling.steps[2].fromMessages',
      'scaling.steps[2] overlaps the step before it: fromMessages is 9, and must be more than 10.',
    ],
    [
      { steps: [first, { fromMessages: 10, consumers: 1 }] },
      'scaling.steps[1].consumers',
      'scaling.steps[1] asks for 1 consumers, and must ask for more than the step before it, 1.',
    ],
    [
      { steps: [first, { fromMessages: 10, backBelowMessages: 11, consumers: 2 }] },
      'scaling.steps[1].backBelowMessages',
      'scaling.steps[1] would be left before it is reached: backBelowMessages is 11, more than fromMessages, 10.',
    ],
    [
      { steps: [first, { fromMessages: 10, consumers: 2 }, { fromMessages: 20, backBelowMessages: 10, consumers: 3 }] },
      'scaling.steps[2].backBelowMessages',
      'scaling.steps[2] overlaps the step before it: backBelowMessages is 10, and must be more than 10.',
    ],
    [
      { steps: [first, { fromMessages: 1.5, consumers: 2 }] },
      'scaling.steps[1].fromMessages',
      'scaling.steps[1].fromMessages is a whole number from 0 to 1000000000.',
    ],
    [
      { steps: [first], consumersMax: 10_001 },
      'scaling.consumersMax',
      'scaling.consumersMax is a whole number from 1 to 10000.',
    ],
    [
      { targetDrainSeconds: 60, consumersMin: 4, consumersMax: 3 },
      'scaling.consumersMin',
      'scaling.consumersMin is 4, more than consumersMax, 3.',
    ],
    [
      { steps: [first], consumersMin: 2 },
      'scaling.consumersMin',
      'scaling.consumersMin is 2, more than consumersMax, 1.',
    ],
    [
      { steps: [first, { fromMessages: 10, consumers: 8 }], consumersMax: 5 },
      'scaling.steps[1].consumers',
      'scaling.steps[1].consumers is 8, outside of consumersMin and consumersMax, 1 to 5.',
    ],
    [
      { steps: [first, { fromMessages: 10, consumers: 8 }], consumersMin: 2 },
      'scaling.steps[0].consumers',
      'scaling.steps[0].consumers is 1, outside of consumersMin and consumersMax, 2 to 8.',
    ],
    [
      { targetDrainSeconds: 0 },
      'scaling.targetDrainSeconds',
      'scaling.targetDrainSeconds is a whole number from 1 to 86400.',
    ],
    [
      { targetDrainSeconds: 60, scaleInCooldownSeconds: -1 },
      'scaling.scaleInCooldownSeconds',
      'scaling.scaleInCooldownSeconds is a whole number from 0 to 86400.',
    ],
    [
      { targetDrainSeconds: 60, scaleOutCooldownSeconds: 86_401 },
      'scaling.scaleOutCooldownSeconds',
      'scaling.scaleOutCooldownSeconds is a whole number from 0 to 86400.',
    ],
    [
      { targetDrainSeconds: 60, consumerCompletionsPerSecond: 0 },
      'scaling.consumerCompletionsPerSecond',
      'scaling.consumerCompletionsPerSecond is a number above 0, up to 1000000.',
    ],
    [
      { steps: [first], consumerCompletionsPerSecond: 1 },
      'scaling.consumerCompletionsPerSecond',
      'scaling.consumerCompletionsPerSecond is for targetDrainSeconds; steps do not ask for it.',
    ],
  ])('is refused as a whole, with a word about %j', (policy, field, message) => {
    const { code, details, message: text } = refusal(policy)
    expect([code, details.field, text]).toEqual(['invalidArgument', field, message])
  })

  it('shows every value that holds, the default policy too', () => {
    expect(effectivePolicy(undefined)).toEqual({
      steps: [
        { fromMessages: 0, consumers: 2 },
        { fromMessages: 1_000, backBelowMessages: 500, consumers: 5 },
        { fromMessages: 10_001, backBelowMessages: 10_001, consumers: 10 },
      ],
      consumersMin: 2,
      consumersMax: 10,
      scaleInCooldownSeconds: 0,
      scaleOutCooldownSeconds: 0,
    })
    expect(effectivePolicy({ targetDrainSeconds: 30 })).toEqual({
      targetDrainSeconds: 30,
      consumersMin: 1,
      consumersMax: 10,
      scaleInCooldownSeconds: 60,
      scaleOutCooldownSeconds: 0,
    })
    expect(effectivePolicy({ targetDrainSeconds: 30, consumersMin: 50 })).toMatchObject({
      consumersMin: 50,
      consumersMax: 50,
    })
    expect(effectivePolicy(effectivePolicy(undefined))).toEqual(effectivePolicy(undefined))
  })

  it('is the same in another order of its members, and with absent ones said', () => {
    const a = { targetDrainSeconds: 5, consumersMax: 3 }
    expect(areSamePolicies(a, { consumersMax: 3, targetDrainSeconds: 5 })).toBe(true)
    expect(areSamePolicies(a, { ...a, consumersMin: 1 })).toBe(false)
    expect(areSamePolicies(undefined, undefined)).toBe(true)
    expect(areSamePolicies(a, undefined)).toBe(false)
  })
})

describe('the time to drain', () => {
  it.each([
    [0, 0, 0, 0],
    [0, 5, 0, 0],
    [100, 0, 10, 10],
    [100, 5, 10, 20],
    [100, 10, 10, null],
    [100, 11, 10, null],
    [100, 0, 0, null],
  ])('of %d messages, %d a second arriving and %d completed, is %j', (outstanding, arrivals, completions, seconds) => {
    expect(drainSeconds(outstanding, { arrivalsPerSecond: arrivals, completionsPerSecond: completions })).toBe(seconds)
  })
})
