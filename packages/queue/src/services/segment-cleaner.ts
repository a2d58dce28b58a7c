import { type Kysely, sql } from 'kysely'
import type { DatabaseClock } from '../database/database-clock.ts'
import type { Tables } from '../database/tables.ts'
import type { EngineLogger } from '../types.ts'
import { withDuty } from './duty.ts'
import { type LogSegment, listSegments } from './log-segments.ts'

/** A segment is closed for good this long after its end: no statement that could still write into it lives so long. */
const SETTLE_MS = 60_000
/** A lane with more unfinished messages than this keeps its segment; with fewer, they are copied out of it. */
const STRAGGLERS_MAX = 1_000
/** Bodies copied in one round, at most. */
const COPIES_MAX = 10_000
const LANES_A_STEP = 500
/** A truncation that cannot have its lock at once would queue every sender behind it. */
const LOCK_TIMEOUT_MS = 50

const NOT_BEFORE = { bucket: -1, lane: '-9223372036854775808' }

/** Where the check of a segment stands: every lane up to here is finished with it, for ever. */
interface Progress {
  bucket: number
  lane: string
}

/**
 * Gives the space of finished log segments back. A segment goes when no lane needs it any more; the few messages that
 * still do are copied out of it. What a round has proved for a lane stays proved, so later rounds go on from there.
 */
export class SegmentCleaner {
  readonly #catalogue: Kysely<Tables>
  readonly #clock: DatabaseClock
  readonly #logger: EngineLogger
  readonly #progress = new Map<string, Progress>()

  readonly #beforeDrop: () => Promise<void>

  /** @param beforeDrop is done before rows of the log vanish: the last chance to count them */
  constructor(catalogue: Kysely<Tables>, clock: DatabaseClock, logger: EngineLogger, beforeDrop: () => Promise<void>) {
    this.#beforeDrop = beforeDrop
    this.#catalogue = catalogue
    this.#clock = clock
    this.#logger = logger
  }

  /** One round over all closed segments, oldest first. */
  async round(): Promise<void> {
    const segments = await listSegments(this.#catalogue)
    const closedMs = Math.min(this.#clock.nowMs(), this.#clock.trustedNowMs()) - SETTLE_MS
    let copies = COPIES_MAX
    for (const segment of segments) {
      if (Number(segment.upperSeq >> 20n) > closedMs) break
      const { isFinished, copied } = await this.#check(segment, copies)
      copies -= copied
      if (isFinished) await this.#drop(segment)
    }
  }

  async #check(segment: LogSegment, copiesMax: number): Promise<{ isFinished: boolean; copied: number }> {
    const progress = this.#progress.get(segment.tableName) ?? { ...NOT_BEFORE }
    this.#progress.set(segment.tableName, progress)
    let copied = 0
    for (;;) {
      const lanes = await this.#unfinishedLanes(segment, progress)
      for (const { bucket, lane_id, unfinished } of lanes) {
        if (Number(unfinished) > 0) {
          if (Number(unfinished) > Math.min(STRAGGLERS_MAX, copiesMax - copied)) return { isFinished: false, copied }
          copied += await this.#copyForward(segment, bucket, lane_id)
          // Looked at once more before it counts as finished.
          break
        }
        progress.bucket = bucket
        progress.lane = lane_id
      }
      if (lanes.length === 0) return { isFinished: true, copied }
    }
  }

  async #unfinishedLanes(segment: LogSegment, after: Progress) {
    const { rows } = await sql<{ bucket: number; lane_id: string; unfinished: string }>`
      SELECT bucket, lane_id, unfinished FROM stanchion.unfinished_lanes_v2(
        ${String(segment.lowerSeq)}, ${String(segment.upperSeq)}, ${after.bucket}, ${after.lane}, ${LANES_A_STEP},
        ${this.#trustedNow()})`.execute(this.#catalogue)
    return rows
  }

  async #copyForward(segment: LogSegment, bucket: number, lane: string): Promise<number> {
    const { rows } = await sql<{ copied: number }>`
      SELECT stanchion.copy_forward_v1(${bucket}, ${lane}, ${String(segment.lowerSeq)}, ${String(segment.upperSeq)},
        ${this.#trustedNow()}) AS copied`.execute(this.#catalogue)
    return rows[0]?.copied ?? 0
  }

  async #drop(segment: LogSegment): Promise<void> {
    await this.#beforeDrop()
    try {
      await withDuty(this.#catalogue, 'log segments', 'skip', async (transaction) => {
        await sql`SET LOCAL lock_timeout = ${sql.lit(LOCK_TIMEOUT_MS)}`.execute(transaction)
        await sql`DROP TABLE IF EXISTS ${sql.id('stanchion', segment.tableName)}`.execute(transaction)
        await transaction
          .deleteFrom('stanchion.log_segment')
          .where('lower_seq', '=', String(segment.lowerSeq))
          .execute()
      })
      this.#progress.delete(segment.tableName)
      this.#logger.info({ segment: segment.tableName }, 'a finished segment of the log was dropped')
    } catch (error) {
      if ((error as { code?: string }).code !== '55P03') throw error
      this.#logger.debug({ segment: segment.tableName }, 'a finished segment is being read; it will be dropped later')
    }
  }

  #trustedNow(): string {
    return new Date(this.#clock.trustedNowMs()).toISOString()
  }
}
