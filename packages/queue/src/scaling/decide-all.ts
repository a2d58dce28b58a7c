import { sql } from 'kysely'
import type { EngineContext } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import { selectQueues, toLive } from '../queues/live-queue.ts'
import { withDuty } from '../services/duty.ts'
import { decide } from './get-scaling.ts'
import { nextDecision, restingConsumers } from './next-decision.ts'
import { DEFAULT_SCALING_POLICY, effectivePolicy } from './scaling-policy.ts'
import { DECISION_COLUMNS, toStored } from './stored-decision.ts'

/** A round stops here and leaves the rest to the next one. */
const ROUND_SECONDS_MAX = 1.5

/**
 * Below so many messages the default policy says to a queue at rest what it said before. Most queues are such, and the database
 * leaves them out: looking at each of 10,000 took a node most of what it did while nothing happened.
 */
const DEFAULT_RESTS_BELOW_MESSAGES = DEFAULT_SCALING_POLICY.steps?.[1]?.fromMessages ?? 0
const DEFAULT_RESTING_CONSUMERS = restingConsumers(effectivePolicy(undefined))

/**
 * Makes the decisions that nobody asks for, so that what holds follows from what the queue went through and not from who looked at
 * it when. One node at a time. The kept numbers say where something may have changed; there it is decided by exact ones.
 */
export async function decideAll(context: EngineContext, signal: AbortSignal): Promise<void> {
  const candidates = await findCandidates(context)
  if (candidates.length === 0) return
  await withDuty(context.database.catalogue, 'scaling', 'skip', async () => {
    const endsAtMs = performance.now() + ROUND_SECONDS_MAX * 1000
    for (const { live, arrivalsPerSecond } of candidates) {
      if (signal.aborted || performance.now() > endsAtMs) return
      await decide(context, live, arrivalsPerSecond).catch((error: unknown) => {
        // Deleted since.
        if (!(error instanceof QueueError) || error.code !== 'queueNotFound') throw error
      })
    }
  })
}

/** The queues for which the kept numbers say something else than what was decided last, the longest untouched first. */
async function findCandidates({ database, statistics }: EngineContext) {
  const rows = await selectQueues(database.catalogue)
    .leftJoin(
      sql<{ bucket: number; queue_id: number; outstanding: string; deleted: string }>`(
        SELECT bucket, queue_id, visible + in_flight AS outstanding, deleted FROM stanchion.queue_statistics)`.as('s'),
      (join) => join.onRef('s.bucket', '=', 'q.bucket').onRef('s.queue_id', '=', 'q.queue_id'),
    )
    .leftJoin('stanchion.scaling_decision as d', (join) =>
      join.onRef('d.bucket', '=', 'q.bucket').onRef('d.queue_id', '=', 'q.queue_id'),
    )
    .select(['s.outstanding', 's.deleted', sql<Date>`stanchion.clock()`.as('now')])
    .select(DECISION_COLUMNS.map((column) => `d.${column}` as const))
    .where(
      sql<boolean>`CASE WHEN q.scaling IS NULL
        THEN s.outstanding >= ${DEFAULT_RESTS_BELOW_MESSAGES} OR d.consumers <> ${DEFAULT_RESTING_CONSUMERS}
        ELSE s.outstanding > 0 OR d.is_raised END`,
    )
    .orderBy(sql`d.decided_at`, (order) => order.asc().nullsFirst())
    .execute()
  return rows.flatMap((row) => {
    const live = toLive(row)
    const outstanding = Number(row.outstanding ?? 0)
    const arrivalsPerSecond = statistics.ratesById(live.queue.id).sentPerSecond
    const seen = { outstanding, arrivalsPerSecond, completed: Number(row.deleted ?? 0), nowMs: row.now.getTime() }
    return nextDecision(live.queue, seen, toStored(row)).keep === undefined ? [] : [{ live, arrivalsPerSecond }]
  })
}
