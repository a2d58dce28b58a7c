import type { Delivery, History, Receive } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'

/**
 * The receive count is 1 at first and rises by 1 with each claim. A number that nobody has seen belongs to a claim whose answer was lost:
 * so there are no more of them than receives with an unknown outcome.
 */
export const receiveCounts: Checker = {
  name: 'receive counts',
  promises: ['G10'],
  check(history) {
    const findings = new Findings()
    const lost = history.receives.filter(({ outcome }) => outcome === 'unknown')
    for (const { deliveries } of history.messages.values()) {
      for (const [i, delivery] of deliveries.entries()) {
        const before = deliveries[i - 1]
        const gap = delivery.receiveCount - (before?.receiveCount ?? 0) - 1
        findings.expect(
          gap >= 0,
          () => `${delivery.value} was delivered twice with the receive count ${delivery.receiveCount}`,
          ...(before === undefined ? [] : [before]),
          delivery,
        )
        if (before !== undefined) {
          findings.expect(
            before.invokedAt < delivery.completedAt,
            () => `the receive count of ${delivery.value} fell from ${before.receiveCount} to ${delivery.receiveCount}`,
            before,
            delivery,
          )
        }
        findings.expect(
          gap <= 0 || gap <= lostBefore(history, lost, delivery),
          () =>
            `${delivery.value} was delivered with the receive count ${delivery.receiveCount}, ${gap} more than claims explain`,
          ...(before === undefined ? [] : [before]),
          delivery,
        )
      }
    }
    return findings
  },
}

/** How many receives with an unknown outcome can have claimed the message before, from here or where it came from. */
function lostBefore(history: History, lost: readonly Receive[], delivery: Delivery): number {
  const send = history.sendsByValue.get(delivery.value)
  return lost.filter(
    ({ queue, invokedAt }) => (queue === delivery.queue || queue === send?.queue) && invokedAt < delivery.completedAt,
  ).length
}
