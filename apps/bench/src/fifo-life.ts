import { FifoCheck } from './fifo-check.ts'
import type { HttpConnection } from './http-connection.ts'
import { BODY, type Life } from './life-cycle.ts'

/** One send in so many repeats the deduplication id of its client's last one. */
const REPEATS_EVERY = 10

interface SentEntry {
  readonly Id: string
  readonly SequenceNumber: string
}

interface Received {
  readonly ReceiptHandle: string
  readonly Attributes: { readonly MessageGroupId: string; readonly SequenceNumber: string }
}

/** The life of messages of a FIFO queue, spread over its groups by chance, and watched. */
export class FifoLife {
  readonly check = new FifoCheck()
  readonly #groups: number
  #nextId = 0

  constructor(groups: number) {
    this.#groups = groups
  }

  readonly run: Life = async (connection, queueUrl, callSize, timed) => {
    await this.#send(connection, queueUrl, callSize, timed)
    const startedAt = this.check.now()
    const input = {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: callSize,
      WaitTimeSeconds: 1,
      AttributeNames: ['MessageGroupId', 'SequenceNumber'],
    }
    const answer = await timed(connection.call('ReceiveMessage', JSON.stringify(input)))
    const { Messages = [] } = JSON.parse(answer) as { Messages?: Received[] }
    if (Messages.length === 0) return 0
    const messages = Messages.map(({ Attributes }) => ({
      groupId: Attributes.MessageGroupId,
      sequenceNumber: Attributes.SequenceNumber,
    }))
    this.check.received(messages, startedAt)
    this.check.deleting(messages)
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }))
    await timed(connection.call('DeleteMessageBatch', JSON.stringify({ QueueUrl: queueUrl, Entries })))
    return Messages.length
  }

  async #send(connection: HttpConnection, queueUrl: string, callSize: number, timed: Parameters<Life>[3]) {
    const firstId = this.#nextId
    this.#nextId += callSize
    const repeats = (firstId / callSize) % REPEATS_EVERY === 0
    const entries = Array.from({ length: callSize }, (_, i) => ({
      Id: String(i),
      MessageBody: BODY,
      MessageGroupId: `group-${Math.floor(Math.random() * this.#groups)}`,
      MessageDeduplicationId: `id-${firstId + i}`,
    }))
    const Entries = repeats ? [...entries.slice(0, -1), { ...entries[0], Id: 'again' }] : entries
    const answer = await timed(connection.call('SendMessageBatch', JSON.stringify({ QueueUrl: queueUrl, Entries })))
    const { Successful } = JSON.parse(answer) as { Successful: SentEntry[] }
    for (const { Id, SequenceNumber } of Successful) {
      if (Id === 'again') {
        this.check.repeated(Successful.find((entry) => entry.Id === '0')?.SequenceNumber ?? '', SequenceNumber)
      } else {
        const groupId = entries[Number(Id)]?.MessageGroupId as string
        this.check.acknowledged({ groupId, sequenceNumber: SequenceNumber })
      }
    }
  }
}
