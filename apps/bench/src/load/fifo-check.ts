/** A message of a FIFO queue as a send or a receive shows it. */
export interface FifoMessage {
  readonly groupId: string
  readonly sequenceNumber: string
}

/**
 * Watches the promises of FIFO queues from outside. Its rule needs no clock: for each message in an answer, every earlier message of its
 * group whose send was acknowledged before the receive began, and whose delete has not begun when it ends, stands before it
 * in the same answer.
 */
export class FifoCheck {
  orderViolations = 0
  acceptedDuplicates = 0
  repeatedSends = 0
  /** Counts what happens: all happens in one thread, so this is the order in which it did. */
  #moment = 0
  /** By group: the sequence numbers of messages that exist, and when their sends were acknowledged. */
  readonly #groups = new Map<string, Map<string, number>>()
  /** Sequence numbers whose delete began before the answer to their send was read: another connection may be faster. */
  readonly #deletedEarly = new Set<string>()

  now(): number {
    return ++this.#moment
  }

  acknowledged({ groupId, sequenceNumber }: FifoMessage): void {
    if (this.#deletedEarly.delete(sequenceNumber)) return
    const group = this.#groups.get(groupId) ?? new Map<string, number>()
    this.#groups.set(groupId, group.set(sequenceNumber, ++this.#moment))
  }

  /** A send with the deduplication id of an earlier one was answered. */
  repeated(first: string, again: string): void {
    this.repeatedSends++
    if (first !== again) this.acceptedDuplicates++
  }

  /** An answer of a receive that began at `startedAt`. */
  received(messages: readonly FifoMessage[], startedAt: number): void {
    const seen = new Set<string>()
    for (const { groupId, sequenceNumber } of messages) {
      for (const [earlier, acknowledgedAt] of this.#groups.get(groupId) ?? []) {
        const stands = earlier >= sequenceNumber || acknowledgedAt > startedAt || seen.has(earlier)
        if (!stands) this.orderViolations++
      }
      seen.add(sequenceNumber)
    }
  }

  /** The delete of these begins. */
  deleting(messages: readonly FifoMessage[]): void {
    for (const { groupId, sequenceNumber } of messages) {
      const wasKnown = this.#groups.get(groupId)?.delete(sequenceNumber) === true
      if (!wasKnown) this.#deletedEarly.add(sequenceNumber)
    }
  }
}
