import type { Delivery, History, Message, MoveAct } from '../history/index-history.ts'
import { type Checker, CLOCK_MARGIN_MS, Findings } from './checker.ts'
import { earliestLeaseEndMs } from './lease-end.ts'
import { movedCopies } from './removals.ts'

/**
 * A move task makes one new message of each that it takes, takes none that is leased or deleted, and has moved as many as it says, whatever
 * happened to it meanwhile. That nothing is lost on the way is seen by the checker of lost messages.
 */
export const moveTasks: Checker = {
  name: 'move tasks',
  promises: ['G19'],
  check(history) {
    const findings = new Findings()
    const copies = movedCopies(history)
    for (const [value, made] of copies) {
      const [first, second] = made.map(({ deliveries }) => deliveries[0] as Delivery)
      findings.expect(
        second === undefined,
        () => `${value} was moved to ${first?.queue} twice, as ${made.map(({ id }) => id).join(' and ')}`,
        ...(first === undefined || second === undefined ? [] : [first, second]),
      )
      const original = originalOf(history, value)
      if (original !== undefined && first !== undefined) checkOriginal(history, original, first, findings)
    }
    checkNumbers(history, copies, findings)
    return findings
  },
}

function originalOf(history: History, value: string): Message | undefined {
  const send = history.sendsByValue.get(value)
  if (send?.messageId !== undefined) return history.messages.get(send.messageId)
  const delivered = history.deliveries.find((delivery) => delivery.value === value && delivery.queue === send?.queue)
  return delivered === undefined ? undefined : history.messages.get(delivered.messageId)
}

/** What happened to a message where it was sent to, held against what was delivered where it was moved to. */
function checkOriginal(history: History, original: Message, moved: Delivery, findings: Findings): void {
  for (const delivery of original.deliveries) {
    findings.expect(
      delivery.invokedAt < moved.completedAt,
      () => `${delivery.queue} delivered ${delivery.value} after it had been moved to ${moved.queue}`,
      moved,
      delivery,
    )
    findings.expect(
      moved.invokedAt < delivery.completedAt || !endsBefore(history, moved, delivery),
      () =>
        `${delivery.value} was moved to ${moved.queue} while ${delivery.client} had it leased from ${delivery.queue}`,
      delivery,
      moved,
    )
  }
  for (const deletion of original.deletions) {
    const delivery = history.deliveriesByHandle.get(deletion.handle)
    const isSure = deletion.outcome === 'ok' && !deletion.isAltered
    if (!isSure || delivery === undefined) continue
    findings.expect(
      !endsBefore(history, deletion, delivery),
      () => `${delivery.value} was deleted from ${delivery.queue}, and delivered by ${moved.queue}`,
      deletion,
      moved,
    )
  }
}

/** Whether a request was complete before the lease of a delivery can have ended. */
function endsBefore(
  history: History,
  request: Pick<Delivery, 'invokedAt' | 'invokedMs' | 'completedAt' | 'completedMs'>,
  delivery: Delivery,
): boolean {
  return request.completedMs < earliestLeaseEndMs(history, delivery, request) - CLOCK_MARGIN_MS
}

/** After a clean drain as many have come out as the tasks of this history say that they have moved. */
function checkNumbers(history: History, copies: ReadonlyMap<string, readonly Message[]>, findings: Findings): void {
  if (!history.phases.some((phase) => phase.phase === 'end' && phase.isClean)) return
  for (const [queue, { movesTo: target }] of history.queues) {
    if (target === undefined) continue
    const listings = history.moves.filter(
      (move) => move.queue === queue && move.act === 'listMoves' && move.outcome === 'ok',
    )
    const [first, last] = [listings[0], listings.at(-1)]
    if (first === undefined || last === undefined || first === last || last.tasks.some(isRunning)) continue
    const known = new Set(first.tasks.map(({ id }) => id))
    const said = last.tasks.filter(({ id }) => !known.has(id)).reduce((sum, { moved }) => sum + moved, 0)
    const came = [...copies.values()].flat().filter(({ deliveries }) => deliveries[0]?.queue === target).length
    findings.expect(
      said === came,
      () => `the move tasks of ${queue} say that they have moved ${said} messages, and ${came} came out of ${target}`,
      last,
    )
  }
}

function isRunning({ status }: MoveAct['tasks'][number]): boolean {
  return status === 'running'
}
