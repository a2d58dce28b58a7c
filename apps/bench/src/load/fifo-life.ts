import type { QueueClient, SentMessage } from '../clients/queue-client.ts'
import { FifoCheck } from './fifo-check.ts'
import type { Life } from './lives.ts'

/** One send in so many repeats the deduplication id of its client's last one. */
const REPEATS_EVERY = 10
const WAIT_SECONDS = 1

/** The life of messages of a FIFO queue, spread over its groups by chance, and watched. */
export class FifoLife {
  readonly check = new FifoCheck()
  readonly #groups: number
  #nextId = 0

  constructor(groups: number) {
    this.#groups = groups
  }

  readonly run: Life = async (client, queue, callSize, outgoing) => {
    await this.#send(client, queue, outgoing(callSize)[0]?.body ?? '', callSize)
    const startedAt = this.check.now()
    const received = await client.receive(queue, { max: callSize, waitSeconds: WAIT_SECONDS, withDetails: true })
    if (received.length === 0) return 0
    const messages = received.map(({ details }) => ({
      groupId: details?.group ?? '',
      sequenceNumber: details?.sequenceNumber ?? '',
    }))
    this.check.received(messages, startedAt)
    this.check.deleting(messages)
    await client.delete(queue, received)
    return received.length
  }

  async #send(client: QueueClient, queue: string, body: string, callSize: number): Promise<void> {
    const firstId = this.#nextId
    this.#nextId += callSize
    const entries = Array.from({ length: callSize }, (_, i) => ({
      body,
      group: `group-${Math.floor(Math.random() * this.#groups)}`,
      deduplicationId: `id-${firstId + i}`,
    }))
    const [first] = entries
    // The last entry of a batch gives way to its first once more.
    const repeats = callSize > 1 && (firstId / callSize) % REPEATS_EVERY === 0 && first !== undefined
    const sent = await client.send(queue, repeats ? [...entries.slice(0, -1), first] : entries)
    const last = sent.length - 1
    sent.forEach((message, i) => {
      if (repeats && i === last) this.check.repeated(numberOf(sent[0]), numberOf(message))
      else this.check.acknowledged({ groupId: entries[i]?.group ?? '', sequenceNumber: numberOf(message) })
    })
  }
}

function numberOf(sent: SentMessage | undefined): string {
  return sent?.sequenceNumber ?? ''
}
