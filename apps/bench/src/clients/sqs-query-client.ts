import type { Endpoint } from './endpoint.ts'
import { HttpConnection } from './http-connection.ts'
import type { OutgoingMessage, QueueClient, ReceivedMessage, ReceiveOptions, SentMessage } from './queue-client.ts'

/** SQS over the Query protocol: forms in, XML out, as SDKs from before 2023 and ElasticMQ's older versions speak it. It signs nothing. */
export class SqsQueryClient implements QueueClient {
  readonly #connection: HttpConnection
  readonly #host: string

  private constructor(connection: HttpConnection, { host, port }: Endpoint) {
    this.#connection = connection
    this.#host = `${host}:${port}`
  }

  static async open(endpoint: Endpoint): Promise<SqsQueryClient> {
    return new SqsQueryClient(await HttpConnection.open(endpoint.host, endpoint.port), endpoint)
  }

  async send(queue: string, messages: readonly OutgoingMessage[]): Promise<readonly SentMessage[]> {
    const xml = await this.#callForEach(queue, 'SendMessage', messages, (message) => ({
      MessageBody: message.body,
      MessageGroupId: message.group,
      MessageDeduplicationId: message.deduplicationId,
      DelaySeconds: message.delaySeconds,
    }))
    const ids = allIn(xml, 'MessageId')
    const sequenceNumbers = allIn(xml, 'SequenceNumber')
    return ids.map((id, i) => ({ id, sequenceNumber: sequenceNumbers[i] }))
  }

  async receive(queue: string, options: ReceiveOptions): Promise<readonly ReceivedMessage[]> {
    if (options.withDetails) throw new Error('the Query client reads no details of messages')
    const xml = await this.call('ReceiveMessage', {
      QueueUrl: queue,
      MaxNumberOfMessages: options.max,
      WaitTimeSeconds: options.waitSeconds,
      VisibilityTimeout: options.leaseSeconds,
    })
    const handles = allIn(xml, 'ReceiptHandle')
    return allIn(xml, 'MessageId').map((id, i) => ({ id, handle: unescapeXml(handles[i] as string) }))
  }

  async delete(queue: string, messages: readonly ReceivedMessage[]): Promise<void> {
    await this.#callForEach(queue, 'DeleteMessage', messages, ({ handle }) => ({ ReceiptHandle: handle }))
  }

  async release(queue: string, messages: readonly ReceivedMessage[]): Promise<void> {
    await this.#callForEach(queue, 'ChangeMessageVisibility', messages, ({ handle }) => ({
      ReceiptHandle: handle,
      VisibilityTimeout: 0,
    }))
  }

  async close(): Promise<void> {
    this.#connection.close()
  }

  /** Calls an action. Rejects unless the answer is a 200 that names no failed entry. */
  async call(action: string, parameters: Parameters): Promise<string> {
    const form = new URLSearchParams({ Action: action, Version: '2012-11-05' })
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.append(name, String(value))
    const { status, body } = await this.#connection.request(
      `POST / HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: application/x-www-form-urlencoded\r\n`,
      form.toString(),
    )
    if (status !== 200 || body.includes('<BatchResultErrorEntry>')) {
      throw new Error(`${action} was answered ${status}: ${body.slice(0, 300)}`)
    }
    return body
  }

  /** The action for one message, or its batch with numbered entries. */
  #callForEach<Message>(
    queue: string,
    action: string,
    messages: readonly Message[],
    toParameters: (message: Message) => Parameters,
  ): Promise<string> {
    const [only] = messages
    if (messages.length === 1 && only !== undefined) {
      return this.call(action, { QueueUrl: queue, ...toParameters(only) })
    }
    const entries = messages.flatMap((message, i) =>
      Object.entries({ Id: i, ...toParameters(message) }).map(
        ([name, value]) => [`${action}BatchRequestEntry.${i + 1}.${name}`, value] as const,
      ),
    )
    return this.call(`${action}Batch`, { QueueUrl: queue, ...Object.fromEntries(entries) })
  }
}

interface Parameters {
  readonly [name: string]: string | number | undefined
}

function allIn(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text]) => text as string)
}

/** Only what may stand in a handle. */
function unescapeXml(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}
