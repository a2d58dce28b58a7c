import type { Delivery, History } from '../history/index-history.ts'
import { type Checker, CLOCK_MARGIN_MS, Findings } from './checker.ts'
import { earliestLeaseEndMs } from './lease-end.ts'

/** During the lease of a message no other receive returns it. */
export const leases: Checker = {
  name: 'lease exclusivity',
  promises: ['G6'],
  check(history) {
    const findings = new Findings()
    for (const { deliveries } of history.messages.values()) {
      for (const [i, later] of deliveries.entries()) {
        for (const earlier of deliveries.slice(0, i)) {
          findings.expect(
            !isInside(history, earlier, later),
            () =>
              `${later.queue} delivered ${later.value} at ${later.completedMs} ms to ${later.client}, while ${earlier.client} ` +
              `had it leased since ${earlier.invokedMs} ms for ${earlier.leaseSeconds} s`,
            earlier,
            later,
          )
        }
      }
    }
    return findings
  },
}

/** Whether one of two deliveries was certainly made while the lease of the other one ran. */
function isInside(history: History, a: Delivery, b: Delivery): boolean {
  const bInA = endsBefore(history, b, a)
  const aInB = endsBefore(history, a, b)
  if (a.completedAt < b.invokedAt) return bInA
  if (b.completedAt < a.invokedAt) return aInB
  // Whichever came first: the receive count says so where the server counts.
  return a.receiveCount === b.receiveCount ? bInA && aInB : bInA
}

/** Whether a delivery was complete before the lease of another one can have ended. */
function endsBefore(history: History, delivery: Delivery, other: Delivery): boolean {
  return delivery.completedMs < earliestLeaseEndMs(history, other, delivery) - CLOCK_MARGIN_MS
}
