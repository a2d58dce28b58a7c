import type { History } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'
import { storedBetween } from './removals.ts'

interface Numbered {
  readonly messageId: string
  readonly value: string
  readonly sequenceNumber: string
  readonly id: number
  readonly index: number
  /** Stored behind this line and before that one. */
  readonly from: number
  readonly to: number
}

/** Numbers rise with the order of sends, are those that the sender was told, and belong to one message. */
export const sequenceNumbers: Checker = {
  name: 'sequence numbers',
  promises: ['G13'],
  check(history) {
    const findings = new Findings()
    for (const [queue, numbered] of numberedOf(history)) {
      checkOrder(queue, numbered, findings)
      checkBatches(queue, numbered, findings)
    }
    const owners = new Map<string, { readonly messageId: string; readonly id: number }>()
    const known = [...history.sends, ...history.deliveries]
    for (const { queue, messageId, sequenceNumber, id } of known) {
      if (messageId === undefined || sequenceNumber === undefined) continue
      const ofNumber = `${queue} ${sequenceNumber}`
      const ofMessage = `${queue} of ${messageId}`
      const owner = owners.get(ofNumber) ?? { messageId, id }
      const number = owners.get(ofMessage) ?? { messageId: sequenceNumber, id }
      owners.set(ofNumber, owner).set(ofMessage, number)
      findings.expect(
        owner.messageId === messageId,
        () => `${queue} gave the number ${sequenceNumber} to ${owner.messageId} and ${messageId}`,
        owner,
        { id },
      )
      findings.expect(
        number.messageId === sequenceNumber,
        () => `${messageId} has two numbers on ${queue}: ${number.messageId} and ${sequenceNumber}`,
        number,
        { id },
      )
    }
    return findings
  },
}

function numberedOf(history: History): Map<string, Numbered[]> {
  const queues = new Map<string, Numbered[]>()
  for (const message of history.messages.values()) {
    const stored = storedBetween(message)
    if (stored?.to.sequenceNumber === undefined) continue
    const { queue, sequenceNumber, id, value, index } = stored.to
    const numbered = queues.get(queue) ?? []
    queues.set(queue, numbered)
    const { from, to } = stored
    numbered.push({
      messageId: message.id,
      ...{ value, sequenceNumber, id, index },
      from: from.invokedAt,
      to: to.completedAt,
    })
  }
  return queues
}

/** Goes through the sends as they were invoked, with the greatest number of those that were acknowledged before. */
function checkOrder(queue: string, numbered: readonly Numbered[], findings: Findings): void {
  const byEnd = [...numbered].sort((a, b) => a.to - b.to)
  let next = 0
  let greatest: Numbered | undefined
  for (const send of [...numbered].sort((a, b) => a.from - b.from)) {
    for (let ended = byEnd[next]; ended !== undefined && ended.to < send.from; ended = byEnd[++next]) {
      if (greatest === undefined || ended.sequenceNumber > greatest.sequenceNumber) greatest = ended
    }
    const before = greatest
    findings.expect(
      before === undefined || before.sequenceNumber < send.sequenceNumber,
      () =>
        `${queue} gave ${send.value} the number ${send.sequenceNumber}, below ${before?.sequenceNumber} of ${before?.value}, ` +
        'which had been acknowledged before',
      ...(before === undefined ? [send] : [before, send]),
    )
  }
}

function checkBatches(queue: string, numbered: readonly Numbered[], findings: Findings): void {
  const lastOfBatch = new Map<number, Numbered>()
  // Only entries that this batch itself has stored: a duplicate has the number of an older message.
  for (const send of [...numbered].sort((a, b) => a.id - b.id || a.index - b.index)) {
    const last = lastOfBatch.get(send.id)
    lastOfBatch.set(send.id, send)
    if (last === undefined || last.from !== send.from) continue
    findings.expect(
      last.sequenceNumber < send.sequenceNumber,
      () => `${queue} numbered ${send.value} below ${last.value}, which stands before it in their batch`,
      last,
      send,
    )
  }
}
