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
    const found = new Map<number, Found & { messages: ClaimedMessage[]; firstDeliveries: (readonly unknown[])[] }>()
    let nowMs = 0
    for (const row of rows) {
      const lane = Number(row[CLAIM_COLUMN.lane])
      let ofLane = found.get(lane)
      if (ofLane === undefined) {
        ofLane = { isStale: false, messages: [], firstDeliveries: [], dueInMs: null, isNothingDue: false }
        found.set(lane, ofLane)
      }
      if (row[CLAIM_COLUMN.sentAt] === null) {
        nowMs = row[CLAIM_COLUMN.now] as number
        ofLane.isStale = row[CLAIM_COLUMN.stale] === true
        ofLane.isNothingDue = row[CLAIM_COLUMN.nothingDue] === true
        ofLane.dueInMs = row[CLAIM_COLUMN.due] as number | null
        ofLane.deadLetters = readDeadLetters(row)
        ofLane.messages.push(...toFirstDeliveries(lane, ofLane.firstDeliveries, CLAIM_COLUMN, nowMs))
      } else if (row[CLAIM_COLUMN.messageLane] === null) {
        ofLane.firstDeliveries.push(row)
      } else {
        ofLane.messages.push(toClaimedMessage(row))
      }
    }
    return items.map((item) => {
      const ofLane = found.get(item.lane)
      if (ofLane !== undefined) return toOutcome(ofLane, item, nowMs)
      // A lane without a row was passed over, or is gone; where the statement waited it can only be gone.
      const state = items.some((other) => other.wait) ? 'stale' : 'busy'
      return { state, messages: [], nextDueInMs: undefined, isNothingDue: false, nowMs }
    })
  },
}

/** Columns of the answer of every claim; those about dead letters come behind them. */
export const CLAIM_COLUMN = {
  lane: 0,
  stale: 1,
  messageLane: 2,
  sentAt: 3,
  counter: 4,
  leaseSeq: 5,
  leaseIndex: 6,
  receiveCount: 7,
  firstReceivedAt: 8,
  body: 9,
  attributes: 10,
  now: 11,
  due: 12,
  nothingDue: 13,
} as const

/** What a claim found in a lane. */
export interface Found {
  isStale: boolean
  messages: readonly ClaimedMessage[]
  dueInMs: number | null
  isNothingDue: boolean
  deadLetters?: DeadLetterOutcome | undefined
}

/** What that means to whoever asked. */
export function toOutcome(found: Found, item: ClaimItem, nowMs: number): ClaimOutcome {
  const { isStale, messages, dueInMs, isNothingDue, deadLetters } = found
  // Dead letters were all that this claim had the time for, or another message may not have fitted in.
  const isCutShort =
    (deadLetters !== undefined && deadLetters.moved > deadLetters.movedOn && !isNothingDue) || isNearlyFull(messages)
  return {
    state: isStale ? 'stale' : 'claimed',
    messages,
    deadLetters,
    hasMore: isCutShort && messages.length < item.count,
    nextDueInMs: dueInMs ?? undefined,
    isNothingDue,
    nowMs,
  }
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

/**
 * The messages of one lease, which is named after the last of them and begins at `nowMs`.
 * @param column where rows say what differs between them
 */
export function toFirstDeliveries(
  lane: number,
  rows: readonly (readonly unknown[])[],
  column: Readonly<Record<'sentAt' | 'counter' | 'leaseIndex' | 'body' | 'attributes', number>>,
  nowMs: number,
): ClaimedMessage[] {
  const last = rows.at(-1)
  if (last === undefined) return []
  const leaseSeq = (BigInt(last[column.sentAt] as number) << 20n) | BigInt(last[column.counter] as number)
  return rows.map((row) => ({
    lane,
    sentAtMs: row[column.sentAt] as number,
    counter: row[column.counter] as number,
    leaseSeq,
    leaseIndex: row[column.leaseIndex] as number,
    receiveCount: 1,
    firstReceivedAtMs: Math.floor(nowMs),
    body: row[column.body] as string,
    attributes: row[column.attributes] as string | null,
  }))
}

function toClaimedMessage(row: readonly unknown[]): ClaimedMessage {
  const body = row[CLAIM_COLUMN.body] as string | null
  if (body === null) throw new Error('a lease without a body: its log segment is gone')
  return {
    lane: Number(row[CLAIM_COLUMN.messageLane]),
    sentAtMs: row[CLAIM_COLUMN.sentAt] as number,
    counter: row[CLAIM_COLUMN.counter] as number,
    leaseSeq: BigInt(row[CLAIM_COLUMN.leaseSeq] as string),
    leaseIndex: row[CLAIM_COLUMN.leaseIndex] as number,
    receiveCount: row[CLAIM_COLUMN.receiveCount] as number,
    firstReceivedAtMs: Math.floor(row[CLAIM_COLUMN.firstReceivedAt] as number),
    body,
    attributes: row[CLAIM_COLUMN.attributes] as string | null,
    ...readOrigin(row),
  }
}
