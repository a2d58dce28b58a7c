import { bindDeadLetters, readDeadLetters, readOrigin } from '../dead-letters/dead-letter-columns.ts'
import { type ClaimedMessage, type ClaimItem, type ClaimOutcome, notClaimed } from '../messages/claim-statement.ts'
import type { BatchStatement } from '../messages/statement-runner.ts'
import { FIFO_CLAIM } from '../messages/statements.ts'
import { trustedNow } from '../messages/trusted-now.ts'

/** One receive that waits for messages of a FIFO lane. */
export interface FifoReceive {
  readonly size: number
  /** No two receives of an item have the same. */
  readonly attemptId: string | undefined
  /** Whether its caller is still there; asked when the statement is made. */
  isWanted(): boolean
}

/** A wish for messages of a FIFO lane, by the receives that wait for them. */
export interface FifoClaimItem extends Omit<ClaimItem, 'count' | 'floorMs' | 'wait' | 'isWanted'> {
  readonly receives: readonly FifoReceive[]
  readonly delaySeconds: number
}

/** Bodies that one lane hands out in one statement, at most (one message always goes). */
const BYTES_MAX = 8 * 1_048_576

/** @param leaseSecondsMax how long one delivery may stay invisible in all, counted from its receive */
export function fifoClaimStatement(leaseSecondsMax: number): BatchStatement<FifoClaimItem, ClaimOutcome> {
  return {
    operation: 'claim',
    statement: FIFO_CLAIM,
    entries: count,
    weigh: count,
    weightMax: 1_000,
    nowColumn: 11,

    skip(item, nowMs) {
      return item.receives.some((receive) => receive.isWanted()) ? undefined : { ...notClaimed(nowMs), shares: [] }
    },

    bind(bucket, items, deadline) {
      const sorted = [...items].sort((a, b) => a.lane - b.lane)
      let end = 0
      return [
        bucket,
        sorted.map((item) => item.lane),
        sorted.map((item) => item.version),
        sorted.map((item) => item.timeoutSeconds),
        sorted.map((item) => item.retentionSeconds),
        sorted.map((item) => item.delaySeconds),
        sorted.map((item) => {
          end += item.receives.length
          return end
        }),
        sorted.flatMap((item) => item.receives.map((receive) => (receive.isWanted() ? receive.size : 0))),
        sorted.flatMap((item) => item.receives.map((receive) => receive.attemptId ?? null)),
        leaseSecondsMax,
        trustedNow(items),
        deadline,
        BYTES_MAX,
        ...bindDeadLetters(sorted),
      ]
    },

    read(rows, items) {
      const nowMs = rows[0]?.[11] as number
      return items.map((item) => {
        const messages: ClaimedMessage[] = []
        const shares = item.receives.map(() => 0)
        let last: readonly unknown[] = []
        for (const row of rows) {
          if (Number(row[0]) !== item.lane) continue
          if (row[3] === null) {
            last = row
            continue
          }
          messages.push(toClaimedMessage(item.lane, row))
          const receive = (row[2] as number) - 1
          shares[receive] = (shares[receive] ?? 0) + 1
        }
        return {
          state: last[1] === false ? 'claimed' : 'stale',
          messages,
          shares,
          hasMore: last[13] === true,
          nextDueInMs: (last[12] as number | null) ?? undefined,
          isNothingDue: true,
          deadLetters: last.length === 0 ? undefined : readDeadLetters(last),
          nowMs,
        }
      })
    },
  }
}

function count(item: FifoClaimItem): number {
  return item.receives.reduce((sum, { size }) => sum + size, 0)
}

function toClaimedMessage(lane: number, row: readonly unknown[]): ClaimedMessage {
  if (row[7] === null) throw new Error('a group without a body: its log segment is gone')
  return {
    lane,
    sentAtMs: row[3] as number,
    counter: row[4] as number,
    leaseSeq: 0n,
    leaseIndex: 0,
    receiveCount: row[5] as number,
    firstReceivedAtMs: Math.floor(row[6] as number),
    body: row[7] as string,
    attributes: row[8] as string | null,
    fifo: { groupId: row[9] as string, deduplicationId: row[10] as string },
    ...readOrigin(row),
  }
}
