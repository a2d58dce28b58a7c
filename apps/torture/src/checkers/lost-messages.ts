import { type Checker, Findings } from './checker.ts'
import { mayHaveBeenPurged, mayHaveDeleted, storedBetween } from './removals.ts'

/**
 * A message whose send was acknowledged is there until it is deleted. When everything was drained at the end, each one has been received,
 * and somebody has deleted it with a handle that was not superseded. A drain that is not clean proves nothing here.
 */
export const lostMessages: Checker = {
  name: 'lost messages',
  promises: ['G1', 'G16'],
  check(history) {
    const findings = new Findings()
    if (!history.phases.some((phase) => phase.phase === 'end' && phase.isClean)) return findings
    for (const message of history.messages.values()) {
      const stored = storedBetween(message)
      if (stored === undefined || message.sends.some((send) => mayHaveBeenPurged(history, send))) continue
      const { queue, value } = stored.to
      findings.expect(
        message.deletions.some((deletion) => mayHaveDeleted(history, message, deletion)),
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
