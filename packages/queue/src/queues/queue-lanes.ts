import { sql, type Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { QueueRow } from './queue-row.ts'

/** The kinds of rows of a lane: the lock of its tail, and that of its head. */
const TAIL = 1
export const HEAD = 2

/** In the order in which hot statements lock them, so that nobody waits in a circle. */
async function lockLanes(transaction: Transaction<Tables>, row: QueueRow): Promise<string[]> {
  const lanes = await transaction
    .selectFrom('stanchion.lane')
    .select('lane_id')
    .where('bucket', '=', row.bucket)
    .where('queue_id', '=', row.queue_id)
    .orderBy('lane_id')
    .orderBy('kind')
    .forUpdate()
    .execute()
  return lanes.map((lane) => lane.lane_id)
}

/** Gives a queue so many ordinary lanes. */
export async function addLanes(
  transaction: Transaction<Tables>,
  queueId: number,
  bucket: number,
  version: number,
  count: number,
): Promise<void> {
  for (let i = 0; i < count; i++) await addLane(transaction, queueId, bucket, version)
}

/** Gives a queue a lane with its delay stream; `place` says whose deeper level it is. */
export async function addLane(
  transaction: Transaction<Tables>,
  queueId: number,
  bucket: number,
  version: number,
  place: { readonly level: number; readonly root: number } | undefined = undefined,
): Promise<void> {
  const lane = await nextValue(transaction, 'lane_id')
  const row = { bucket, queue_id: queueId, version, level: place?.level ?? 0, root_lane_id: place?.root ?? null }
  await transaction
    .insertInto('stanchion.lane')
    .values([
      { ...row, lane_id: lane, kind: TAIL },
      { ...row, lane_id: lane, kind: HEAD },
      { ...row, lane_id: -lane, kind: TAIL },
    ])
    .execute()
}

/** The lanes' part of a new version of their queue. */
export async function raiseLaneVersion(transaction: Transaction<Tables>, row: QueueRow): Promise<void> {
  const lanes = await lockLanes(transaction, row)
  await transaction
    .updateTable('stanchion.lane')
    .set({ version: row.version + 1 })
    .where('bucket', '=', row.bucket)
    .where('lane_id', 'in', lanes)
    .execute()
}

/** Takes all lanes from a queue; a background duty empties them. Answers which they were, delay streams with a negative number. */
export async function retireLanes(transaction: Transaction<Tables>, row: QueueRow): Promise<number[]> {
  const lanes = new Set(await lockLanes(transaction, row))
  await transaction
    .deleteFrom('stanchion.lane')
    .where('bucket', '=', row.bucket)
    .where('lane_id', 'in', [...lanes])
    .execute()
  await transaction
    .insertInto('stanchion.dead_lane')
    .values([...lanes].map((lane) => ({ bucket: row.bucket, lane_id: lane })))
    .execute()
  return [...lanes].map(Number)
}

/**
 * Lets the new lane of a FIFO queue number on from the one that has just been retired (G13): by the time alone its numbers would begin
 * anew within the same millisecond, or after a step back of the clock.
 */
export async function numberOn(transaction: Transaction<Tables>, row: QueueRow, retired: number): Promise<void> {
  await sql`
    INSERT INTO stanchion.fifo_cursor (bucket, lane_id, seq)
    SELECT l.bucket, l.lane_id, k.seq
    FROM stanchion.lane l
    CROSS JOIN (SELECT greatest(
      (SELECT m.seq FROM stanchion.message_log m WHERE m.bucket = ${row.bucket} AND m.lane_id = ${retired} ORDER BY m.seq DESC LIMIT 1),
      (SELECT c.seq FROM stanchion.fifo_cursor c WHERE c.bucket = ${row.bucket} AND c.lane_id = ${retired}),
      (SELECT max(d.seq) FROM stanchion.fifo_deduplication d
       WHERE d.bucket = ${row.bucket} AND d.lane_id = ${retired} AND d.seq > 0)) AS seq) k
    WHERE l.bucket = ${row.bucket} AND l.queue_id = ${row.queue_id} AND l.kind = ${HEAD} AND k.seq IS NOT NULL`.execute(
    transaction,
  )
}

/**
 * Lets the groups of a FIFO queue whose leased front outlives a shorter retention be looked at from that moment on (G12): what a group
 * remembers was computed with the longer one. Reads the groups that are leased or wait for an earlier moment, of which there are no
 * more than messages in flight. The locks of the lanes are held.
 */
export async function openOutlivedGroups(
  transaction: Transaction<Tables>,
  row: QueueRow,
  retentionSeconds: number,
): Promise<void> {
  await sql`
    WITH now AS MATERIALIZED (SELECT stanchion.clock() AS at)
    UPDATE stanchion.fifo_group g
    SET ready_at = greatest(now.at, to_timestamp((g.seqs[1] >> 20) / 1000.0) + ${retentionSeconds} * interval '1 second')
    FROM stanchion.lane l, now
    WHERE l.bucket = ${row.bucket} AND l.queue_id = ${row.queue_id} AND l.kind = ${HEAD}
      AND g.bucket = l.bucket AND g.lane_id = l.lane_id AND g.ready_at > now.at AND cardinality(g.seqs) > 0
      AND to_timestamp((g.seqs[1] >> 20) / 1000.0) + ${retentionSeconds} * interval '1 second' < g.ready_at`.execute(
    transaction,
  )
}

/** The next number of a sequence. */
export async function nextValue(transaction: Transaction<Tables>, sequence: 'queue_id' | 'lane_id'): Promise<number> {
  const { rows } = await sql<{ value: string }>`SELECT nextval(${`stanchion.${sequence}`}) AS value`.execute(
    transaction,
  )
  return Number(rows[0]?.value)
}
