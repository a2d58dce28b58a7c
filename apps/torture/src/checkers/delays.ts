import { type Checker, CLOCK_MARGIN_MS, Findings } from './checker.ts'
import { earliestEndMs } from './database-time.ts'

/** A message with a delay is not delivered before it is over. */
export const delays: Checker = {
  name: 'delays',
  promises: ['G7'],
  check(history) {
    const findings = new Findings()
    for (const delivery of history.deliveries) {
      const send = history.sendsByValue.get(delivery.value)
      if (send?.delaySeconds === undefined || send.delaySeconds === 0) continue
      const dueMs = earliestEndMs(history, send, send.delaySeconds * 1000, delivery)
      findings.expect(
        delivery.completedMs >= dueMs - CLOCK_MARGIN_MS,
        () =>
          `${delivery.queue} delivered ${send.value} ${Math.round(dueMs - delivery.completedMs)} ms before its delay was over`,
        send,
        delivery,
      )
    }
    return findings
  },
}
