import { type Kysely, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { PeekState } from '../types.ts'
import type { Place } from './peek-sections.ts'

/** The moment of a look, as the database says it. */
export interface Moment {
  readonly now: string
  readonly minSeq: string
}

interface Row {
  state: PeekState
  visible_at: Date | null
  receive_count: number
  first_received_at: Date | null
}

/**
 * Where the message that was sent to a place stands now: there, or where it was moved to as a dead letter.
 * @returns `undefined` when the queue has it no longer
 */
export async function findPlace(
  catalogue: Kysely<Tables>,
  live: LiveQueue,
  sent: { readonly lane: number; readonly seq: string },
  moment: Moment,
): Promise<Place | undefined> {
  for (const candidate of await candidates(catalogue, live, sent)) {
    if (BigInt(candidate.seq) < BigInt(moment.minSeq)) continue
    const find = live.queue.fifo === undefined ? findStandard : findFifo
    const row = await find(catalogue, live, candidate, moment)
    if (row === undefined) continue
    const { state, visible_at, receive_count, first_received_at } = row
    return {
      ...candidate,
      state,
      visibleAt: state === 'ready' ? null : visible_at,
      receiveCount: receive_count,
      firstReceivedAt: first_received_at,
    }
  }
  return undefined
}

interface Candidate {
  readonly lane: number
  readonly seq: string
}

/** The places at which it may stand: where it was sent to, if that is here, and those that moves gave it. */
async function candidates(catalogue: Kysely<Tables>, live: LiveQueue, sent: Candidate): Promise<Candidate[]> {
  const streams = live.lanes.flatMap((lane) => [lane, -lane])
  const { rows } = await sql<{ lane_id: string; seq: string }>`
    SELECT d.lane_id, d.seq FROM stanchion.dead_letter d
    WHERE d.bucket = ${live.bucket} AND d.origin_lane = ${sent.lane} AND d.origin_seq = ${sent.seq}
      AND d.lane_id = ANY (${streams}::bigint[])`.execute(catalogue)
  const moved = rows.map((row) => ({ lane: Number(row.lane_id), seq: row.seq }))
  return streams.includes(sent.lane) ? [sent, ...moved] : moved
}

async function findStandard(catalogue: Kysely<Tables>, { bucket }: LiveQueue, place: Candidate, { now }: Moment) {
  const { lane, seq } = place
  const { rows } = await sql<Row>`
    SELECT CASE WHEN p.visible_at <= ${now}::timestamptz THEN 'ready' WHEN p.lane_id < 0 AND p.receive_count = 0 THEN 'delayed' ELSE 'leased' END
        AS state,
      p.visible_at, p.receive_count, p.first_received_at
    FROM stanchion.parked_message p WHERE p.bucket = ${bucket} AND p.lane_id = ${lane} AND p.seq = ${seq}
    UNION ALL
    SELECT CASE WHEN c.visible_at <= ${now}::timestamptz THEN 'ready' ELSE 'leased' END, c.visible_at, 1, c.claimed_at
    FROM stanchion.message_log m
    CROSS JOIN LATERAL (SELECT c.* FROM stanchion.lease c
                        WHERE c.bucket = ${bucket} AND c.lane_id = ${lane} AND c.last_seq >= m.seq ORDER BY c.last_seq LIMIT 1) c
    WHERE m.bucket = ${bucket} AND m.lane_id = ${lane} AND m.seq = ${seq} AND c.first_seq <= m.seq AND c.remaining > 0
      AND get_bit(c.done, (m.ord - c.last_ord + c.size - 1)::integer) = 0
    UNION ALL
    SELECT 'ready', NULL, 0, NULL
    FROM stanchion.message_log m
    WHERE m.bucket = ${bucket} AND m.lane_id = ${lane} AND m.lane_id > 0 AND m.seq = ${seq}
      AND NOT EXISTS (SELECT 1 FROM stanchion.lease c WHERE c.bucket = ${bucket} AND c.lane_id = ${lane} AND c.last_seq >= m.seq)
    LIMIT 1`.execute(catalogue)
  return rows[0]
}

async function findFifo(catalogue: Kysely<Tables>, live: LiveQueue, { lane, seq }: Candidate, { now }: Moment) {
  const { bucket, queue } = live
  const { delaySeconds } = queue.settings
  const { rows } = await sql<Row>`
    WITH message AS (
      SELECT m.seq, m.group_id, m.seq > coalesce((SELECT c.seq FROM stanchion.fifo_cursor c
          WHERE c.bucket = ${bucket} AND c.lane_id = ${lane}), 0) AS is_unsorted
      FROM stanchion.message_log m WHERE m.bucket = ${bucket} AND m.lane_id = ${lane} AND m.seq = ${seq})
    SELECT CASE WHEN m.seq <= stanchion.fifo_due_seq_v1(${now}::timestamptz, ${delaySeconds}) THEN 'ready' ELSE 'delayed' END AS state,
      to_timestamp((m.seq >> 20) / 1000.0) + ${delaySeconds} * interval '1 second' AS visible_at, 0 AS receive_count,
      NULL::timestamptz AS first_received_at
    FROM message m WHERE m.is_unsorted
    UNION ALL
    SELECT CASE WHEN coalesce(w.visible_at, '-infinity') <= ${now}::timestamptz THEN 'ready' ELSE 'leased' END, w.visible_at,
      coalesce(w.receive_count, 0), w.first_received_at
    FROM message m
    JOIN stanchion.fifo_group f ON f.bucket = ${bucket} AND f.lane_id = ${lane} AND f.group_id = m.group_id
    LEFT JOIN LATERAL unnest(f.seqs, f.visible_at, f.receive_counts, f.first_received_at)
      w(seq, visible_at, receive_count, first_received_at) ON w.seq = m.seq
    WHERE NOT m.is_unsorted AND (w.seq IS NOT NULL OR (m.seq > f.claimed_seq AND m.seq <= f.last_seq))
    LIMIT 1`.execute(catalogue)
  return rows[0]
}
