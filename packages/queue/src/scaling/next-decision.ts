import type { Queue } from '../types.ts'
import { decideConsumers } from './decide-consumers.ts'
import { learnPace } from './learn-pace.ts'
import { type EffectiveScalingPolicy, effectivePolicy } from './scaling-policy.ts'
import type { NewDecision, StoredDecision } from './stored-decision.ts'

/**
 * A decision by the time to drain stands so long: it is made from rates, which each node measures for itself, and so all nodes
 * answer what the first one that was asked has decided.
 */
const STANDS_MS = 5_000

/** What is known about a queue at a moment. */
export interface Observation {
  readonly outstanding: number
  readonly arrivalsPerSecond: number
  /** Completions since the queue was created. */
  readonly completed: number
  /** Epoch milliseconds of the database clock. */
  readonly nowMs: number
}

/** What holds for a queue now: what was decided, or something new that is to be kept. */
export type Outcome =
  | { readonly consumers: number; readonly reason: string; readonly keep: undefined }
  | { readonly consumers: number; readonly reason: string; readonly keep: NewDecision }

/** Decides for a queue from what was decided last. Pure: nothing is kept here. */
export function nextDecision(queue: Queue, seen: Observation, stored: StoredDecision | undefined): Outcome {
  const policy = effectivePolicy(queue.scaling)
  return policy.steps === undefined ? byDrainTime(queue, policy, seen, stored) : bySteps(policy, seen, stored)
}

function bySteps(policy: EffectiveScalingPolicy, seen: Observation, stored: StoredDecision | undefined): Outcome {
  const decided = decideConsumers(policy, { ...seen, consumerCompletionsPerSecond: undefined }, stored, seen.nowMs)
  const { consumers, sinceMs, reason } = decided
  const resting = restingConsumers(policy)
  const isSame =
    stored === undefined ? consumers === resting : consumers === stored.consumers && sinceMs === stored.sinceMs
  if (isSame) return { consumers, reason, keep: undefined }
  const keep: NewDecision = {
    ...{ replaces: stored?.number ?? 0, consumers, sinceMs, decidedAtMs: seen.nowMs, reason },
    isRaised: consumers !== resting,
    pace: { perSecond: undefined, mark: undefined },
  }
  return { consumers, reason, keep }
}

function byDrainTime(
  queue: Queue,
  policy: EffectiveScalingPolicy,
  seen: Observation,
  stored: StoredDecision | undefined,
): Outcome {
  const { outstanding, completed, nowMs } = seen
  if (stored !== undefined && stands(queue, stored, nowMs)) {
    return { consumers: stored.consumers, reason: stored.reason, keep: undefined }
  }
  const now = { atMs: nowMs, completed, outstanding, consumers: stored?.consumers ?? policy.consumersMin }
  const given = policy.consumerCompletionsPerSecond
  const before = stored?.pace ?? { perSecond: undefined, mark: undefined }
  const pace = given === undefined ? learnPace(before, now) : before
  const input = { ...seen, consumerCompletionsPerSecond: given ?? pace.perSecond }
  const { consumers, sinceMs, reason } = decideConsumers(policy, input, stored, nowMs)
  const isRaised = consumers !== restingConsumers(policy)
  if (stored === undefined && outstanding === 0 && !isRaised) return { consumers, reason, keep: undefined }
  const keep = { replaces: stored?.number ?? 0, consumers, sinceMs, decidedAtMs: nowMs, reason, isRaised, pace }
  return { consumers, reason, keep }
}

/** A decision by another policy stands no longer. */
function stands(queue: Queue, { decidedAtMs }: StoredDecision, nowMs: number): boolean {
  const elapsedMs = nowMs - decidedAtMs
  return elapsedMs >= 0 && elapsedMs < STANDS_MS && decidedAtMs >= queue.modifiedAt.getTime()
}

/** What a policy says to an empty queue without a past. */
export function restingConsumers(policy: EffectiveScalingPolicy): number {
  const nothing = { outstanding: 0, arrivalsPerSecond: 0, consumerCompletionsPerSecond: undefined }
  return decideConsumers(policy, nothing, undefined, 0).consumers
}
