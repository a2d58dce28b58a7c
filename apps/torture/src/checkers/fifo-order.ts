import type { Delivery, History, Message, Receive } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'
import { mayHaveBeenPurged } from './removals.ts'

interface Earlier {
  readonly message: Message
  readonly sequenceNumber: string
  readonly value: string
  /** A receive that was invoked later knows of it. */
  readonly acknowledgedAt: number
  /** A receive that completes later need not have it. */
  readonly goneAt: number
}

/**
 * The rule without clocks: for each message in a response, every earlier message of its group that was acknowledged before the receive was
 * invoked, and whose deletion was not invoked before it completed, is in the response before it.
 */
export const fifoOrder: Checker = {
  name: 'FIFO order',
  promises: ['G12'],
  check(history) {
    const findings = new Findings()
    const groups = groupsOf(history)
    const receives = history.receives
      .filter(({ queue, outcome }) => outcome === 'ok' && history.queues.get(queue)?.kind === 'fifo')
      .sort((a, b) => a.completedAt - b.completedAt)
    for (const receive of receives) {
      const lastOfGroup = new Map<string, Delivery>()
      for (const delivery of receive.deliveries) {
        const key = keyOf(delivery)
        const last = lastOfGroup.get(key)
        lastOfGroup.set(key, delivery)
        findings.expect(
          last === undefined || (last.sequenceNumber ?? '') < (delivery.sequenceNumber ?? ''),
          () => `${delivery.queue} delivered ${last?.value} before ${delivery.value}, which is earlier in their group`,
          delivery,
        )
        const missing = missingBefore(groups, key, delivery, receive)
        findings.expect(
          missing === undefined,
          () =>
            `${delivery.queue} delivered ${delivery.value} without ${missing?.value}, which is earlier in its group`,
          ...(missing?.message.sends ?? []),
          delivery,
        )
      }
    }
    return findings
  },
}

/** Receives come in the order of their completion, so that what is gone for one is gone for all that follow. */
function missingBefore(
  groups: Map<string, Earlier[]>,
  key: string,
  delivery: Delivery,
  receive: Receive,
): Earlier | undefined {
  const group = (groups.get(key) ?? []).filter(({ goneAt }) => goneAt > receive.completedAt)
  groups.set(key, group)
  const before = new Set(receive.deliveries.slice(0, delivery.index).map(({ messageId }) => messageId))
  return group.find(
    (earlier) =>
      earlier.sequenceNumber < (delivery.sequenceNumber ?? '') &&
      earlier.acknowledgedAt < receive.invokedAt &&
      !before.has(earlier.message.id),
  )
}

function groupsOf(history: History): Map<string, Earlier[]> {
  const groups = new Map<string, Earlier[]>()
  for (const message of history.messages.values()) {
    // Of duplicates each acknowledgement tells the place of the one that is stored.
    const known = message.sends.filter(
      ({ outcome, sequenceNumber }) => outcome === 'ok' && sequenceNumber !== undefined,
    )
    const [first] = known.sort((a, b) => a.completedAt - b.completedAt)
    if (first?.sequenceNumber === undefined || first.group === undefined) continue
    const key = keyOf(first)
    const group = groups.get(key) ?? []
    groups.set(key, group)
    group.push({
      message,
      sequenceNumber: first.sequenceNumber,
      value: first.value,
      acknowledgedAt: first.completedAt,
      goneAt: goneAt(history, message, first.queue),
    })
  }
  return groups
}

/** Where a message can have left its queue at the earliest. */
function goneAt(history: History, message: Message, queue: string): number {
  const deletedAt = message.deletions
    .filter(({ outcome, isAltered }) => outcome !== 'fail' && !isAltered)
    .map(({ invokedAt }) => invokedAt)
  const purgedAt = message.sends.some((send) => mayHaveBeenPurged(history, send))
    ? history.acts.filter((act) => act.queue === queue && act.act !== 'createQueue').map(({ invokedAt }) => invokedAt)
    : []
  // A dead letter was still here when a receive that brought it from here was invoked, and may have gone right after.
  const isDeadLetter = message.deliveries.some((delivery) => delivery.queue !== queue)
  const hereAt = message.deliveries.filter((delivery) => delivery.queue === queue).map(({ invokedAt }) => invokedAt)
  return Math.min(...deletedAt, ...purgedAt, isDeadLetter ? Math.max(0, ...hereAt) : Number.POSITIVE_INFINITY)
}

function keyOf({ queue, group }: { readonly queue: string; readonly group?: string }): string {
  return `${queue} ${group}`
}
