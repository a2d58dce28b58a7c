import type { Delivery, History, Receive } from '../history/index-history.ts'
import { type Checker, CLOCK_MARGIN_MS, Findings } from './checker.ts'
import { earliestLeaseEndMs } from './lease-end.ts'
import { mayHaveBeenPurged } from './removals.ts'

/** So long an attempt can be made again. */
const WINDOW_MS = 300_000

/**
 * A receive that is made again with its attempt id brings the same messages with the same handles, uncounted, while none of them was deleted,
 * changed or leased again; otherwise it is an ordinary one, and brings none of them.
 */
export const receiveRetries: Checker = {
  name: 'receives made again',
  promises: ['G17'],
  check(history) {
    const findings = new Findings()
    const lastOfAttempt = new Map<string, Receive>()
    for (const receive of [...history.receives].sort((a, b) => a.invokedAt - b.invokedAt)) {
      const { queue, attemptId } = receive
      if (attemptId === undefined) continue
      const last = lastOfAttempt.get(`${queue} ${attemptId}`)
      lastOfAttempt.set(`${queue} ${attemptId}`, receive)
      if (receive.outcome !== 'ok') continue
      checkRepeats(history, receive, findings)
      if (last !== undefined) checkAgain(history, last, receive, findings)
    }
    return findings
  },
}

/** What nobody has touched comes again, all of it. */
function checkAgain(history: History, last: Receive, again: Receive, findings: Findings): void {
  if (last.outcome !== 'ok' || last.deliveries.length === 0 || last.deliveries.length > again.max) return
  if (last.completedAt > again.invokedAt || !isIntact(history, last, again)) return
  const handlesOf = ({ deliveries }: Receive) => deliveries.map(({ handle }) => handle).join(' ')
  findings.expect(
    handlesOf(last) === handlesOf(again),
    () =>
      `${again.queue} brought ${namesOf(last)} to the attempt ${again.attemptId}, and ${namesOf(again)} when it was made again`,
    last,
    again,
  )
}

function isIntact(history: History, last: Receive, again: Receive): boolean {
  return last.deliveries.every((delivery) => {
    const message = history.messages.get(delivery.messageId)
    const first = history.deliveriesByHandle.get(delivery.handle)
    if (message === undefined || first === undefined) return false
    const isTouched = [...message.deletions, ...message.changes].some(
      (use) => use.id !== last.id && use.id !== again.id && !isOfAttempt(use) && use.invokedAt < again.completedAt,
    )
    return (
      !isTouched &&
      again.completedMs < first.invokedMs + WINDOW_MS - CLOCK_MARGIN_MS &&
      again.completedMs < earliestLeaseEndMs(history, first, again) - CLOCK_MARGIN_MS &&
      !message.sends.some((send) => mayHaveBeenPurged(history, send, again.completedAt))
    )
  })
}

/** An earlier repetition begins the lease anew, and leaves all as it is. */
function isOfAttempt(use: object): boolean {
  return 'isRepeat' in use
}

/** What comes again is the same as before, and was neither deleted nor changed. */
function checkRepeats(history: History, receive: Receive, findings: Findings): void {
  for (const repeat of receive.deliveries) {
    if (repeat.isRepeat === undefined) continue
    const first = history.deliveriesByHandle.get(repeat.handle)
    const message = history.messages.get(repeat.messageId)
    if (first === undefined || message === undefined) continue
    findings.expect(
      contentOf(first) === contentOf(repeat),
      () => `${repeat.queue} brought ${first.value} again with something else in it`,
      first,
      repeat,
    )
    const use = [...message.deletions, ...message.changes].find(
      (each) =>
        each.handle === repeat.handle &&
        each.outcome === 'ok' &&
        !isOfAttempt(each) &&
        each.completedAt < receive.invokedAt,
    )
    findings.expect(
      use === undefined,
      () => `${repeat.queue} brought ${first.value} again, although its handle had been used`,
      first,
      ...(use === undefined ? [] : [use]),
      repeat,
    )
  }
}

function contentOf(delivery: Delivery): string {
  const { messageId, value, md5, attributesMd5, group, sequenceNumber, receiveCount } = delivery
  return JSON.stringify([messageId, value, md5, attributesMd5, group, sequenceNumber, receiveCount])
}

function namesOf({ deliveries }: Receive): string {
  return deliveries.length === 0
    ? 'nothing'
    : deliveries.map(({ value, receiveCount }) => `${value}#${receiveCount}`).join(', ')
}
