import { type Kysely, sql } from 'kysely'
import type { DatabaseClock } from '../database/database-clock.ts'
import type { Tables } from '../database/tables.ts'

const LANES_A_STEP = 200
const ROWS_A_STEP = 1_000

/**
 * Ends overdue leases in lanes that nobody receives from. Nothing waits for this duty: claims end the leases of their own
 * lane, and counts take an overdue lease for what it is. It keeps the tables small.
 */
export async function endOverdueLeases(catalogue: Kysely<Tables>): Promise<void> {
  await overAllLanes(catalogue, (bucket, after) =>
    sql<Step>`SELECT stanchion.end_overdue_leases_v2(${bucket}, ${after}, ${LANES_A_STEP}) AS lane`.execute(catalogue),
  )
}

/**
 * Removes what outlived its queue's retention (G11). This too is tidying: claims and counts pass over expired messages. A
 * lane that had more to remove than one step takes gets its next turn in the next round.
 */
export async function expireMessages(catalogue: Kysely<Tables>, clock: DatabaseClock): Promise<void> {
  await overAllLanes(catalogue, (bucket, after) =>
    sql<Step>`SELECT stanchion.expire_lanes_v2(${bucket}, ${after}, ${LANES_A_STEP}, ${ROWS_A_STEP * 10},
      ${new Date(clock.trustedNowMs()).toISOString()}) AS lane`.execute(catalogue),
  )
}

/**
 * Removes from FIFO lanes what outlived its retention, and deduplication and attempt ids that are past their window. Tidying:
 * claims, counts and sends pass over all of it.
 */
export async function tidyFifoLanes(catalogue: Kysely<Tables>, clock: DatabaseClock): Promise<void> {
  await overAllLanes(catalogue, (bucket, after) =>
    sql<Step>`SELECT stanchion.tidy_fifo_lanes_v3(${bucket}, ${after}, ${LANES_A_STEP}, ${ROWS_A_STEP * 10},
      ${new Date(clock.trustedNowMs()).toISOString()}) AS lane`.execute(catalogue),
  )
}

interface Step {
  /** Where the next step goes on from; `null` at the end. */
  lane: string | null
}

async function overAllLanes(
  catalogue: Kysely<Tables>,
  step: (bucket: number, after: string) => Promise<{ rows: Step[] }>,
): Promise<void> {
  const buckets = await catalogue.selectFrom('stanchion.lane').select('bucket').distinct().execute()
  for (const { bucket } of buckets) {
    let after: string | null = '0'
    while (after !== null) {
      const { rows } = await step(bucket, after)
      after = rows[0]?.lane ?? null
    }
  }
}

/** Adds what the duties above have removed to the statistics of the queues. */
export async function sumExpired(catalogue: Kysely<Tables>): Promise<void> {
  await sql`SELECT stanchion.sum_expired_v1()`.execute(catalogue)
}

/** Empties the lanes that purges and deletions left behind. */
export async function clearDeadLanes(catalogue: Kysely<Tables>): Promise<void> {
  const lanes = await catalogue.selectFrom('stanchion.dead_lane').selectAll().execute()
  for (const { bucket, lane_id } of lanes) {
    await inSteps(async () => {
      const { rows } = await sql<{ removed: number }>`
          SELECT stanchion.clear_dead_lane_v3(${bucket}, ${lane_id}, ${ROWS_A_STEP}) AS removed`.execute(catalogue)
      return rows[0]?.removed ?? 0
    })
  }
}

/** Repeats a step until it finds nothing more to do. */
async function inSteps(step: () => Promise<number>): Promise<void> {
  while ((await step()) > 0);
}

/** How long a deleted queue is remembered: longer than any name rests. */
const DELETED_QUEUES_KEPT_SECONDS = 600

/** Forgets names of deleted queues. Rows that a creation has just locked are left to it. */
export async function forgetDeletedQueues(catalogue: Kysely<Tables>): Promise<void> {
  await sql`DELETE FROM stanchion.deleted_queue WHERE (account_id, name) IN (
    SELECT account_id, name FROM stanchion.deleted_queue
    WHERE deleted_at < stanchion.clock() - ${DELETED_QUEUES_KEPT_SECONDS} * interval '1 second'
    ORDER BY account_id, name FOR UPDATE SKIP LOCKED)`.execute(catalogue)
}
