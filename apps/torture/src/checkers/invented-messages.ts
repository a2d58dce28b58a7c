import type { Delivery } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'
import { movesTo, queuesOf } from './removals.ts'

/** Whatever is received was sent there, by a send that was not refused, once, and under the id that its sender was told. */
export const inventedMessages: Checker = {
  name: 'invented messages',
  promises: ['G2', 'G3'],
  check(history) {
    const findings = new Findings()
    const firstOfValue = new Map<string, Delivery>()
    const firstOfId = new Map<string, Delivery>()
    for (const delivery of history.deliveries) {
      const { queue, value, messageId } = delivery
      const send = history.sendsByValue.get(value)
      findings.expect(
        send !== undefined && send.invokedAt < delivery.completedAt,
        () => `${queue} delivered ${JSON.stringify(value)}, which nobody had sent`,
        delivery,
      )
      if (send === undefined) continue
      findings.expect(
        send.outcome !== 'fail',
        () => `${queue} delivered ${value}, whose send had failed with ${send.code}`,
        send,
        delivery,
      )
      // A move task makes a new message of it.
      const isMoved = queue === movesTo(history, send.queue)
      findings.expect(
        isMoved || queuesOf(history, send.queue).includes(queue),
        () => `${queue} delivered ${value}, which was sent to ${send.queue}`,
        send,
        delivery,
      )
      findings.expect(
        send.messageId === undefined || (send.messageId === messageId) !== isMoved,
        () => `${value} was acknowledged as ${send.messageId} and delivered as ${messageId}`,
        send,
        delivery,
      )
      const place = isMoved ? `${value} moved` : value
      const sameValue = firstOfValue.get(place) ?? delivery
      firstOfValue.set(place, sameValue)
      findings.expect(
        sameValue.messageId === messageId,
        () => `${value} was stored twice: as ${sameValue.messageId} and ${messageId}`,
        send,
        sameValue,
        delivery,
      )
      const sameId = firstOfId.get(messageId) ?? delivery
      firstOfId.set(messageId, sameId)
      findings.expect(
        sameId.value === value,
        () => `two messages are called ${messageId}: ${sameId.value} and ${value}`,
        sameId,
        delivery,
      )
    }
    return findings
  },
}
