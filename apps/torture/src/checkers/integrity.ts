import { type Checker, Findings } from './checker.ts'

/** Bodies, attributes and groups arrive as they were sent, and servers compute the same MD5s as clients. */
export const integrity: Checker = {
  name: 'integrity',
  promises: ['G2'],
  check(history) {
    const findings = new Findings()
    for (const send of history.sends) {
      if (send.outcome !== 'ok') continue
      findings.expect(
        (send.saidMd5 ?? send.md5) === send.md5,
        () => `the send of ${send.value} was answered with the MD5 ${send.saidMd5} for a body of ${send.md5}`,
        send,
      )
      findings.expect(
        (send.saidAttributesMd5 ?? send.attributesMd5) === send.attributesMd5,
        () => `the send of ${send.value} was answered with another MD5 of its attributes`,
        send,
      )
    }
    for (const delivery of history.deliveries) {
      const { queue, value } = delivery
      const send = history.sendsByValue.get(value)
      if (send === undefined) continue
      findings.expect(delivery.md5 === send.md5, () => `${queue} delivered ${value} with another body`, send, delivery)
      findings.expect(
        delivery.attributesMd5 === send.attributesMd5,
        () => `${queue} delivered ${value} with other attributes`,
        send,
        delivery,
      )
      findings.expect(
        delivery.group === send.group,
        () => `${queue} delivered ${value} of the group ${send.group} as one of ${delivery.group}`,
        send,
        delivery,
      )
      findings.expect(
        (delivery.saidMd5 ?? delivery.md5) === delivery.md5,
        () => `${queue} delivered ${value} with the MD5 ${delivery.saidMd5} for a body of ${delivery.md5}`,
        delivery,
      )
      findings.expect(
        (delivery.saidAttributesMd5 ?? delivery.attributesMd5) === delivery.attributesMd5,
        () => `${queue} delivered ${value} with another MD5 of its attributes`,
        delivery,
      )
    }
    return findings
  },
}
