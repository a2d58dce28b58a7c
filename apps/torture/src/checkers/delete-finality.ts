import type { Deletion, Delivery, History } from '../history/index-history.ts'
import { type Checker, CLOCK_MARGIN_MS, Findings } from './checker.ts'
import { earliestLeaseEndMs } from './lease-end.ts'

/** After a deletion with the current handle was acknowledged, no receive that was invoked later returns the message. */
export const deleteFinality: Checker = {
  name: 'delete finality',
  promises: ['G5'],
  check(history) {
    const findings = new Findings()
    for (const { deliveries, deletions } of history.messages.values()) {
      for (const deletion of deletions) {
        const delivery = history.deliveriesByHandle.get(deletion.handle)
        if (deletion.outcome !== 'ok' || deletion.isAltered || delivery === undefined) continue
        const again = deliveries.find(
          (other) => other.invokedAt > deletion.completedAt && wasCurrent(history, delivery, deletion, other),
        )
        findings.expect(
          again === undefined,
          () => `${again?.queue} delivered ${delivery.value} again after its deletion had been acknowledged`,
          delivery,
          deletion,
          ...(again === undefined ? [] : [again]),
        )
      }
    }
    return findings
  },
}

/** Whether the handle was certainly the current one when it was deleted with. */
function wasCurrent(history: History, delivery: Delivery, deletion: Deletion, again: Delivery): boolean {
  const leaseEndMs = earliestLeaseEndMs(history, delivery, deletion)
  if (deletion.completedMs < leaseEndMs - CLOCK_MARGIN_MS) return true
  // A move to the dead-letter queue supersedes a handle, too, and does not count.
  if (again.queue !== delivery.queue) return false
  // A FIFO queue refuses any other, and nothing was claimed in between when the counts are neighbours.
  return history.queues.get(delivery.queue)?.kind === 'fifo' || again.receiveCount === delivery.receiveCount + 1
}
