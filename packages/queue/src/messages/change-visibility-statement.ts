import { compareDeliveries } from './delete-statement.ts'
import type { Delivery } from './receipt-handle.ts'
import type { BatchStatement } from './statement-runner.ts'
import { CHANGE_VISIBILITY } from './statements.ts'
import { trustedNow } from './trusted-now.ts'

/** The changes of one call, all of one queue. */
export interface ChangeVisibilityItem {
  readonly bucket: number
  readonly queueLanes: readonly number[]
  readonly retentionSeconds: number
  readonly changes: readonly { readonly delivery: Delivery; readonly timeoutSeconds: number }[]
  readonly trustedNowMs: number
}

/** What became of one change. `stale`: the lane is gone. */
export type ChangeVisibilityState = 'changed' | 'notLeased' | 'tooLong' | 'stale'

const STATES: readonly ChangeVisibilityState[] = ['changed', 'notLeased', 'tooLong', 'stale']

/** An item's changes with their places in the call, in the order of the statement. */
function inStatementOrder(items: readonly ChangeVisibilityItem[]) {
  return items
    .flatMap((item, itemIndex) => item.changes.map((change, index) => ({ item, itemIndex, index, ...change })))
    .sort((a, b) => compareDeliveries(a.delivery, b.delivery))
}

/** @param leaseSecondsMax how long one delivery may stay invisible in all, counted from its receive */
export function changeVisibilityStatement(
  leaseSecondsMax: number,
): BatchStatement<ChangeVisibilityItem, ChangeVisibilityState[]> {
  return {
    operation: 'changeVisibility',
    statement: CHANGE_VISIBILITY,
    entries: (item) => item.changes.length,
    weigh: (item) => item.changes.length,
    weightMax: 500,
    nowColumn: 2,

    bind(bucket, items, deadline) {
      const changes = inStatementOrder(items)
      return [
        bucket,
        [...new Set(items.flatMap((item) => item.queueLanes))].sort((a, b) => a - b),
        changes.map((change) => change.delivery.lane),
        changes.map((change) => change.delivery.leaseSeq),
        changes.map((change) => change.delivery.leaseIndex),
        changes.map((change) => change.delivery.seq),
        changes.map((change) => change.delivery.receiveCount),
        changes.map((change) => change.timeoutSeconds),
        changes.map((change) => change.item.retentionSeconds),
        leaseSecondsMax,
        trustedNow(items),
        deadline,
      ]
    },

    read(rows, items) {
      const results = items.map((item) => item.changes.map((): ChangeVisibilityState => 'stale'))
      const changes = inStatementOrder(items)
      for (const [number, outcome] of rows) {
        const change = changes[(number as number) - 1]
        const result = change === undefined ? undefined : results[change.itemIndex]
        if (change === undefined || result === undefined) continue
        result[change.index] = STATES[outcome as number] ?? 'stale'
      }
      return results
    },
  }
}
