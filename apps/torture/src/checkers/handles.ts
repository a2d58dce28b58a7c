import type { Change, Deletion, Delivery, History, Message, Span } from '../history/index-history.ts'
import { wasNeverSent } from '../history/never-sent.ts'
import { type Checker, CLOCK_MARGIN_MS, Findings } from './checker.ts'
import { earliestLeaseEndMs } from './lease-end.ts'
import { mayHaveBeenPurged, mayHaveExpired, mayHaveMoved, supersederOf } from './removals.ts'

/**
 * A handle works on every server while it is the current one, and does nothing afterwards. That a deletion with a superseded one has left a
 * standard queue as it was is seen by the checker of lost messages: it does not take such a deletion for one.
 */
export const handles: Checker = {
  name: 'handles',
  promises: ['G8', 'G9'],
  check(history) {
    const findings = new Findings()
    for (const use of [...history.deletions, ...history.changes]) {
      if (use.isAltered) {
        findings.expect(use.outcome !== 'ok', () => `${use.queue} took a handle that somebody had altered`, use)
      }
    }
    for (const message of history.messages.values()) {
      for (const deletion of message.deletions) checkUse(history, message, deletion, 'delete', findings)
      for (const change of message.changes) checkUse(history, message, change, 'change', findings)
    }
    return findings
  },
}

function checkUse(
  history: History,
  message: Message,
  use: Deletion | Change,
  kind: 'delete' | 'change',
  findings: Findings,
): void {
  const delivery = history.deliveriesByHandle.get(use.handle)
  if (delivery === undefined || use.isAltered || use.outcome === 'unknown' || wasNeverJudged(use)) return
  const isFifo = history.queues.get(use.queue)?.kind === 'fifo'
  const superseder = supersederOf(message, delivery, use.invokedAt)
  const mayBeGone =
    isMaybeGone(history, message, use) ||
    (mayHaveMoved(history, use.queue, use.completedAt) && !isLeased(history, delivery, use))
  // In the dead-letter queue it is as good as deleted here.
  const hasMoved = message.deliveries.some(({ queue }) => queue !== use.queue)
  if (superseder !== undefined && (kind === 'change' || (isFifo && !mayBeGone && !hasMoved))) {
    findings.expect(
      use.outcome === 'fail',
      () => `${use.queue} took a superseded handle of ${delivery.value} for a ${kind}`,
      delivery,
      superseder,
      use,
    )
  }
  if (mayBeGone) return
  if (kind === 'delete' ? !isFifo || isLeased(history, delivery, use) : isLeased(history, delivery, use)) {
    findings.expect(
      use.outcome === 'ok',
      () => `${use.queue} refused a ${kind} of ${delivery.value} with a handle that works, with ${use.code}`,
      delivery,
      use,
    )
  }
}

/** Nobody has looked at the handle: no server was there, or it had too much to do. */
function wasNeverJudged({ code = '' }: Span): boolean {
  return wasNeverSent(code) || code.startsWith('429') || code === 'overloaded'
}

function isLeased(history: History, delivery: Delivery, use: Span): boolean {
  return use.completedMs < earliestLeaseEndMs(history, delivery, use) - CLOCK_MARGIN_MS
}

/** Whether something else can have removed the message before the use was over. */
function isMaybeGone(history: History, message: Message, use: Span): boolean {
  return (
    message.deletions.some(
      (other) => other !== use && other.outcome !== 'fail' && !other.isAltered && other.invokedAt < use.completedAt,
    ) ||
    message.sends.some(
      (send) => mayHaveBeenPurged(history, send, use.completedAt) || mayHaveExpired(history, send, use.completedMs),
    )
  )
}
