import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { PeekState } from '../types.ts'

/** A message that was found: where it stands and how. */
export interface Place {
  /** Negative for a delay stream. */
  readonly lane: number
  readonly seq: string
  readonly state: PeekState
  /** When a leased or delayed message can be received. */
  readonly visibleAt: Date | null
  readonly receiveCount: number
  readonly firstReceivedAt: Date | null
}

/** What a look at a section is told. */
export interface Look {
  readonly live: LiveQueue
  readonly lane: number
  readonly state: PeekState
  /** The moment of the look, and the least seq that has not outlived the retention; both as the database says them. */
  readonly now: string
  readonly minSeq: string
  readonly key: readonly string[]
  readonly limit: number
}

interface Found {
  readonly places: readonly Place[]
  /** Where to go on when the section may hold more; `undefined` at its end. */
  readonly next: readonly string[] | undefined
}

/** One place where messages of a lane can stand, in an order that an index gives. */
export type Section = (catalogue: Kysely<Tables>, look: Look) => Promise<Found>

/** Rows that one look reads at most, whatever it finds: of a million leased messages it never sees more. */
const SCAN_MAX = 1_000
const GROUPS_SCAN_MAX = 200

interface Row {
  seq: string
  visible_at: Date | null
  receive_count: number
  first_received_at: Date | null
  key: string[]
  is_wanted: boolean
}

const TIME = "'YYYY-MM-DD HH24:MI:SS.USOF'"

/** The sections of a lane of a standard queue: those that come back stand before those that nobody has had. */
export const STANDARD_SECTIONS: readonly Section[] = [
  parked(1),
  parked(-1),
  leases,
  // Behind the newest lease stands what was never handed out.
  log(
    (bucket, lane) => sql`(SELECT c.last_seq FROM stanchion.lease c
    WHERE c.bucket = ${bucket} AND c.lane_id = ${lane} ORDER BY c.last_seq DESC LIMIT 1)`,
  ),
]

/** Those of a FIFO queue: its groups, then what was not sorted into one yet. */
export const FIFO_SECTIONS: readonly Section[] = [
  groups,
  log(
    (bucket, lane) =>
      sql`(SELECT c.seq FROM stanchion.fifo_cursor c WHERE c.bucket = ${bucket} AND c.lane_id = ${lane})`,
  ),
]

/** Messages that came back or are delayed, by the time at which they become visible. @param sign -1: the delay stream */
function parked(sign: 1 | -1): Section {
  return async (catalogue, { live, lane, state, now, minSeq, key, limit }) => {
    if (state === 'delayed' && sign === 1) return END
    const [afterAt = '-infinity', afterSeq = '0'] = key
    const stream = sign * lane
    const isWanted = {
      ready: sql`true`,
      leased: sign === 1 ? sql`true` : sql`p.receive_count > 0`,
      delayed: sql`p.receive_count = 0`,
    }[state]
    const { rows } = await sql<Row>`
      SELECT p.seq, p.visible_at, p.receive_count, p.first_received_at, ${isWanted} AND p.seq >= ${minSeq}::bigint AS is_wanted,
        ARRAY[to_char(p.visible_at, ${sql.raw(TIME)}), p.seq::text] AS key
      FROM stanchion.parked_message p
      WHERE p.bucket = ${live.bucket} AND p.lane_id = ${stream} AND p.visible_at >= ${afterAt}::timestamptz
        AND (p.visible_at, p.seq) > (${afterAt}::timestamptz, ${afterSeq}::bigint)
        AND ${state === 'ready' ? sql`p.visible_at <= ${now}::timestamptz` : sql`p.visible_at > ${now}::timestamptz`}
      ORDER BY p.visible_at, p.seq LIMIT ${SCAN_MAX}`.execute(catalogue)
    return found(rows, stream, state, limit, SCAN_MAX)
  }
}

/** Messages of leases that were not settled by themselves. */
async function leases(catalogue: Kysely<Tables>, look: Look): Promise<Found> {
  const { live, lane, state, now, minSeq, key, limit } = look
  if (state === 'delayed') return END
  const [afterAt = '-infinity', afterLease = '0', afterSeq = '0'] = key
  const { rows } = await sql<Row>`
    SELECT m.seq, c.visible_at, 1 AS receive_count, c.claimed_at AS first_received_at, true AS is_wanted,
      ARRAY[to_char(c.visible_at, ${sql.raw(TIME)}), c.last_seq::text, m.seq::text] AS key
    FROM (SELECT c.* FROM stanchion.lease c
          WHERE c.bucket = ${live.bucket} AND c.lane_id = ${lane} AND c.remaining > 0 AND c.visible_at >= ${afterAt}::timestamptz
            AND (c.visible_at, c.last_seq) >= (${afterAt}::timestamptz, ${afterLease}::bigint)
            AND ${state === 'ready' ? sql`c.visible_at <= ${now}::timestamptz` : sql`c.visible_at > ${now}::timestamptz`}
          ORDER BY c.visible_at, c.last_seq LIMIT ${SCAN_MAX}) c
    CROSS JOIN LATERAL (
      SELECT m.seq FROM stanchion.message_log m
      WHERE m.bucket = ${live.bucket} AND m.lane_id = ${lane} AND m.seq >= greatest(c.first_seq, ${minSeq}::bigint) AND m.seq <= c.last_seq
        AND get_bit(c.done, (m.ord - c.last_ord + c.size - 1)::integer) = 0) m
    WHERE (c.visible_at, c.last_seq, m.seq) > (${afterAt}::timestamptz, ${afterLease}::bigint, ${afterSeq}::bigint)
    ORDER BY c.visible_at, c.last_seq, m.seq LIMIT ${limit}`.execute(catalogue)
  return found(rows, lane, state, limit, limit)
}

/** What nobody has claimed, or on FIFO queues sorted: the log behind a cursor. Only there has a FIFO queue delayed messages. */
function log(cursor: (bucket: number, lane: number) => RawBuilder<unknown>): Section {
  return async (catalogue, { live, lane, state, now, minSeq, key, limit }) => {
    const { fifo, settings } = live.queue
    if (state === 'leased' || (state === 'delayed' && fifo === undefined)) return END
    const [afterSeq = '0'] = key
    const dueSeq = sql`stanchion.fifo_due_seq_v1(${now}::timestamptz, ${fifo === undefined ? 0 : settings.delaySeconds})`
    const { rows } = await sql<Row>`
      SELECT m.seq, CASE WHEN ${state === 'delayed'} THEN to_timestamp((m.seq >> 20) / 1000.0) + ${settings.delaySeconds} * interval '1 second' END
          AS visible_at,
        0 AS receive_count, NULL::timestamptz AS first_received_at, true AS is_wanted, ARRAY[m.seq::text] AS key
      FROM stanchion.message_log m
      WHERE m.bucket = ${live.bucket} AND m.lane_id = ${lane}
        AND m.seq > greatest(coalesce(${cursor(live.bucket, lane)}, 0), ${minSeq}::bigint - 1, ${afterSeq}::bigint
          ${state === 'delayed' ? sql`, ${dueSeq}` : sql``})
        AND ${state === 'delayed' ? sql`true` : sql`m.seq <= ${dueSeq}`}
      ORDER BY m.seq LIMIT ${limit}`.execute(catalogue)
    return found(rows, lane, state, limit, limit)
  }
}

/** The groups of a FIFO queue in the order of their ids, each from its front. */
async function groups(catalogue: Kysely<Tables>, look: Look): Promise<Found> {
  const { live, lane, state, now, minSeq, key, limit } = look
  if (state === 'delayed') return END
  const [afterGroup = '', afterSeq = '0'] = key
  const { rows } = await sql<Row & { group_id: string; is_last: boolean }>`
    WITH scanned AS (
      SELECT f.* FROM stanchion.fifo_group f
      WHERE f.bucket = ${live.bucket} AND f.lane_id = ${lane} AND f.group_id >= ${afterGroup}
      ORDER BY f.group_id LIMIT ${GROUPS_SCAN_MAX})
    SELECT x.seq, x.visible_at, x.receive_count, x.first_received_at, ARRAY[f.group_id, x.seq::text] AS key, true AS is_wanted
    FROM scanned f
    CROSS JOIN LATERAL (
      SELECT w.seq, w.visible_at, w.receive_count, w.first_received_at
      FROM unnest(f.seqs, f.visible_at, f.receive_counts, f.first_received_at) w(seq, visible_at, receive_count, first_received_at)
      WHERE ${state === 'ready' ? sql`w.visible_at <= ${now}::timestamptz` : sql`w.visible_at > ${now}::timestamptz`}
      UNION ALL
      (SELECT m.seq, NULL, 0, NULL FROM stanchion.message_log m
       WHERE ${state === 'ready'} AND f.pending > 0 AND m.bucket = ${live.bucket} AND m.lane_id = ${lane} AND m.group_id = f.group_id
         AND m.seq > greatest(f.claimed_seq, CASE WHEN f.group_id = ${afterGroup} THEN ${afterSeq}::bigint ELSE 0 END)
         AND m.seq <= f.last_seq
       ORDER BY m.seq LIMIT ${limit})) x
    WHERE x.seq >= ${minSeq}::bigint AND (f.group_id, x.seq) > (${afterGroup}, ${afterSeq}::bigint)
    UNION ALL
    -- Where the scan ended without the end of the groups.
    SELECT NULL, NULL, NULL, NULL, ARRAY[max(f.group_id), '9223372036854775807'], false FROM scanned f
    HAVING count(*) = ${GROUPS_SCAN_MAX}
    ORDER BY key, seq LIMIT ${limit + 1}`.execute(catalogue)
  const [mark] = rows.filter(({ is_wanted }) => !is_wanted)
  const { places, next } = found(
    rows.filter(({ is_wanted }) => is_wanted),
    lane,
    state,
    limit,
    limit,
  )
  return { places, next: next ?? mark?.key }
}

const END: Found = { places: [], next: undefined }

/** @param scanMax how many rows mean that there may be more */
function found(rows: readonly Row[], lane: number, state: PeekState, limit: number, scanMax: number): Found {
  const places: Place[] = []
  for (const row of rows) {
    if (places.length === limit) return { places, next: places.length > 0 ? keyBefore(rows, row) : undefined }
    if (!row.is_wanted) continue
    places.push({
      lane,
      seq: row.seq,
      state,
      visibleAt: state === 'ready' ? null : row.visible_at,
      receiveCount: row.receive_count,
      firstReceivedAt: row.first_received_at,
    })
  }
  return { places, next: rows.length >= scanMax ? rows.at(-1)?.key : undefined }
}

/** The key of the row before this one: what comes next begins behind it. */
function keyBefore(rows: readonly Row[], row: Row): readonly string[] | undefined {
  return rows[rows.indexOf(row) - 1]?.key
}
