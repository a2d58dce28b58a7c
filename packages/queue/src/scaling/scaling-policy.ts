import { QueueError } from '../errors.ts'
import type { ScalingPolicy, ScalingStep } from '../types.ts'

/** What may stand in a policy; `docs/operate/autoscaling.md` repeats it. */
export const SCALING_LIMITS = {
  stepsMax: 20,
  consumersMax: 10_000,
  messagesMax: 1_000_000_000,
  targetDrainSecondsMax: 86_400,
  consumerCompletionsPerSecondMax: 1_000_000,
  cooldownSecondsMax: 86_400,
} as const

/** The steps of a queue that has no policy of its own. */
export const DEFAULT_SCALING_POLICY: ScalingPolicy = {
  steps: [
    { fromMessages: 0, consumers: 2 },
    { fromMessages: 1_000, backBelowMessages: 500, consumers: 5 },
    { fromMessages: 10_001, consumers: 10 },
  ],
}

/** By the time to drain, which changes with every measurement, one would flap without a pause. */
const DRAIN_COOLDOWN_SECONDS = 60
const DRAIN_CONSUMERS = { min: 1, max: 10 }

/** A policy in which everything is said. */
export interface EffectiveScalingPolicy extends ScalingPolicy {
  readonly consumersMin: number
  readonly consumersMax: number
  readonly scaleInCooldownSeconds: number
  readonly scaleOutCooldownSeconds: number
}

/** The policy that holds for a queue, with every default in its place. */
export function effectivePolicy(policy: ScalingPolicy | undefined): EffectiveScalingPolicy {
  const { scaleInCooldownSeconds, scaleOutCooldownSeconds = 0, ...given } = policy ?? DEFAULT_SCALING_POLICY
  const cooldowns = (seconds: number) => ({
    scaleInCooldownSeconds: scaleInCooldownSeconds ?? seconds,
    scaleOutCooldownSeconds,
  })
  const { steps } = given
  if (steps === undefined) {
    const { consumersMin, consumersMax } = given
    const min = consumersMin ?? Math.min(DRAIN_CONSUMERS.min, consumersMax ?? DRAIN_CONSUMERS.min)
    const max = consumersMax ?? Math.max(DRAIN_CONSUMERS.max, min)
    return { ...given, consumersMin: min, consumersMax: max, ...cooldowns(DRAIN_COOLDOWN_SECONDS) }
  }
  const [first, last] = [steps[0] as ScalingStep, steps.at(-1) as ScalingStep]
  const { consumersMin = first.consumers, consumersMax = last.consumers } = given
  return {
    ...given,
    steps: steps.map(withReturn),
    consumersMin,
    consumersMax,
    // Steps keep apart by themselves.
    ...cooldowns(0),
  }
}

/** A step that does not say when it is left is left where it was entered. */
function withReturn(step: ScalingStep, index: number): ScalingStep {
  return index === 0 ? step : { ...step, backBelowMessages: step.backBelowMessages ?? step.fromMessages }
}

/** Whether two policies are the same, whatever the order of their members. */
export function areSamePolicies(a: ScalingPolicy | undefined, b: ScalingPolicy | undefined): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b))
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, inOrder(member)]),
  )
}

const MEMBERS: readonly string[] = [
  'steps',
  'targetDrainSeconds',
  'consumerCompletionsPerSecond',
  'consumersMin',
  'consumersMax',
  'scaleInCooldownSeconds',
  'scaleOutCooldownSeconds',
] satisfies (keyof ScalingPolicy)[]

const STEP_MEMBERS: readonly string[] = [
  'fromMessages',
  'backBelowMessages',
  'consumers',
] satisfies (keyof ScalingStep)[]

/**
 * Checks a policy as a whole.
 * @throws QueueError `invalidArgument`, which names the first member that does not fit
 */
export function checkScalingPolicy(policy: ScalingPolicy): void {
  const { stepsMax, consumersMax, targetDrainSecondsMax, cooldownSecondsMax } = SCALING_LIMITS
  checkMembers(policy, MEMBERS, 'scaling')
  const { steps, targetDrainSeconds, consumerCompletionsPerSecond } = policy
  if ((steps === undefined) === (targetDrainSeconds === undefined)) {
    throw invalid('scaling', 'A scaling policy has either steps or targetDrainSeconds.')
  }
  checkWhole('scaling.targetDrainSeconds', targetDrainSeconds, 1, targetDrainSecondsMax)
  checkWhole('scaling.consumersMin', policy.consumersMin, 0, consumersMax)
  checkWhole('scaling.consumersMax', policy.consumersMax, 1, consumersMax)
  checkWhole('scaling.scaleInCooldownSeconds', policy.scaleInCooldownSeconds, 0, cooldownSecondsMax)
  checkWhole('scaling.scaleOutCooldownSeconds', policy.scaleOutCooldownSeconds, 0, cooldownSecondsMax)
  checkPace(consumerCompletionsPerSecond, steps !== undefined)
  if (steps !== undefined) {
    const isList = Array.isArray(steps) && steps.length >= 1 && steps.length <= stepsMax
    if (!isList) throw invalid('scaling.steps', `scaling.steps has 1 to ${stepsMax} steps.`)
    steps.forEach((step, index) => {
      checkStep(step, steps[index - 1], `scaling.steps[${index}]`)
    })
  }
  const { consumersMin, consumersMax: most } = effectivePolicy(policy)
  if (consumersMin > most) {
    throw invalid('scaling.consumersMin', `scaling.consumersMin is ${consumersMin}, more than consumersMax, ${most}.`)
  }
  steps?.forEach(({ consumers }, index) => {
    if (consumers >= consumersMin && consumers <= most) return
    throw invalid(
      `scaling.steps[${index}].consumers`,
      `scaling.steps[${index}].consumers is ${consumers}, outside of consumersMin and consumersMax, ${consumersMin} to ${most}.`,
    )
  })
}

function checkPace(perSecond: number | undefined, hasSteps: boolean): void {
  if (perSecond === undefined) return
  const field = 'scaling.consumerCompletionsPerSecond'
  if (hasSteps) throw invalid(field, `${field} is for targetDrainSeconds; steps do not ask for it.`)
  const { consumerCompletionsPerSecondMax: max } = SCALING_LIMITS
  if (typeof perSecond === 'number' && perSecond > 0 && perSecond <= max) return
  throw invalid(field, `${field} is a number above 0, up to ${max}.`)
}

function checkStep(step: ScalingStep, before: ScalingStep | undefined, at: string): void {
  const { messagesMax, consumersMax } = SCALING_LIMITS
  checkMembers(step, STEP_MEMBERS, at)
  const { fromMessages, backBelowMessages, consumers } = step
  checkWhole(`${at}.fromMessages`, fromMessages ?? Number.NaN, 0, messagesMax)
  checkWhole(`${at}.backBelowMessages`, backBelowMessages, 1, messagesMax)
  checkWhole(`${at}.consumers`, consumers ?? Number.NaN, 0, consumersMax)
  if (before === undefined) {
    if (fromMessages !== 0) throw invalid(`${at}.fromMessages`, 'The first step begins at 0 messages.')
    if (backBelowMessages === undefined) return
    throw invalid(`${at}.backBelowMessages`, 'The first step has no backBelowMessages: there is none to go back to.')
  }
  if (fromMessages <= before.fromMessages) {
    const text = `${at} overlaps the step before it: fromMessages is ${fromMessages}, and must be more than ${before.fromMessages}.`
    throw invalid(`${at}.fromMessages`, text)
  }
  if (consumers <= before.consumers) {
    const text = `${at} asks for ${consumers} consumers, and must ask for more than the step before it, ${before.consumers}.`
    throw invalid(`${at}.consumers`, text)
  }
  if (backBelowMessages === undefined) return
  if (backBelowMessages > fromMessages) {
    const text = `${at} would be left before it is reached: backBelowMessages is ${backBelowMessages}, more than fromMessages, ${fromMessages}.`
    throw invalid(`${at}.backBelowMessages`, text)
  }
  if (backBelowMessages <= before.fromMessages) {
    const text = `${at} overlaps the step before it: backBelowMessages is ${backBelowMessages}, and must be more than ${before.fromMessages}.`
    throw invalid(`${at}.backBelowMessages`, text)
  }
}

function checkMembers(value: unknown, known: readonly string[], at: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(at, `${at} is an object.`)
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) throw invalid(`${at}.${unknown}`, `${at}.${unknown} is not a part of a scaling policy.`)
}

function checkWhole(field: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return
  throw invalid(field, `${field} is a whole number from ${min} to ${max}.`)
}

function invalid(field: string, text: string): QueueError {
  return new QueueError('invalidArgument', text, { field })
}
