import { type EngineContext, STALE, withQueue } from '../engine-context.ts'
import type { HandleResult, QueueKey } from '../types.ts'
import { resolveHandles } from './resolve-handles.ts'
import { checkEntryCount } from './send-messages.ts'

/**
 * Deletes messages by handle. Once acknowledged, no later receive on any node returns them (G5). A handle whose message is
 * gone already, or was delivered again since, is a success without effect (G9).
 * @returns for each handle `null`, or `invalidReceiptHandle`
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
