import { type Checker, Findings } from './checker.ts'

/** A queue delivers a message as often as its rule says and not once more; then it is in the dead-letter queue, and there alone. */
export const deadLetters: Checker = {
  name: 'dead letters',
  promises: ['G18'],
  check(history) {
    const findings = new Findings()
    for (const message of history.messages.values()) {
      const home = message.sends[0]?.queue
      const rule = home === undefined ? undefined : history.queues.get(home)?.deadLetter
      if (rule === undefined || rule.queue === home) continue
      const moved = message.deliveries.filter(({ queue }) => queue === rule.queue)
      for (const delivery of message.deliveries) {
        if (delivery.queue === rule.queue) {
          findings.expect(
            delivery.receiveCount > rule.receiveCountMax,
            () =>
              `${delivery.value} is a dead letter at its delivery ${delivery.receiveCount} of ${rule.receiveCountMax}`,
            delivery,
          )
          continue
        }
        findings.expect(
          delivery.receiveCount <= rule.receiveCountMax,
          () =>
            `${home} delivered ${delivery.value} for the time ${delivery.receiveCount}, ${rule.receiveCountMax} are allowed`,
          delivery,
        )
        const before = moved.find((dead) => dead.completedAt < delivery.invokedAt)
        findings.expect(
          before === undefined,
          () => `${home} delivered ${delivery.value} after it had become a dead letter`,
          delivery,
          ...(before === undefined ? [] : [before]),
        )
      }
    }
    return findings
  },
}
