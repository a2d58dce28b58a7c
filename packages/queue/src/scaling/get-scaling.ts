import type { EngineContext } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import { countQueues } from '../messages/count-messages.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { QueueCounts, QueueKey, QueueScalingDecision } from '../types.ts'
import { drainSeconds } from './drain-seconds.ts'
import { nextDecision } from './next-decision.ts'
import { effectivePolicy } from './scaling-policy.ts'
import { keepDecision, readDecision } from './stored-decision.ts'

const ATTEMPTS_MAX = 10

/**
 * How many consumers a queue asks for, by exact counts. Decides and keeps the decision where it is a new one.
 * @throws QueueError `queueNotFound`, `unavailable`
 */
export async function getScaling(context: EngineContext, key: QueueKey): Promise<QueueScalingDecision> {
  const live = await context.catalogue.reload(key)
  const { queue } = live
  const { sentPerSecond, deletedPerSecond } = context.statistics.ratesById(queue.id)
  const rates = { arrivalsPerSecond: sentPerSecond, completionsPerSecond: deletedPerSecond }
  const { counts, outstanding, consumers, reason } = await decide(context, live, sentPerSecond)
  return {
    queue: { accountId: queue.accountId, name: queue.name },
    outstandingMessages: outstanding,
    oldestMessageAgeSeconds: counts.oldestMessageAgeSeconds,
    ...rates,
    drainSeconds: drainSeconds(outstanding, rates),
    desiredConsumers: consumers,
    reason,
    policy: effectivePolicy(queue.scaling),
  }
}

/**
 * Makes the decision of this moment. What it is made from is read after the decision that it follows, and it is kept only as that
 * one's successor: a node that was slower looks again.
 * @throws QueueError `queueNotFound`, `unavailable`
 */
export async function decide(context: EngineContext, live: LiveQueue, arrivalsPerSecond: number) {
  const isMeasured = live.queue.scaling?.targetDrainSeconds !== undefined
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const { stored, nowMs } = await readDecision(context.database, live)
    const counts = (await countQueues(context, [live])).get(live) as QueueCounts
    const outstanding = counts.visible + counts.inFlight
    const completed = isMeasured ? (await context.statistics.of(live.queue)).totals.deleted : 0
    const seen = { outstanding, arrivalsPerSecond, completed, nowMs }
    const { consumers, reason, keep } = nextDecision(live.queue, seen, stored)
    if (keep === undefined || (await keepDecision(context.database, live, keep))) {
      return { counts, outstanding, consumers, reason }
    }
    // It may have been deleted meanwhile.
    await context.catalogue.reload(live.queue)
  }
  throw new QueueError('unavailable', 'The queue is being decided about all the time; nothing was done.')
}
