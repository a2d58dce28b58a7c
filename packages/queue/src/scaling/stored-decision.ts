import { type Selectable, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { ScalingDecisionTable, Tables } from '../database/tables.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { ScalingDecision } from './decide-consumers.ts'
import type { Pace } from './learn-pace.ts'

/** What was decided last for a queue. */
export interface StoredDecision extends ScalingDecision {
  /** Counts the decisions of the queue. */
  readonly number: number
  readonly decidedAtMs: number
  readonly reason: string
  readonly pace: Pace
}

/** A decision that is to take the place of the one of this number; 0: there is none yet. */
export interface NewDecision extends ScalingDecision {
  readonly replaces: number
  readonly decidedAtMs: number
  readonly reason: string
  readonly isRaised: boolean
  readonly pace: Pace
}

/** Everything but its key. */
export const DECISION_COLUMNS = [
  'number',
  'consumers',
  'since',
  'decided_at',
  'reason',
  'is_raised',
  'pace',
  'mark_at',
  'mark_completed',
  'mark_outstanding',
  'mark_consumers',
  'mark_settled',
] as const satisfies (keyof ScalingDecisionTable)[]

type Row = Pick<Selectable<Tables['stanchion.scaling_decision']>, (typeof DECISION_COLUMNS)[number]>

/** The last decision of a queue, if there is one, and the time of the database. */
export async function readDecision(
  database: Database,
  { bucket, queue }: LiveQueue,
): Promise<{ readonly stored: StoredDecision | undefined; readonly nowMs: number }> {
  const { rows } = await database.withCatalogue((catalogue) =>
    sql<Row & { now: Date }>`SELECT d.*, c.now FROM (SELECT stanchion.clock() AS now) c
      LEFT JOIN stanchion.scaling_decision d ON d.bucket = ${bucket} AND d.queue_id = ${queue.id}`.execute(catalogue),
  )
  const row = rows[0] as Row & { now: Date }
  return { stored: toStored(row), nowMs: row.now.getTime() }
}

/** The decision that a row says; `undefined` for the row of an outer join that found none. */
export function toStored(row: { [Column in keyof Row]: Row[Column] | null }): StoredDecision | undefined {
  if (row.number === null) return undefined
  const { number, consumers, since, decided_at: decidedAt, reason, pace, mark_at: markAt } = row as Row
  return {
    number,
    consumers,
    sinceMs: since.getTime(),
    decidedAtMs: decidedAt.getTime(),
    reason,
    pace: {
      perSecond: pace ?? undefined,
      mark:
        markAt === null
          ? undefined
          : {
              atMs: markAt.getTime(),
              completed: Number(row.mark_completed),
              outstanding: Number(row.mark_outstanding),
              consumers: row.mark_consumers as number,
              isSettled: row.mark_settled === true,
            },
    },
  }
}

/**
 * Keeps a decision, in one statement.
 * @returns `false` when another one was made since that which it replaces, or the queue is gone: then nothing was kept
 */
export async function keepDecision(
  database: Database,
  { bucket, queue }: LiveQueue,
  decision: NewDecision,
): Promise<boolean> {
  const columns = toColumns(decision)
  const kept = await database.withCatalogue((catalogue) =>
    decision.replaces === 0
      ? catalogue
          .insertInto('stanchion.scaling_decision')
          .columns(['bucket', 'queue_id', ...(Object.keys(columns) as (keyof typeof columns)[])])
          // Holding the queue, so that it is not deleted while it gets this.
          .expression((query) =>
            query
              .selectFrom('stanchion.queue as q')
              .where('q.queue_id', '=', queue.id)
              .where('q.bucket', '=', bucket)
              .select(['q.bucket', 'q.queue_id'])
              .select(Object.entries(columns).map(([name, value]) => sql`${value}`.as(name)))
              .forKeyShare(),
          )
          .onConflict((conflict) => conflict.columns(['bucket', 'queue_id']).doNothing())
          .returning('number')
          .executeTakeFirst()
      : catalogue
          .updateTable('stanchion.scaling_decision')
          .set(columns)
          .where('bucket', '=', bucket)
          .where('queue_id', '=', queue.id)
          .where('number', '=', decision.replaces)
          .returning('number')
          .executeTakeFirst(),
  )
  return kept !== undefined
}

function toColumns({ replaces, consumers, sinceMs, decidedAtMs, reason, isRaised, pace }: NewDecision) {
  const { perSecond, mark } = pace
  return {
    number: replaces + 1,
    consumers,
    since: new Date(sinceMs),
    decided_at: new Date(decidedAtMs),
    reason,
    is_raised: isRaised,
    pace: perSecond ?? null,
    mark_at: mark === undefined ? null : new Date(mark.atMs),
    mark_completed: mark?.completed ?? null,
    mark_outstanding: mark?.outstanding ?? null,
    mark_consumers: mark?.consumers ?? null,
    mark_settled: mark?.isSettled ?? null,
  } satisfies Omit<{ [Column in keyof ScalingDecisionTable]: unknown }, 'bucket' | 'queue_id'>
}
