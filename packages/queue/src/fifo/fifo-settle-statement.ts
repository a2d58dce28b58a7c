import type { Delivery } from '../messages/receipt-handle.ts'
import type { BatchStatement } from '../messages/statement-runner.ts'
import { FIFO_SETTLE } from '../messages/statements.ts'
import { trustedNow } from '../messages/trusted-now.ts'

/** Deliveries of one call that end, or get a new timeout. */
export interface FifoSettleItem {
  readonly bucket: number
  readonly lane: number
  readonly retentionSeconds: number
  readonly trustedNowMs: number
  /** `timeoutSeconds` of `null`: the message is deleted. */
  readonly entries: readonly { readonly delivery: Delivery; readonly timeoutSeconds: number | null }[]
}

/** What became of one delivery, in the order of the outcomes of `fifo_settle_v1` and `fifo_delete_v2`. */
export type FifoSettleState = 'done' | 'gone' | 'tooLong' | 'stale' | 'expired' | 'superseded'

const STATES: readonly FifoSettleState[] = ['done', 'gone', 'tooLong', 'stale', 'expired', 'superseded']

/** @param outcome as the SQL functions number them */
export function toState(outcome: unknown): FifoSettleState {
  return STATES[outcome as number] as FifoSettleState
}

/** `opensInMs`: when the group, or the first of those that one statement touched, becomes deliverable, if it will. */
export type FifoSettleOutcome = readonly { readonly state: FifoSettleState; readonly opensInMs: number | null }[]

const inOrder = (items: readonly FifoSettleItem[]) =>
  items.flatMap((item, itemIndex) => item.entries.map((entry) => ({ ...entry, item, itemIndex })))

/** @param leaseSecondsMax how long one delivery may stay invisible in all, counted from its receive */
export function fifoChangeVisibilityStatement(
  leaseSecondsMax: number,
): BatchStatement<FifoSettleItem, FifoSettleOutcome> {
  return {
    operation: 'changeVisibility',
    statement: FIFO_SETTLE,
    entries: (item) => item.entries.length,
    weigh: (item) => item.entries.length,
    weightMax: 1_000,
    nowColumn: 3,

    bind(bucket, items, deadline) {
      const retentions = new Map(items.map((item) => [item.lane, item.retentionSeconds]))
      const lanes = [...retentions.keys()].sort((a, b) => a - b)
      const entries = inOrder(items)
      return [
        bucket,
        lanes,
        lanes.map((lane) => retentions.get(lane)),
        entries.map(({ item }) => lanes.indexOf(item.lane) + 1),
        entries.map(({ delivery }) => delivery.seq),
        entries.map(({ delivery }) => delivery.receiveCount),
        entries.map(({ timeoutSeconds }) => timeoutSeconds),
        leaseSecondsMax,
        trustedNow(items),
        deadline,
      ]
    },

    read(rows, items) {
      const results = items.map((): { state: FifoSettleState; opensInMs: number | null }[] => [])
      const entries = inOrder(items)
      const sorted = [...rows].sort((a, b) => (a[0] as number) - (b[0] as number))
      for (const [number, outcome, opensInMs] of sorted) {
        const { itemIndex } = entries[(number as number) - 1] as (typeof entries)[number]
        results[itemIndex]?.push({ state: toState(outcome), opensInMs: opensInMs as number | null })
      }
      return results
    },
  }
}
