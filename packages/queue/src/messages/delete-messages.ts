import { type EngineContext, STALE, withQueue } from '../engine-context.ts'
import { fifoSettle, handleExpired } from '../fifo/fifo-settle.ts'
import type { HandleResult, QueueKey } from '../types.ts'
import { resolveHandles } from './resolve-handles.ts'
import { checkEntryCount } from './send-messages.ts'

/**
 * Deletes messages by handle. Once acknowledged, no later receive on any node returns them (G5). A handle whose message is
 * gone already, or was delivered again since, is a success without effect (G9).
 * @returns for each handle `null`, or `invalidReceiptHandle`; on FIFO queues `handleExpired` when its delivery is over
 * @throws QueueError `queueNotFound`, `unavailable`, `outcomeUnknown`, `deadlineExceeded`, `overloaded`
 */
export function deleteMessages(
  context: EngineContext,
  key: QueueKey,
  handles: readonly string[],
): Promise<HandleResult[]> {
  checkEntryCount(handles.length)
  return withQueue(context, key, async (live, isFresh) => {
    const resolved = resolveHandles(context, live, isFresh, handles)
    if (resolved === STALE) return STALE
    if (live.queue.fifo !== undefined) {
      const places = handles.flatMap((_, i) => (resolved.deliveries[i] === undefined ? [] : [i]))
      const deliveries = resolved.deliveries.filter((delivery) => delivery !== undefined)
      if (deliveries.length === 0 && !isFresh) return STALE
      const entries = deliveries.map((delivery) => ({ delivery, timeoutSeconds: null }))
      const states = await fifoSettle(context, live, 'fifoDelete', entries)
      if (states === STALE) return STALE
      const results: HandleResult[] = resolved.errors.map((error) => error ?? null)
      states.forEach((state, i) => {
        if (state === 'expired' || state === 'superseded') results[places[i] as number] = handleExpired()
      })
      const removed = states.filter((state) => state === 'done').length
      if (removed > 0) context.observer.messagesDeleted?.(key, removed)
      return results
    }
    // Even without any delivery the statement has to say whether the queue is still there.
    const outcome = await context.pipes.delete.submit({
      bucket: live.bucket,
      queueLanes: live.lanes,
      deliveries: resolved.deliveries.filter((delivery) => delivery !== undefined),
    })
    if (outcome === undefined) return STALE
    let removed = 0
    for (const count of outcome.removed.values()) removed += count
    if (removed > 0) context.observer.messagesDeleted?.(key, removed)
    return resolved.errors.map((error) => error ?? null)
  })
}
