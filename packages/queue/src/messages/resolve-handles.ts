import { type EngineContext, STALE } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { Delivery } from './receipt-handle.ts'

/** What a call's handles stand for. */
export interface ResolvedHandles {
  /** In the order of the call; `undefined` where there is nothing to do for the database. */
  readonly deliveries: readonly (Delivery | undefined)[]
  /** The errors of handles that were never issued for this queue. */
  readonly errors: readonly (QueueError | undefined)[]
  /** Whether a delivery without an error is missing because a purge took its lane. */
  readonly purged: readonly boolean[]
}

/**
 * Reads the handles of a call. A handle of another queue, or of a lane that this node does not know, may only mean that
 * the copy of the queue is outdated: then the answer is `STALE`, unless the copy was read during this call.
 */
export function resolveHandles(
  context: EngineContext,
  live: LiveQueue,
  isFresh: boolean,
  handles: readonly string[],
): ResolvedHandles | typeof STALE {
  const deliveries: (Delivery | undefined)[] = []
  const errors: (QueueError | undefined)[] = []
  const purged: boolean[] = []
  let isSuspicious = false
  for (const handle of handles) {
    const delivery = context.handles.decode(handle)
    const isForeign = delivery !== undefined && delivery.queueId !== live.queue.id
    const isPurged = delivery !== undefined && !isForeign && !live.lanes.includes(Math.abs(delivery.lane))
    isSuspicious ||= isForeign || isPurged
    deliveries.push(isForeign || isPurged ? undefined : delivery)
    purged.push(isPurged)
    errors.push(
      delivery === undefined || isForeign
        ? new QueueError('invalidReceiptHandle', 'The receipt handle was not issued for this queue.', {
            field: 'receiptHandle',
          })
        : undefined,
    )
  }
  if (isSuspicious && !isFresh) return STALE
  return { deliveries, errors, purged }
}
