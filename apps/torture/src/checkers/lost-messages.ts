import { type Checker, Findings } from './checker.ts'
import {
  emptiedAtMs,
  mayHaveBeenPurged,
  mayHaveDeleted,
  mayHaveExpired,
  movedCopies,
  storedBetween,
} from './removals.ts'

/**
 * A message whose send was acknowledged is there until it is deleted. When everything was drained at the end, each one has been received,
 * and somebody has deleted it with a handle that was not superseded. A drain that is not clean proves nothing here.
 */
export const lostMessages: Checker = {
  name: 'lost messages',
  promises: ['G1', 'G11', 'G16'],
  check(history) {
    const findings = new Findings()
    if (!history.phases.some((phase) => phase.phase === 'end' && phase.isClean)) return findings
    const copies = movedCopies(history)
    const emptiedMs = new Map<string, number>()
    const emptied = (queue: string) => {
      const atMs = emptiedMs.get(queue) ?? emptiedAtMs(history, queue)
      emptiedMs.set(queue, atMs)
      return atMs
    }
    for (const message of history.messages.values()) {
      const stored = storedBetween(message)
      if (stored === undefined || message.sends.some((send) => mayHaveBeenPurged(history, send))) continue
      const { queue, value } = stored.to
      if (message.sends.some((send) => mayHaveExpired(history, send, emptied(queue)))) continue
      findings.expect(
        [message, ...(copies.get(value) ?? [])].some((each) =>
          each.deletions.some((deletion) => mayHaveDeleted(history, each, deletion)),
        ),
        () =>
          message.deliveries.length === 0
            ? `${value} (${message.id}) was acknowledged on ${queue} and never received`
            : `${value} (${message.id}) was acknowledged on ${queue}, received, not deleted, and is gone`,
        stored.to,
        ...message.deliveries,
      )
    }
    return findings
  },
}
