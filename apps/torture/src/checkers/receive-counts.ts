import { LEFT } from '../history/event.ts'
import type { Delivery, History, Receive } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'
import { LATE_EFFECT_MS_MAX } from './removals.ts'

/** So long a server takes at most until it knows that a client is gone, and the claim that was under way is done. */
const GONE_MS_MAX = 1_000

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
          gap <= 0 || gap <= lostBetween(history, lost, before, delivery),
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

/**
 * How many receives with an unknown outcome can have claimed the message between two deliveries, here or where it came from. What a client
 * that has left still claims, it claims at once.
 */
function lostBetween(
  history: History,
  lost: readonly Receive[],
  before: Delivery | undefined,
  delivery: Delivery,
): number {
  const send = history.sendsByValue.get(delivery.value)
  const sinceMs = before?.invokedMs ?? send?.invokedMs ?? 0
  return lost.filter(
    (receive) =>
      (receive.queue === delivery.queue || receive.queue === send?.queue) &&
      receive.invokedAt < delivery.completedAt &&
      (sinceMs < receive.completedMs + GONE_MS_MAX || !wasLeftInPeace(history, receive)),
  ).length
}

/** The client has closed the connection, and no fault kept the server or its database from seeing that. */
function wasLeftInPeace(history: History, { code, invokedMs, completedMs }: Receive): boolean {
  return (
    code === LEFT &&
    history.faults.every(
      ({ beganMs, endedMs }) => endedMs < invokedMs - LATE_EFFECT_MS_MAX || beganMs > completedMs + GONE_MS_MAX,
    )
  )
}
