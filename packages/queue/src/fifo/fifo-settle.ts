import { type EngineContext, STALE } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import type { Delivery } from '../messages/receipt-handle.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { FifoSettleItem, FifoSettleState } from './fifo-settle-statement.ts'

/**
 * Deletes deliveries of a FIFO queue (`timeoutSeconds` of `null`) or gives them a new timeout, and wakes who waits for what
 * that opens.
 */
export async function fifoSettle(
  context: EngineContext,
  live: LiveQueue,
  pipe: 'fifoDelete' | 'fifoChangeVisibility',
  entries: readonly { readonly delivery: Delivery; readonly timeoutSeconds: number | null }[],
): Promise<readonly FifoSettleState[] | typeof STALE> {
  if (entries.length === 0) return []
  const item: FifoSettleItem = {
    bucket: live.bucket,
    lane: live.lanes[0] as number,
    retentionSeconds: live.queue.settings.retentionSeconds,
    trustedNowMs: context.database.clock.trustedNowMs(),
    entries,
  }
  const outcome = await context.pipes[pipe].submit(item)
  if (outcome.some(({ state }) => state === 'stale')) return STALE
  const opens = outcome.flatMap(({ opensInMs }) => (opensInMs === null ? [] : [opensInMs]))
  if (opens.length > 0) context.announce(live.queue.id, Math.min(...opens), 'release')
  return outcome.map(({ state }) => state)
}

/** The error of a delivery that is over: its message is at the front of its group again, or with somebody else (G9). */
export function handleExpired(): QueueError {
  return new QueueError(
    'handleExpired',
    'The receipt handle has expired: its timeout ran out, or the message was delivered again since.',
    { field: 'receiptHandle' },
  )
}
