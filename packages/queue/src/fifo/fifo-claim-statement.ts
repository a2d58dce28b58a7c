import type { ClaimedMessage, ClaimItem, ClaimOutcome } from '../messages/claim-statement.ts'
import type { BatchStatement } from '../messages/statement-runner.ts'
import { FIFO_CLAIM } from '../messages/statements.ts'

/** A wish for messages of a FIFO lane, by the receives that wait for them. */
export interface FifoClaimItem extends Omit<ClaimItem, 'count' | 'floorMs' | 'wait'> {
  /** How many messages each receive wants. */
  readonly sizes: readonly number[]
  readonly delaySeconds: number
}

/** Bodies of first deliveries that one lane hands out in one statement, at most (one message always goes). */
const BYTES_MAX = 8 * 1_048_576

export const fifoClaimStatement: BatchStatement<FifoClaimItem, ClaimOutcome> = {
  operation: 'claim',
  statement: FIFO_CLAIM,
  entries: count,
  weigh: count,
  weightMax: 1_000,
  nowColumn: 11,

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
        end += item.sizes.length
        return end
      }),
      sorted.flatMap((item) => item.sizes),
      new Date(Math.min(...items.map((item) => item.trustedNowMs))).toISOString(),
      deadline,
      BYTES_MAX,
    ]
  },

  read(rows, items) {
    const nowMs = rows[0]?.[11] as number
    return items.map((item) => {
      const messages: ClaimedMessage[] = []
      const shares = item.sizes.map(() => 0)
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
        nowMs,
      }
    })
  },
}

function count(item: FifoClaimItem): number {
  return item.sizes.reduce((sum, size) => sum + size, 0)
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
  }
}
