import type { ScalingStep } from '../types.ts'
import type { EffectiveScalingPolicy } from './scaling-policy.ts'
import { amount, durationOf, ratePhrase } from './words.ts'

/** What a decision is made from. */
export interface ScalingInput {
  /** Visible and in flight. What is delayed asks for nobody yet. */
  readonly outstanding: number
  readonly arrivalsPerSecond: number
  /** What one consumer completes, given or measured; `undefined`: nobody knows. */
  readonly consumerCompletionsPerSecond: number | undefined
}

/** How many consumers there should be, and since when. */
export interface ScalingDecision {
  readonly consumers: number
  /** Epoch milliseconds of the database clock: when this number took the place of another. */
  readonly sinceMs: number
}

interface Wanted {
  readonly consumers: number
  readonly reason: string
}

/**
 * The rule of autoscaling: from what is to be done, the policy of the queue and what was decided last to what holds now.
 * The same input gives the same answer, so it does not matter which node asks.
 */
export function decideConsumers(
  policy: EffectiveScalingPolicy,
  input: ScalingInput,
  previous: ScalingDecision | undefined,
  nowMs: number,
): ScalingDecision & { readonly reason: string } {
  const { consumersMin, consumersMax } = policy
  // A policy that was changed binds at once.
  const current = previous === undefined ? undefined : clamp(previous.consumers, consumersMin, consumersMax)
  const wanted = wantedOf(policy, input, current)
  const { consumers, reason } = within(policy, wanted)
  if (previous === undefined || current === undefined) return { consumers, sinceMs: nowMs, reason }
  const isMoved = current !== previous.consumers
  // A clock that was set back must not hold a number for longer than one cool-down.
  const sinceMs = isMoved || previous.sinceMs > nowMs ? nowMs : previous.sinceMs
  if (consumers === current) return { consumers, sinceMs, reason }
  const cooldownSeconds = consumers < current ? policy.scaleInCooldownSeconds : policy.scaleOutCooldownSeconds
  const elapsedSeconds = Math.max(0, (nowMs - previous.sinceMs) / 1000)
  if (elapsedSeconds >= cooldownSeconds) return { consumers, sinceMs: nowMs, reason }
  const left = durationOf(Math.ceil(cooldownSeconds - elapsedSeconds))
  return {
    consumers: current,
    sinceMs,
    reason: `${reason} It stays at ${current} until the cool-down is over, in ${left}.`,
  }
}

function wantedOf(policy: EffectiveScalingPolicy, input: ScalingInput, current: number | undefined): Wanted {
  return policy.steps === undefined ? byDrainTime(policy, input, current) : byDepth(policy.steps, input, current)
}

function byDepth(steps: readonly ScalingStep[], { outstanding }: ScalingInput, current: number | undefined): Wanted {
  const reached = lastIndex(steps, ({ fromMessages }) => outstanding >= fromMessages)
  let index = Math.max(reached, current === undefined ? 0 : lastIndex(steps, ({ consumers }) => consumers <= current))
  while (index > reached && outstanding < backBelow(stepAt(steps, index))) index -= 1
  const { consumers, fromMessages } = stepAt(steps, index)
  const messages = amount(outstanding, 'message')
  const are = outstanding === 1 ? 'is' : 'are'
  if (index > reached) {
    const back = backBelow(stepAt(steps, index))
    return {
      consumers,
      reason: `${messages} ${are} outstanding. That is not below ${amount(back)}, where ${amount(consumers, 'consumer')} give way to fewer.`,
    }
  }
  const range = rangeOf(fromMessages, steps[index + 1]?.fromMessages)
  return {
    consumers,
    reason: `${messages} ${are} outstanding; ${range} the policy asks for ${amount(consumers, 'consumer')}.`,
  }
}

function rangeOf(from: number, next: number | undefined): string {
  if (next === undefined) return from === 0 ? 'for any number' : `from ${amount(from)} on`
  return from === 0 ? `below ${amount(next)}` : `from ${amount(from)} to ${amount(next - 1)}`
}

function byDrainTime(policy: EffectiveScalingPolicy, input: ScalingInput, current: number | undefined): Wanted {
  const { outstanding, arrivalsPerSecond, consumerCompletionsPerSecond: pace } = input
  const targetSeconds = policy.targetDrainSeconds as number
  const messages = amount(outstanding, 'message')
  const are = outstanding === 1 ? 'is' : 'are'
  if (outstanding === 0 && arrivalsPerSecond === 0) {
    return { consumers: 0, reason: 'Nothing is outstanding and nothing arrives.' }
  }
  if (pace === undefined || !(pace > 0)) {
    const consumers = outstanding === 0 ? 0 : Math.max(1, current ?? 0)
    return {
      consumers,
      reason: `${messages} ${are} outstanding. How much one consumer completes is not known yet, so it cannot be said how many are needed.`,
    }
  }
  const needed = (outstanding / targetSeconds + arrivalsPerSecond) / pace
  // Sums of fractions miss a whole number by a hair.
  const consumers = Math.max(outstanding > 0 ? 1 : 0, Math.ceil(needed - 1e-9))
  const arriving = arrivalsPerSecond > 0 ? ` and ${ratePhrase(arrivalsPerSecond)} arrive` : ''
  return {
    consumers,
    reason:
      `${messages} ${are} outstanding${arriving}. To be done in ${durationOf(targetSeconds)} takes ` +
      `${amount(consumers, 'consumer')} that complete ${ratePhrase(pace)} each.`,
  }
}

function within({ consumersMin, consumersMax }: EffectiveScalingPolicy, { consumers, reason }: Wanted): Wanted {
  if (consumers < consumersMin)
    return { consumers: consumersMin, reason: `${reason} The policy keeps at least ${amount(consumersMin)}.` }
  if (consumers > consumersMax)
    return { consumers: consumersMax, reason: `${reason} The policy allows at most ${amount(consumersMax)}.` }
  return { consumers, reason }
}

/** The last element that fits; the first one where none does. */
function lastIndex<T>(list: readonly T[], fits: (element: T) => boolean): number {
  return Math.max(0, list.findLastIndex(fits))
}

function stepAt(steps: readonly ScalingStep[], index: number): ScalingStep {
  return steps[index] as ScalingStep
}

function backBelow({ backBelowMessages, fromMessages }: ScalingStep): number {
  return backBelowMessages ?? fromMessages
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max)
}
