import type { History, Send } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'
import { earliestEndMs } from './database-time.ts'
import { mayHaveBeenPurged } from './removals.ts'

const WINDOW_MS = 300_000

/** Within five minutes a deduplication id stands for one message, whoever sends it, and every sender is told the same. */
export const deduplication: Checker = {
  name: 'deduplication',
  promises: ['G15'],
  check(history) {
    const findings = new Findings()
    const idsOfValues = new Map<string, Set<string>>()
    for (const { value, messageId } of history.deliveries) {
      idsOfValues.set(value, (idsOfValues.get(value) ?? new Set()).add(messageId))
    }
    for (const sends of sendsById(history).values()) {
      const [first] = sends
      if (first === undefined || sends.length < 2) continue
      const inWindow = sends.filter((send) => send.completedMs < earliestEndMs(history, first, WINDOW_MS, send))
      const told = inWindow.find(({ outcome }) => outcome === 'ok')
      for (const send of inWindow) {
        if (told === undefined || send.outcome !== 'ok') continue
        findings.expect(
          send.messageId === told.messageId && send.sequenceNumber === told.sequenceNumber,
          () =>
            `${send.queue} answered two sends of the deduplication id ${send.deduplicationId} with ` +
            `${told.messageId} (${told.sequenceNumber}) and ${send.messageId} (${send.sequenceNumber})`,
          told,
          send,
        )
      }
      const stored = new Set(inWindow.flatMap(({ value }) => [...(idsOfValues.get(value) ?? [])]))
      findings.expect(
        stored.size <= 1,
        () =>
          `${first.queue} stored ${stored.size} messages with the deduplication id ${first.deduplicationId}: ` +
          [...stored].join(', '),
        ...inWindow,
      )
    }
    return findings
  },
}

/** By queue, scope and id, as they were invoked. A purge forgets ids, so queues with one are left out. */
function sendsById(history: History): Map<string, Send[]> {
  const found = new Map<string, Send[]>()
  for (const send of history.sends) {
    const { queue, group, deduplicationId } = send
    if (deduplicationId === undefined || send.outcome === 'fail' || mayHaveBeenPurged(history, send)) continue
    const scope = history.queues.get(queue)?.deduplicationScope === 'messageGroup' ? group : ''
    const key = `${queue} ${scope} ${deduplicationId}`
    const sends = found.get(key) ?? []
    found.set(key, sends)
    sends.push(send)
  }
  return found
}
