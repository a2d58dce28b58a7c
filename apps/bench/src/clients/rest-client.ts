import type { Endpoint } from './endpoint.ts'
import { HttpConnection } from './http-connection.ts'
import type { OutgoingMessage, QueueClient, ReceivedMessage, ReceiveOptions, SentMessage } from './queue-client.ts'

interface Result {
  readonly error?: unknown
}

interface SendResult extends Result {
  readonly messageId: string
  readonly sequenceNumber?: string
}

interface Received {
  readonly messageId: string
  readonly receiptHandle: string
  readonly groupId?: string
  readonly sequenceNumber?: string
  readonly sentAt: string
  readonly firstReceivedAt: string
}

/** Stanchion's REST API. Calls with one message use the operation for one, others that for many, which takes 1,000 at once. */
export class RestClient implements QueueClient {
  readonly #connection: HttpConnection
  readonly #host: string

  private constructor(connection: HttpConnection, { host, port }: Endpoint) {
    this.#connection = connection
    this.#host = `${host}:${port}`
  }

  static async open(endpoint: Endpoint): Promise<RestClient> {
    return new RestClient(await HttpConnection.open(endpoint.host, endpoint.port), endpoint)
  }

  async send(queue: string, messages: readonly OutgoingMessage[]): Promise<readonly SentMessage[]> {
    const news = messages.map(({ body, group, deduplicationId, delaySeconds }) => ({
      body,
      groupId: group,
      deduplicationId,
      delaySeconds,
    }))
    const path = `/v1/queues/${queue}/messages`
    const results =
      news.length === 1
        ? [await this.#call<SendResult>('POST', path, news[0])]
        : await this.#callMany<SendResult>(`${path}/batch`, { messages: news })
    return results.map(({ messageId, sequenceNumber }) => ({ id: messageId, sequenceNumber }))
  }

  async receive(queue: string, options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    const { messages } = await this.#call<{ messages: Received[] }>('POST', `/v1/queues/${queue}/receive`, {
      maxMessages: options.max,
      waitSeconds: options.waitSeconds,
      visibilityTimeoutSeconds: options.leaseSeconds,
    })
    return messages.map(({ messageId, receiptHandle, groupId, sequenceNumber, sentAt, firstReceivedAt }) => ({
      id: messageId,
      handle: receiptHandle,
      details: {
        group: groupId,
        sequenceNumber,
        sentAtMs: Date.parse(sentAt),
        firstReceivedAtMs: Date.parse(firstReceivedAt),
      },
    }))
  }

  async delete(queue: string, messages: readonly ReceivedMessage[]): Promise<void> {
    const [only] = messages
    if (messages.length === 1) await this.#call('DELETE', `/v1/queues/${queue}/leases/${only?.handle}`, undefined)
    else await this.#callMany(`/v1/queues/${queue}/leases/delete`, { receiptHandles: handlesOf(messages) })
  }

  async release(queue: string, messages: readonly ReceivedMessage[]): Promise<void> {
    await this.#callMany(`/v1/queues/${queue}/leases/release`, { receiptHandles: handlesOf(messages) })
  }

  async close(): Promise<void> {
    this.#connection.close()
  }

  async #callMany<Entry extends Result>(path: string, input: object): Promise<Entry[]> {
    const { results } = await this.#call<{ results: Entry[] }>('POST', path, input)
    const failed = results.find(({ error }) => error !== undefined)
    if (failed !== undefined) throw new Error(`a part of ${path} was refused: ${JSON.stringify(failed)}`)
    return results
  }

  async #call<Output>(method: string, path: string, input: object | undefined): Promise<Output> {
    const type = input === undefined ? '' : 'Content-Type: application/json\r\n'
    const { status, body } = await this.#connection.request(
      `${method} ${path} HTTP/1.1\r\nHost: ${this.#host}\r\n${type}`,
      input === undefined ? '' : JSON.stringify(input),
    )
    if (status >= 300) throw new Error(`${method} ${path} was answered ${status}: ${body.slice(0, 300)}`)
    return (body === '' ? undefined : JSON.parse(body)) as Output
  }
}

function handlesOf(messages: readonly ReceivedMessage[]): string[] {
  return messages.map(({ handle }) => handle)
}
