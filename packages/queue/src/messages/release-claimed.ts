import type { EngineContext } from '../engine-context.ts'
import { fifoSettle } from '../fifo/fifo-settle.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { ClaimedMessage } from './claim-statement.ts'
import { toDelivery } from './receive-messages.ts'

/**
 * Gives back what was claimed for a caller who has left. The delivery counts all the same (G10); when this fails, the lease
 * simply runs out.
 */
export function releaseClaimed(context: EngineContext, live: LiveQueue, messages: readonly ClaimedMessage[]): void {
  const released = () => context.observer.messagesReleased?.(live.queue, messages.length)
  const failed = (error: unknown) =>
    context.logger.warn({ err: error, queueId: live.queue.id }, 'messages of a caller who left could not be released')
  if (live.queue.fifo !== undefined) {
    const entries = messages.map((message) => ({ delivery: toDelivery(live, message), timeoutSeconds: 0 }))
    fifoSettle(context, live, 'fifoChangeVisibility', entries).then(released).catch(failed)
    return
  }
  context.pipes.changeVisibility
    .submit({
      bucket: live.bucket,
      queueLanes: live.lanes,
      retentionSeconds: live.queue.settings.retentionSeconds,
      trustedNowMs: context.database.clock.trustedNowMs(),
      changes: messages.map((message) => ({ delivery: toDelivery(live, message), timeoutSeconds: 0 })),
    })
    .then(() => {
      released()
      context.announce(live.queue.id, 0, 'release')
    })
    .catch(failed)
}
