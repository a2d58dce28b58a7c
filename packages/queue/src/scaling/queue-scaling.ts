import type { EngineContext } from '../engine-context.ts'
import type { QueueScaling, QueueStatistics, ScalingPolicy } from '../types.ts'
import { decideConsumers } from './decide-consumers.ts'
import { drainSeconds } from './drain-seconds.ts'
import { type EffectiveScalingPolicy, effectivePolicy } from './scaling-policy.ts'

interface Known {
  readonly policy: EffectiveScalingPolicy
  readonly consumers: number | undefined
}

/**
 * What queues ask for, by their kept numbers and the last decision: one statement, however many queues there are. Decides
 * nothing, so it does not matter how often and by how many it is asked.
 * @throws QueueError `unavailable`
 */
export async function queueScaling(
  { database }: EngineContext,
  statistics: readonly QueueStatistics[],
): Promise<QueueScaling[]> {
  const rows = await database.withCatalogue((catalogue) =>
    catalogue
      .selectFrom('stanchion.queue as q')
      .leftJoin('stanchion.scaling_decision as d', (join) =>
        join.onRef('d.bucket', '=', 'q.bucket').onRef('d.queue_id', '=', 'q.queue_id'),
      )
      .select(['q.account_id', 'q.name', 'q.scaling', 'd.consumers'])
      .where((condition) =>
        condition.or([condition('q.scaling', 'is not', null), condition('d.consumers', 'is not', null)]),
      )
      .execute(),
  )
  const known = new Map(
    rows.map((row) => [`${row.account_id}/${row.name}`, toKnown(row.scaling ?? undefined, row.consumers ?? undefined)]),
  )
  const unknown = toKnown(undefined, undefined)
  return statistics.map(({ queue, counts, rates }) => {
    const { policy, consumers } = known.get(`${queue.accountId}/${queue.name}`) ?? unknown
    const outstanding = counts.visible + counts.inFlight
    const perSecond = { arrivalsPerSecond: rates.sentPerSecond, completionsPerSecond: rates.deletedPerSecond }
    return {
      queue,
      outstandingMessages: outstanding,
      oldestMessageAgeSeconds: counts.oldestMessageAgeSeconds,
      ...perSecond,
      drainSeconds: drainSeconds(outstanding, perSecond),
      desiredConsumers: consumers ?? undecided(policy, outstanding, perSecond.arrivalsPerSecond),
    }
  })
}

function toKnown(policy: ScalingPolicy | undefined, consumers: number | undefined): Known {
  const effective = effectivePolicy(policy)
  // A policy that was changed binds at once.
  const bound = (value: number) => Math.min(Math.max(value, effective.consumersMin), effective.consumersMax)
  return { policy: effective, consumers: consumers === undefined ? undefined : bound(consumers) }
}

function undecided(policy: EffectiveScalingPolicy, outstanding: number, arrivalsPerSecond: number): number {
  const { consumerCompletionsPerSecond } = policy
  return decideConsumers(policy, { outstanding, arrivalsPerSecond, consumerCompletionsPerSecond }, undefined, 0)
    .consumers
}
