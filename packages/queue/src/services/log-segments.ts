import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import { toQueueError } from '../database/sqlstate.ts'
import type { Tables } from '../database/tables.ts'
import { withDuty } from './duty.ts'

/** A range of the log: messages with `lowerSeq <= seq < upperSeq`. */
export interface LogSegment {
  readonly lowerSeq: bigint
  readonly upperSeq: bigint
  readonly tableName: string
}

const MINUTE_MS = 60_000
const WIDTH_MS = 60 * MINUTE_MS
const WIDTH_MS_MIN = 15 * MINUTE_MS
const WIDTH_MS_MAX = 24 * WIDTH_MS
/** From this size on, the next segments are narrower, so that space comes back in smaller pieces. */
const LARGE_BYTES = 2 * 1024 ** 3
/** From this number of segments on, the next ones are wider: every statement looks at the list of them. */
const MANY = 8

/** Segments reach at least this far into the future. */
const AHEAD_MS = 30 * MINUTE_MS

/**
 * How much time the next segment covers.
 * @param count segments that exist
 * @param newestBytes size of the one that is being written
 */
export function segmentWidthMs(count: number, newestBytes: number): number {
  if (count >= MANY) return Math.min(WIDTH_MS_MAX, WIDTH_MS * 2 ** Math.floor((count - MANY) / 4 + 1))
  return newestBytes > LARGE_BYTES ? WIDTH_MS_MIN : WIDTH_MS
}

/** The log's segments that exist, oldest first. */
export async function listSegments(catalogue: Kysely<Tables>): Promise<LogSegment[]> {
  const rows = await catalogue.selectFrom('stanchion.log_segment').selectAll().orderBy('lower_seq').execute()
  return rows.map((row) => ({
    lowerSeq: BigInt(row.lower_seq),
    upperSeq: BigInt(row.upper_seq),
    tableName: row.table_name,
  }))
}

/**
 * Makes the log reach from now into the future, whatever the clock says. Waits for another node that is doing the same.
 * @throws QueueError `unavailable`
 */
export async function ensureSegments(database: Database): Promise<void> {
  try {
    await withDuty(database.catalogue, 'log segments', 'wait', async (transaction) => {
      const nowMs = await readNowMs(transaction)
      const segments = await listSegments(transaction)
      const oldest = segments[0]
      const newest = segments.at(-1)
      const widthMs = segmentWidthMs(segments.length, await currentBytes(transaction, segments, nowMs))
      const startMs = Math.floor(nowMs / WIDTH_MS_MIN) * WIDTH_MS_MIN
      // The clock was set back beyond the oldest segment.
      if (oldest !== undefined && toMs(oldest.lowerSeq) > nowMs)
        await createSegment(transaction, startMs, toMs(oldest.lowerSeq))
      let endMs = newest === undefined ? startMs : Math.max(startMs, toMs(newest.upperSeq))
      while (endMs < nowMs + AHEAD_MS) {
        await createSegment(transaction, endMs, endMs + widthMs)
        endMs += widthMs
      }
    })
  } catch (error) {
    throw toQueueError(error)
  }
}

async function readNowMs(transaction: Transaction<Tables>): Promise<number> {
  const { rows } = await sql<{ now: number }>`
    SELECT extract(epoch FROM stanchion.clock())::double precision * 1000 AS now`.execute(transaction)
  return rows[0]?.now as number
}

async function currentBytes(
  transaction: Transaction<Tables>,
  segments: readonly LogSegment[],
  nowMs: number,
): Promise<number> {
  const current = segments.find(({ lowerSeq, upperSeq }) => toMs(lowerSeq) <= nowMs && nowMs < toMs(upperSeq))
  if (current === undefined) return 0
  const { rows } = await sql<{ bytes: string }>`
    SELECT pg_total_relation_size(${`stanchion.${current.tableName}`}::regclass) AS bytes`.execute(transaction)
  return Number(rows[0]?.bytes)
}

function toMs(seq: bigint): number {
  return Number(seq >> 20n)
}

/**
 * Attached rather than created in place: attaching takes a lock that lets reads and writes go on. Nothing in a segment ever
 * dies, so autovacuum has nothing to do there; bodies up to a page stay in the row.
 */
async function createSegment(transaction: Transaction<Tables>, lowerMs: number, upperMs: number): Promise<void> {
  const tableName = `message_log_${lowerMs}`
  const [lower, upper] = [BigInt(lowerMs) << 20n, BigInt(upperMs) << 20n]
  const table = sql.id('stanchion', tableName)
  await sql`CREATE TABLE ${table} (LIKE stanchion.message_log INCLUDING CONSTRAINTS INCLUDING STORAGE)
    WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off, toast_tuple_target = 8160)`.execute(transaction)
  await sql`ALTER TABLE stanchion.message_log ATTACH PARTITION ${table}
    FOR VALUES FROM (${sql.lit(String(lower))}) TO (${sql.lit(String(upper))})`.execute(transaction)
  await transaction
    .insertInto('stanchion.log_segment')
    .values({ lower_seq: String(lower), upper_seq: String(upper), table_name: tableName })
    .execute()
}
