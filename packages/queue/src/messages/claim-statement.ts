import {
  bindDeadLetters,
  type DeadLetterOutcome,
  type DeadLetterRoute,
  type MessageOrigin,
  readDeadLetters,
  readOrigin,
} from '../dead-letters/dead-letter-columns.ts'
import { QUEUE_SETTING_RANGES } from '../limits.ts'
import type { BatchStatement } from './statement-runner.ts'
import { CLAIM } from './statements.ts'
import { trustedNow } from './trusted-now.ts'

/** A wish for messages of one lane. A batch holds at most one for each lane. */
export interface ClaimItem {
  readonly bucket: number
  readonly lane: number
  readonly version: number
  readonly count: number
  readonly timeoutSeconds: number
  readonly retentionSeconds: number
  /** Nothing older can be due: epoch milliseconds, or `-Infinity` to look at everything. */
  readonly floorMs: number
  /** Wait for the lane instead of passing over it while somebody else claims from it. */
  readonly wait: boolean
  /** What this node holds for the time, see `DatabaseClock.trustedNowMs`. */
  readonly trustedNowMs: number
  /** Where messages go that were handed out too often; absent when the queue says nothing, or its target is not there. */
  readonly deadLetters?: DeadLetterRoute | undefined
  /** Whether anybody still waits for the messages; asked when the statement is made. */
  isWanted(): boolean
}

/** One message that a claim got. */
export interface ClaimedMessage {
  /** Negative for a delay stream. */
  readonly lane: number
  readonly sentAtMs: number
  readonly counter: number
  readonly leaseSeq: bigint
  readonly leaseIndex: number
  readonly receiveCount: number
  readonly firstReceivedAtMs: number
  readonly body: string
  readonly attributes: string | null
  /** On FIFO queues. */
  readonly fifo?: { readonly groupId: string; readonly deduplicationId: string }
  /** Of a message that was moved here: where it was sent to, and the queue that it came from last. */
  readonly origin?: MessageOrigin
}

export interface ClaimOutcome {
  /** `busy`: somebody else was claiming from the lane; `stale`: it is gone, or the queue was changed. */
  readonly state: 'claimed' | 'busy' | 'stale'
  readonly messages: readonly ClaimedMessage[]
  /** Absent when nobody looked for dead letters. */
  readonly deadLetters?: DeadLetterOutcome | undefined
  /** On FIFO queues: how many of the messages, in order, each receive gets. Absent: as many as it wants. */
  readonly shares?: readonly number[]
  /** The claim stopped before it had looked at everything: ask again before anybody hears "empty". */
  readonly hasMore?: boolean
  /** When fewer than asked were found: in how many milliseconds the next one becomes due, if any will. */
  readonly nextDueInMs: number | undefined
  /** Whether the search left nothing behind that is due and not older than its floor. */
  readonly isNothingDue: boolean
  /** The database's time of this claim. */
  readonly nowMs: number
  /** The number of the tick that it was part of: it saw what ticks up to this one stored. Absent: it was part of none. */
  readonly tick?: number
}

/** The outcome of a claim that nobody waited for any more, and that was not made: it says nothing about what is there. */
export function notClaimed(nowMs: number): ClaimOutcome {
  return { state: 'claimed', messages: [], hasMore: true, nextDueInMs: undefined, isNothingDue: false, nowMs }
}

/** Bodies of first deliveries that one lane hands out in one statement, at most (one message always goes). */
const BYTES_MAX = 8 * 1_048_576
const COUNT_MAX = 1_000

export const claimStatement: BatchStatement<ClaimItem, ClaimOutcome> = {
  operation: 'claim',
  statement: CLAIM,
  entries: (item) => item.count,
  weigh: (item) => item.count,
  weightMax: COUNT_MAX,
  nowColumn: 11,

  bind(bucket, items, deadline) {
    const sorted = [...items].sort((a, b) => a.lane - b.lane)
    return [
      bucket,
      sorted.map((item) => item.lane),
      sorted.map((item) => item.version),
      sorted.map((item) => item.count),
      sorted.map((item) => item.timeoutSeconds),
      sorted.map((item) => item.retentionSeconds),
      sorted.map((item) => (Number.isFinite(item.floorMs) ? new Date(item.floorMs).toISOString() : '-infinity')),
      items.some((item) => item.wait),
      trustedNow(items),
      deadline,
      BYTES_MAX,
      ...bindDeadLetters(sorted),
    ]
  },

  read(rows, items) {
    const outcomes = new Map<
      number,
      {
        state: ClaimOutcome['state']
        messages: ClaimedMessage[]
        /** Rows of first deliveries that do not repeat what their lease says. */
        firstDeliveries: (readonly unknown[])[]
        isNothingDue: boolean
        due?: number
        deadLetters?: DeadLetterOutcome | undefined
      }
    >()
    let nowMs = 0
    for (const row of rows) {
      const lane = Number(row[0])
      let outcome = outcomes.get(lane)
      if (outcome === undefined) {
        outcome = { state: 'claimed', messages: [], firstDeliveries: [], isNothingDue: false }
        outcomes.set(lane, outcome)
      }
      if (row[3] === null) {
        nowMs = row[11] as number
        if (row[1] === true) outcome.state = 'stale'
        outcome.isNothingDue = row[13] === true
        if (row[12] !== null) outcome.due = row[12] as number
        outcome.deadLetters = readDeadLetters(row)
        outcome.messages.push(...toFirstDeliveries(lane, outcome.firstDeliveries, nowMs))
      } else if (row[2] === null) {
        outcome.firstDeliveries.push(row)
      } else {
        outcome.messages.push(toClaimedMessage(row))
      }
    }
    return items.map((item) => {
      const outcome = outcomes.get(item.lane)
      // A lane without a row was passed over, or is gone; where the statement waited it can only be gone.
      if (outcome === undefined) {
        const state = items.some((other) => other.wait) ? 'stale' : 'busy'
        return { state, messages: [], nextDueInMs: undefined, isNothingDue: false, nowMs }
      }
      const { deadLetters } = outcome
      // Dead letters were all that this claim had the time for, or another message may not have fitted in.
      const isCutShort =
        (deadLetters !== undefined && deadLetters.moved > deadLetters.movedOn && !outcome.isNothingDue) ||
        isNearlyFull(outcome.messages)
      return {
        state: outcome.state,
        messages: outcome.messages,
        deadLetters,
        hasMore: isCutShort && outcome.messages.length < item.count,
        nextDueInMs: outcome.due,
        isNothingDue: outcome.isNothingDue,
        nowMs,
      }
    })
  },
}

/** Columns that say something in rows of messages only, or about dead letters. */
const OF_MESSAGES: readonly null[] = new Array(9).fill(null)
const OF_DEAD_LETTERS: readonly null[] = new Array(5).fill(null)

/** The row that says how a claim of a lane went on which nothing came back. */
export function rowOfLane(lane: number, stale: boolean, nowMs: number, dueInMs: number | null): unknown[] {
  return [lane, stale, ...OF_MESSAGES, nowMs, dueInMs, true, ...OF_DEAD_LETTERS]
}

/** Whether a largest message on top would be more than one claim hands out. */
function isNearlyFull(messages: readonly ClaimedMessage[]): boolean {
  const bytesMax = BYTES_MAX - QUEUE_SETTING_RANGES.messageBytesMax.max
  // A unit of UTF-16 has three bytes at most, and its number is known without looking.
  if (messages.reduce((units, { body }) => units + body.length, 0) * 3 <= bytesMax) return false
  return messages.reduce((bytes, { body }) => bytes + Buffer.byteLength(body), 0) > bytesMax
}

/** The messages of one lease, which is named after the last of them. */
function toFirstDeliveries(lane: number, rows: readonly (readonly unknown[])[], nowMs: number): ClaimedMessage[] {
  const last = rows.at(-1)
  if (last === undefined) return []
  const leaseSeq = (BigInt(last[3] as number) << 20n) | BigInt(last[4] as number)
  return rows.map((row) => ({
    lane,
    sentAtMs: row[3] as number,
    counter: row[4] as number,
    leaseSeq,
    leaseIndex: row[6] as number,
    receiveCount: 1,
    firstReceivedAtMs: Math.floor(nowMs),
    body: row[9] as string,
    attributes: row[10] as string | null,
  }))
}

function toClaimedMessage(row: readonly unknown[]): ClaimedMessage {
  if (row[9] === null) throw new Error('a lease without a body: its log segment is gone')
  return {
    lane: Number(row[2]),
    sentAtMs: row[3] as number,
    counter: row[4] as number,
    leaseSeq: BigInt(row[5] as string),
    leaseIndex: row[6] as number,
    receiveCount: row[7] as number,
    firstReceivedAtMs: Math.floor(row[8] as number),
    body: row[9] as string,
    attributes: row[10] as string | null,
    ...readOrigin(row),
  }
}
