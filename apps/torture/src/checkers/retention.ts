import { type Checker, CLOCK_MARGIN_MS, Findings } from './checker.ts'
import { swayMs } from './database-time.ts'

/** Nothing is delivered after its retention has passed. That nothing is removed before is seen by the checker of lost messages. */
export const retention: Checker = {
  name: 'retention',
  promises: ['G11'],
  check(history) {
    const findings = new Findings()
    for (const delivery of history.deliveries) {
      const send = history.sendsByValue.get(delivery.value)
      const seconds = history.queues.get(delivery.queue)?.retentionSeconds
      if (seconds === undefined || send?.outcome !== 'ok') continue
      const lateMs = delivery.invokedMs - (send.completedMs + seconds * 1000 + swayMs(history))
      findings.expect(
        lateMs < CLOCK_MARGIN_MS,
        () => `${delivery.queue} delivered ${send.value} ${Math.round(lateMs)} ms after its retention had passed`,
        send,
        delivery,
      )
    }
    return findings
  },
}
