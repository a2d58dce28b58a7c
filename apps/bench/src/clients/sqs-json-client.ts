import type { Endpoint } from './endpoint.ts'
import { HttpConnection } from './http-connection.ts'
import type { OutgoingMessage, QueueClient, ReceivedMessage, ReceiveOptions, SentMessage } from './queue-client.ts'
import { createSigner } from './sign-request.ts'

/** Message details by the names that SQS gives them. */
const DETAILS = ['MessageGroupId', 'SequenceNumber', 'SentTimestamp', 'ApproximateFirstReceiveTimestamp']

interface SentEntry {
  readonly Id: string
  readonly MessageId: string
  readonly SequenceNumber?: string
}

interface Failures {
  readonly Failed?: readonly unknown[]
}

/** SQS over AWS JSON 1.0. Calls with one message use the action for one, others the batch. */
export class SqsJsonClient implements QueueClient {
  readonly #connection: HttpConnection
  readonly #host: string
  readonly #sign: ((target: string, body: string) => string) | undefined

  private constructor(connection: HttpConnection, { host, port, credentials }: Endpoint) {
    this.#connection = connection
    this.#host = `${host}:${port}`
    this.#sign = credentials === undefined ? undefined : createSigner(credentials, this.#host)
  }

  static async open(endpoint: Endpoint): Promise<SqsJsonClient> {
    return new SqsJsonClient(await HttpConnection.open(endpoint.host, endpoint.port), endpoint)
  }

  async send(QueueUrl: string, messages: readonly OutgoingMessage[]): Promise<readonly SentMessage[]> {
    const [only] = messages
    if (messages.length === 1 && only !== undefined) {
      const sent = await this.call<SentEntry>('SendMessage', { QueueUrl, ...toMembers(only) })
      return [{ id: sent.MessageId, sequenceNumber: sent.SequenceNumber }]
    }
    const Entries = messages.map((message, i) => ({ Id: String(i), ...toMembers(message) }))
    const { Successful } = await this.#batch<{ Successful: SentEntry[] }>('SendMessageBatch', { QueueUrl, Entries })
    const sent = new Array<SentMessage>(messages.length)
    for (const { Id, MessageId, SequenceNumber } of Successful) {
      sent[Number(Id)] = { id: MessageId, sequenceNumber: SequenceNumber }
    }
    return sent
  }

  async receive(QueueUrl: string, options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const { Messages = [] } = await this.call<{ Messages?: Message[] }>('ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: options.max === 1 ? undefined : options.max,
      WaitTimeSeconds: options.waitSeconds,
      VisibilityTimeout: options.leaseSeconds,
      AttributeNames: options.withDetails ? DETAILS : undefined,
    })
    return Messages.map(({ MessageId, ReceiptHandle, Attributes }) => ({
      id: MessageId,
      handle: ReceiptHandle,
      ...(Attributes === undefined
        ? {}
        : {
            details: {
              group: Attributes.MessageGroupId,
              sequenceNumber: Attributes.SequenceNumber,
              sentAtMs: Number(Attributes.SentTimestamp),
              firstReceivedAtMs: Number(Attributes.ApproximateFirstReceiveTimestamp),
            },
          }),
    }))
  }

  async delete(QueueUrl: string, messages: readonly ReceivedMessage[]): Promise<void> {
    const [only] = messages
    if (messages.length === 1 && only !== undefined) {
      await this.call('DeleteMessage', { QueueUrl, ReceiptHandle: only.handle })
      return
    }
    const Entries = messages.map(({ handle }, i) => ({ Id: String(i), ReceiptHandle: handle }))
    await this.#batch('DeleteMessageBatch', { QueueUrl, Entries })
  }

  async release(QueueUrl: string, messages: readonly ReceivedMessage[]): Promise<void> {
    const [only] = messages
    if (messages.length === 1 && only !== undefined) {
      await this.call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle: only.handle, VisibilityTimeout: 0 })
      return
    }
    const Entries = messages.map(({ handle }, i) => ({ Id: String(i), ReceiptHandle: handle, VisibilityTimeout: 0 }))
    await this.#batch('ChangeMessageVisibilityBatch', { QueueUrl, Entries })
  }

  async close(): Promise<void> {
    this.#connection.close()
  }

  /** Calls an action. Rejects unless the answer is a 200. */
  async call<Output>(action: string, input: object): Promise<Output> {
    const target = `AmazonSQS.${action}`
    const json = JSON.stringify(input)
    const { status, body } = await this.#connection.request(
      `POST / HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: application/x-amz-json-1.0\r\n` +
        `X-Amz-Target: ${target}\r\n${this.#sign?.(target, json) ?? ''}`,
      json,
    )
    if (status !== 200) throw new Error(`${action} was answered ${status}: ${body.slice(0, 200)}`)
    // Some rivals answer an action without output with nothing at all.
    return (body === '' ? {} : JSON.parse(body)) as Output
  }

  async #batch<Output>(action: string, input: object): Promise<Output> {
    const output = await this.call<Output & Failures>(action, input)
    if ((output.Failed?.length ?? 0) > 0) {
      throw new Error(`a part of ${action} was refused: ${JSON.stringify(output.Failed?.[0])}`)
    }
    return output
  }
}

interface Message {
  readonly MessageId: string
  readonly ReceiptHandle: string
  readonly Attributes?: Readonly<Record<string, string>>
}

function toMembers({ body, group, deduplicationId, delaySeconds }: OutgoingMessage) {
  return {
    MessageBody: body,
    MessageGroupId: group,
    MessageDeduplicationId: deduplicationId,
    DelaySeconds: delaySeconds,
  }
}
