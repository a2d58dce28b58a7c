import type { FaultSpan, History, Send } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'
import { storedBetween } from './removals.ts'

/** Work that has not begun after so long never takes effect. */
const DEADLINE_MS = 10_000
const BUSY_MARGIN_MS = 1_000

interface Numbered {
  readonly sequenceNumber: string
  /** The send that stored it, when it is known. */
  readonly send: Send
}

/**
 * What a client has given up does not happen long after. Numbers of a FIFO queue tell when a message was stored, without any clock but that
 * of the clients: it was later than every message with a lower number, and so than the request that sent that one. What
 * a server that stood still had not yet read when it went on arrives then, and is not late.
 */
export const lateEffects: Checker = {
  name: 'late effects',
  promises: ['G24'],
  check(history) {
    const findings = new Findings()
    const lateBy = new Map<Send, Numbered>()
    for (const numbered of numberedOf(history).values()) {
      let latest: Numbered | undefined
      for (const each of numbered.sort((a, b) => (a.sequenceNumber < b.sequenceNumber ? -1 : 1))) {
        const { send } = each
        if (send.outcome === 'ok') {
          if (latest === undefined || send.invokedMs > latest.send.invokedMs) latest = each
          continue
        }
        if (latest !== undefined) lateBy.set(send, latest)
      }
    }
    for (const send of history.sends) {
      const isGivenUp = send.outcome === 'unknown' && history.queues.get(send.queue)?.kind === 'fifo'
      if (!isGivenUp || history.faults.some((fault) => heldUp(fault, send))) continue
      // Most have never taken effect.
      const before = lateBy.get(send)?.send
      const lateMs = before === undefined ? 0 : before.invokedMs - send.invokedMs
      findings.expect(
        lateMs < DEADLINE_MS + BUSY_MARGIN_MS,
        () =>
          `${send.queue} stored ${send.value} more than ${Math.round(lateMs)} ms after it had been sent, ` +
          `behind ${before?.value}`,
        send,
        ...(before === undefined ? [] : [before]),
      )
    }
    return findings
  },
}

/** By queue: those whose send has stored them itself, so that their number is as old as that. */
function numberedOf(history: History): Map<string, Numbered[]> {
  const queues = new Map<string, Numbered[]>()
  for (const message of history.messages.values()) {
    const delivery = message.deliveries.find(({ queue, value }) => queue === history.sendsByValue.get(value)?.queue)
    const stored = storedBetween(message)
    const send = delivery === undefined ? stored?.from : history.sendsByValue.get(delivery.value)
    const sequenceNumber = delivery?.sequenceNumber ?? stored?.to.sequenceNumber
    // Of duplicates it is not known which one has stored it, unless it was received and has no answer.
    if (send === undefined || sequenceNumber === undefined || (send.outcome === 'ok' && stored?.from !== send)) continue
    const numbered = queues.get(send.queue) ?? []
    queues.set(send.queue, numbered)
    numbered.push({ sequenceNumber, send })
  }
  return queues
}

function heldUp(fault: FaultSpan, send: Send): boolean {
  return (
    fault.server === send.server &&
    fault.beganMs < send.invokedMs + DEADLINE_MS + BUSY_MARGIN_MS &&
    fault.endedMs > send.invokedMs
  )
}
