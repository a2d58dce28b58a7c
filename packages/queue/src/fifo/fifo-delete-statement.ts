import type { BatchStatement } from '../messages/statement-runner.ts'
import { FIFO_DELETE } from '../messages/statements.ts'
import { trustedNow } from '../messages/trusted-now.ts'
import { type FifoSettleItem, type FifoSettleOutcome, type FifoSettleState, toState } from './fifo-settle-statement.ts'

/** Ends deliveries of FIFO lanes. */
export const fifoDeleteStatement: BatchStatement<FifoSettleItem, FifoSettleOutcome> = {
  operation: 'delete',
  statement: FIFO_DELETE,
  entries: (item) => item.entries.length,
  weigh: (item) => item.entries.length,
  weightMax: 1_000,
  nowColumn: 5,

  bind(bucket, items, deadline) {
    const sorted = inStatementOrder(items)
    const entries = sorted.flatMap((item) => item.entries)
    const ends = new Map<number, number>()
    const retentions = new Map<number, number>()
    let end = 0
    for (const item of sorted) {
      end += item.entries.length
      ends.set(item.lane, end)
      retentions.set(item.lane, item.retentionSeconds)
    }
    return [
      bucket,
      [...ends.keys()],
      [...retentions.values()],
      [...ends.values()],
      entries.map(({ delivery }) => delivery.seq),
      entries.map(({ delivery }) => delivery.receiveCount),
      trustedNow(items),
      deadline,
    ]
  },

  read(rows, items) {
    const answers = new Map(rows.map((row) => [Number(row[0]), row]))
    const results = new Map<FifoSettleItem, FifoSettleOutcome>()
    let place = 0
    for (const item of inStatementOrder(items)) {
      const [, isGone, places, outcomes, opensInMs] = answers.get(item.lane) as readonly unknown[]
      const outcome = item.entries.map((): FifoSettleOutcome[number] => {
        place++
        const state = isGone ? 'stale' : stateOf(place, places as number[] | null, outcomes as number[] | null)
        return { state, opensInMs: state === 'done' ? (opensInMs as number | null) : null }
      })
      results.set(item, outcome)
    }
    return items.map((item) => results.get(item) as FifoSettleOutcome)
  },
}

function stateOf(place: number, places: readonly number[] | null, outcomes: readonly number[] | null): FifoSettleState {
  const index = places?.indexOf(place) ?? -1
  return index === -1 ? 'done' : toState(outcomes?.[index])
}

function inStatementOrder(items: readonly FifoSettleItem[]): readonly FifoSettleItem[] {
  return [...items].sort((a, b) => a.lane - b.lane)
}
