import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ScalingPolicy } from '../types.ts'
import { decideConsumers, type ScalingDecision, type ScalingInput } from './decide-consumers.ts'
import { effectivePolicy } from './scaling-policy.ts'

const T = 1_800_000_000_000

interface Scene {
  readonly policy?: ScalingPolicy
  readonly input?: Partial<ScalingInput>
  readonly previous?: number | ScalingDecision | undefined
  readonly nowMs?: number
}

/** The rule with what a test does not care about filled in; a previous number is an hour old. */
function decide({ policy, input, previous, nowMs = T }: Scene) {
  const before = typeof previous === 'number' ? { consumers: previous, sinceMs: nowMs - 3_600_000 } : previous
  const full = { outstanding: 0, arrivalsPerSecond: 0, consumerCompletionsPerSecond: undefined, ...input }
  return decideConsumers(effectivePolicy(policy), full, before, nowMs)
}

/** Lets the rule decide one depth after the other, a second apart. */
function follow(depths: readonly number[], policy?: ScalingPolicy): number[] {
  let previous: ScalingDecision | undefined
  return depths.map((outstanding, second) => {
    previous = decide({ policy: policy as ScalingPolicy, input: { outstanding }, previous, nowMs: T + second * 1_000 })
    return previous.consumers
  })
}

describe('the default policy', () => {
  it.each([
    [0, 2],
    [499, 2],
    [500, 2],
    [999, 2],
    [1_000, 5],
    [9_999, 5],
    [10_000, 5],
    [10_001, 10],
    [100_000, 10],
  ])('asks, at %d outstanding messages and nothing decided before, for %d consumers', (outstanding, consumers) => {
    expect(decide({ input: { outstanding } }).consumers).toBe(consumers)
  })

  it.each([
    [2, 999, 2],
    [2, 1_000, 5],
    [2, 10_001, 10],
    [5, 10_001, 10],
    [5, 10_000, 5],
    [5, 1_000, 5],
    [5, 999, 5],
    [5, 500, 5],
    [5, 499, 2],
    [5, 0, 2],
    [10, 10_001, 10],
    [10, 10_000, 5],
    [10, 1_000, 5],
    [10, 999, 5],
    [10, 500, 5],
    [10, 499, 2],
  ])('goes from %d consumers at %d messages to %d', (previous, outstanding, consumers) => {
    expect(decide({ input: { outstanding }, previous }).consumers).toBe(consumers)
  })

  it('does not flap while the depth does around a threshold', () => {
    expect(follow([999, 1_000, 999, 1_000, 501, 500, 1_000, 499, 500, 999, 1_000])).toEqual([
      2, 5, 5, 5, 5, 5, 5, 2, 2, 2, 5,
    ])
  })

  it('keeps the moment of the last change as long as the number stays', () => {
    const previous = { consumers: 5, sinceMs: T - 5_000 }
    expect(decide({ input: { outstanding: 700 }, previous })).toMatchObject({ consumers: 5, sinceMs: T - 5_000 })
    expect(decide({ input: { outstanding: 100 }, previous })).toMatchObject({ consumers: 2, sinceMs: T })
  })

  it.each([
    [{ input: { outstanding: 0 } }, '0 messages are outstanding; below 1,000 the policy asks for 2 consumers.'],
    [{ input: { outstanding: 1 } }, '1 message is outstanding; below 1,000 the policy asks for 2 consumers.'],
    [
      { input: { outstanding: 1_234 } },
      '1,234 messages are outstanding; from 1,000 to 10,000 the policy asks for 5 consumers.',
    ],
    [
      { input: { outstanding: 20_000 } },
      '20,000 messages are outstanding; from 10,001 on the policy asks for 10 consumers.',
    ],
    [
      { input: { outstanding: 700 }, previous: 5 },
      '700 messages are outstanding. That is not below 500, where 5 consumers give way to fewer.',
    ],
  ])('says why: %#', (scene, reason) => {
    expect(decide(scene).reason).toBe(reason)
  })
})

describe('steps of a policy', () => {
  const steps = [
    { fromMessages: 0, consumers: 0 },
    { fromMessages: 1, backBelowMessages: 1, consumers: 1 },
    { fromMessages: 100, backBelowMessages: 50, consumers: 4 },
    { fromMessages: 1_000, backBelowMessages: 400, consumers: 9 },
  ]

  it('may end at no consumers at all', () => {
    expect(follow([0, 1, 0], { steps })).toEqual([0, 1, 0])
  })

  it('are left one after the other, each at its own threshold', () => {
    expect(follow([1_000, 400, 399, 50, 49, 1, 0], { steps })).toEqual([9, 9, 4, 4, 1, 1, 0])
  })

  it('bind at once after a change of the policy, whatever was decided by the old one', () => {
    const policy = { steps: [{ fromMessages: 0, consumers: 3 }], scaleInCooldownSeconds: 600 }
    const previous = { consumers: 50, sinceMs: T - 1_000 }
    expect(decide({ policy, previous })).toMatchObject({ consumers: 3, sinceMs: T })
  })
})

describe('a cool-down', () => {
  const steps = [
    { fromMessages: 0, consumers: 1 },
    { fromMessages: 100, consumers: 5 },
  ]
  const policy = { steps, scaleInCooldownSeconds: 60 }

  it('holds a larger number until it is over, to the millisecond', () => {
    const at = (elapsedMs: number) => decide({ policy, previous: { consumers: 5, sinceMs: T - elapsedMs } }).consumers
    expect([at(0), at(59_999), at(60_000)]).toEqual([5, 5, 1])
  })

  it('says that it holds, and how long', () => {
    const { reason, sinceMs } = decide({ policy, previous: { consumers: 5, sinceMs: T - 18_000 } })
    expect(reason).toBe(
      '0 messages are outstanding; below 100 the policy asks for 1 consumer. It stays at 5 until the cool-down is over, in 42 seconds.',
    )
    expect(sinceMs).toBe(T - 18_000)
  })

  it('lets a larger number through at once, unless it has one of its own', () => {
    const input = { outstanding: 100 }
    const previous = { consumers: 1, sinceMs: T - 1_000 }
    expect(decide({ policy, input, previous }).consumers).toBe(5)
    const slow = { ...policy, scaleOutCooldownSeconds: 2 }
    expect(decide({ policy: slow, input, previous }).consumers).toBe(1)
    expect(decide({ policy: slow, input, previous: { ...previous, sinceMs: T - 2_000 } }).consumers).toBe(5)
  })

  it('begins again when the clock was set back, and is not waited for until the old moment', () => {
    const held = decide({ policy, previous: { consumers: 5, sinceMs: T + 86_400_000 } })
    expect(held).toMatchObject({ consumers: 5, sinceMs: T })
    expect(decide({ policy, previous: held, nowMs: T + 60_000 }).consumers).toBe(1)
  })

  it('leaves a number between changes no shorter than itself, however the depth jumps', () => {
    const depths = Array.from({ length: 240 }, (_, second) => (second % 2 === 0 ? 100 : 0))
    const consumers = follow(depths, policy)
    const changes = consumers.flatMap((value, second) =>
      second > 0 && value !== consumers[second - 1] ? [second] : [],
    )
    // Down after a minute, up a second later, and so on.
    expect(changes).toEqual([61, 62, 123, 124, 185, 186])
  })
})

describe('a target drain time', () => {
  const policy: ScalingPolicy = { targetDrainSeconds: 100, consumerCompletionsPerSecond: 2, consumersMax: 50 }
  const given = { consumerCompletionsPerSecond: 2 }

  it.each([
    [0, 0, 1],
    [1, 0, 1],
    [200, 0, 1],
    [201, 0, 2],
    [400, 0, 2],
    [10_000, 0, 50],
    [10_001, 0, 50],
    [400, 2, 3],
    [0, 7, 4],
  ])(
    'takes, for %d outstanding messages and %d a second that arrive, %d consumers',
    (outstanding, arriving, consumers) => {
      expect(decide({ policy, input: { ...given, outstanding, arrivalsPerSecond: arriving } }).consumers).toBe(
        consumers,
      )
    },
  )

  it('is not off by one because of fractions', () => {
    const tenth = { targetDrainSeconds: 10, consumersMax: 100 }
    expect(decide({ policy: tenth, input: { outstanding: 3, consumerCompletionsPerSecond: 0.1 } }).consumers).toBe(3)
    expect(decide({ policy: tenth, input: { outstanding: 7, consumerCompletionsPerSecond: 0.7 } }).consumers).toBe(1)
  })

  it('keeps what there is, one at least, while nobody knows what a consumer completes', () => {
    expect(decide({ policy, input: { outstanding: 5_000 } }).consumers).toBe(1)
    expect(decide({ policy, input: { outstanding: 5_000 }, previous: 7 }).consumers).toBe(7)
    expect(
      decide({ policy, input: { outstanding: 5_000, consumerCompletionsPerSecond: 0 }, previous: 7 }).consumers,
    ).toBe(7)
    expect(decide({ policy: { targetDrainSeconds: 100, consumersMin: 0 }, input: { outstanding: 1 } }).consumers).toBe(
      1,
    )
  })

  it('goes down to no consumers only when nothing is outstanding', () => {
    const zero = { ...policy, consumersMin: 0 }
    expect(decide({ policy: zero, input: { ...given, outstanding: 1 } }).consumers).toBe(1)
    expect(decide({ policy: zero, input: { ...given, outstanding: 0 } }).consumers).toBe(0)
  })

  it.each([
    [
      { outstanding: 1_000, arrivalsPerSecond: 0 },
      '1,000 messages are outstanding. To be done in 100 seconds takes 5 consumers that complete 2 a second each.',
    ],
    [
      { outstanding: 1_000, arrivalsPerSecond: 0.5 },
      '1,000 messages are outstanding and 30 a minute arrive. To be done in 100 seconds takes 6 consumers that complete 2 a second each.',
    ],
    [
      { outstanding: 100_000, arrivalsPerSecond: 0 },
      '100,000 messages are outstanding. To be done in 100 seconds takes 500 consumers that complete 2 a second each. The policy allows at most 50.',
    ],
    [
      { outstanding: 0, arrivalsPerSecond: 0 },
      'Nothing is outstanding and nothing arrives. The policy keeps at least 1.',
    ],
  ])('says why: %#', (input, reason) => {
    expect(decide({ policy, input: { ...given, ...input } }).reason).toBe(reason)
  })
})

describe('whatever the input', () => {
  const outstanding = fc.nat(2_000_000)
  const rate = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true }))
  const input = fc.record({
    outstanding,
    arrivalsPerSecond: rate,
    consumerCompletionsPerSecond: fc.oneof(fc.constant(undefined), rate),
  })
  const cooldowns = { scaleInCooldownSeconds: fc.nat(300), scaleOutCooldownSeconds: fc.nat(300) }
  const stepPolicy = fc
    .record({
      gaps: fc.array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.nat(1_000)), { maxLength: 6 }),
      ...cooldowns,
    })
    .map(({ gaps, ...rest }): ScalingPolicy => {
      let fromMessages = 0
      const more = gaps.map(([gap, slack], i) => {
        const below = fromMessages
        fromMessages += gap
        return { fromMessages, backBelowMessages: Math.max(below + 1, fromMessages - slack), consumers: 2 * i + 3 }
      })
      return { steps: [{ fromMessages: 0, consumers: 1 }, ...more], ...rest }
    })
  const drainPolicy = fc
    .record({
      targetDrainSeconds: fc.integer({ min: 1, max: 3_600 }),
      min: fc.nat(20),
      more: fc.nat(200),
      ...cooldowns,
    })
    .map(
      ({ min, more, ...rest }): ScalingPolicy => ({
        consumersMin: min,
        consumersMax: Math.max(1, min + more),
        ...rest,
      }),
    )
  const policy = fc.oneof(stepPolicy, drainPolicy)
  const previous = fc.oneof(
    fc.constant(undefined),
    fc.record({ consumers: fc.nat(300), sinceMs: fc.integer({ min: T - 1_000_000, max: T + 1_000 }) }),
  )

  it('a number is whole, within the limits of the policy, and has a reason', () => {
    fc.assert(
      fc.property(policy, input, previous, (given, values, before) => {
        const { consumersMin, consumersMax } = effectivePolicy(given)
        const decided = decide({ policy: given, input: values, previous: before })
        expect(Number.isInteger(decided.consumers)).toBe(true)
        expect(decided.consumers).toBeGreaterThanOrEqual(consumersMin)
        expect(decided.consumers).toBeLessThanOrEqual(consumersMax)
        expect(decided.reason).toMatch(/^[A-Z0-9].*\.$/)
        expect(decided.reason).not.toMatch(/NaN|undefined|Infinity/)
      }),
    )
  })

  it('asking again at once changes nothing', () => {
    fc.assert(
      fc.property(policy, input, previous, (given, values, before) => {
        const first = decide({ policy: given, input: values, previous: before })
        const second = decide({ policy: given, input: values, previous: first })
        expect([second.consumers, second.sinceMs]).toEqual([first.consumers, first.sinceMs])
      }),
    )
  })

  it('more work never asks for fewer consumers', () => {
    fc.assert(
      fc.property(policy, input, fc.nat(100_000), previous, (given, values, more, before) => {
        const less = decide({ policy: given, input: values, previous: before })
        const increased = { ...values, outstanding: values.outstanding + more }
        expect(decide({ policy: given, input: increased, previous: before }).consumers).toBeGreaterThanOrEqual(
          less.consumers,
        )
      }),
    )
  })

  it('no two changes downwards are closer than the cool-down', () => {
    fc.assert(
      fc.property(policy, fc.array(fc.tuple(input, fc.nat(40_000)), { maxLength: 60 }), (given, scenes) => {
        const { scaleInCooldownSeconds } = effectivePolicy(given)
        let nowMs = T
        let before: ScalingDecision | undefined
        for (const [values, passedMs] of scenes) {
          nowMs += passedMs
          const next: ScalingDecision = decide({ policy: given, input: values, previous: before, nowMs })
          if (before !== undefined && next.consumers < before.consumers)
            expect(nowMs - before.sinceMs).toBeGreaterThanOrEqual(scaleInCooldownSeconds * 1_000)
          before = next
        }
      }),
    )
  })
})
