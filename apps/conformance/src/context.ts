import { randomBytes } from 'node:crypto'
import type { Input, Message, QueueAttribute } from './api.ts'
import type { Http } from './clients/http.ts'
import { type Protocol, SqsCallError, type SqsClient, type Target } from './clients/sqs-client.ts'
import { check, Failure, show } from './expect.ts'

type Attributes = Partial<Record<QueueAttribute, string>>

/** What a case has in hand. */
export interface Context {
  readonly protocol: Protocol
  readonly target: Target
  readonly sqs: SqsClient
  readonly http: Http
  /** A name that no queue has. */
  newName(suffix?: string): string
  /** Creates a standard queue and returns its URL. */
  queue(attributes?: Attributes): Promise<string>
  /** Creates a FIFO queue and returns its URL. */
  fifo(attributes?: Attributes): Promise<string>
  arn(queueUrl: string): Promise<string>
  /** The value of one queue attribute. */
  attribute(queueUrl: string, name: QueueAttribute): Promise<string | undefined>
  /** One receive of up to ten messages. Waits a little for the first one, as real SQS needs it. */
  receive(queueUrl: string, input?: Input<'ReceiveMessage'>): Promise<readonly Message[]>
  /** The one message that a receive must find. */
  receiveOne(queueUrl: string, input?: Input<'ReceiveMessage'>): Promise<Message & { readonly ReceiptHandle: string }>
  /** A short receive finds nothing. */
  receiveNothing(queueUrl: string, input?: Input<'ReceiveMessage'>): Promise<void>
  /** Asks again and again until the answer is not `undefined`; fails after `seconds`. */
  until<T>(what: string, seconds: number, ask: () => Promise<T | undefined>): Promise<T>
}

/** Between two questions of {@link Context.until}. */
const POLL_INTERVAL_MS = 100

/** Makes the context of one run of a case, and what removes its queues. */
export function createContext(
  protocol: Protocol,
  target: Target,
  client: SqsClient,
  http: Http,
): { context: Context; requests: readonly string[]; cleanUp(): Promise<void> } {
  const names = new Set<string>()
  const urls = new Set<string>()
  const requests: string[] = []
  const recorded = recordCalls(client, (request) => requests.push(request))
  const sqs: SqsClient = {
    ...recorded,
    async createQueue(input) {
      const output = await recorded.createQueue(input)
      if (output.QueueUrl !== undefined) urls.add(output.QueueUrl)
      return output
    },
  }

  function newName(suffix = ''): string {
    const name = `conformance-${randomBytes(8).toString('hex')}${suffix}`
    names.add(name)
    return name
  }

  async function create(QueueName: string, Attributes: Attributes): Promise<string> {
    const { QueueUrl } = await sqs.createQueue({ QueueName, Attributes })
    check(QueueUrl !== undefined, 'CreateQueue answers a QueueUrl', QueueUrl)
    return QueueUrl
  }

  async function attribute(QueueUrl: string, name: QueueAttribute): Promise<string | undefined> {
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: [name] })
    return Attributes?.[name]
  }

  async function receive(QueueUrl: string, input: Input<'ReceiveMessage'> = {}): Promise<readonly Message[]> {
    const { Messages = [] } = await sqs.receiveMessage({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 2,
      ...input,
    })
    return Messages
  }

  const context: Context = {
    protocol,
    target,
    sqs,
    http: (request) => {
      requests.push(
        `${request.method ?? 'POST'} ${request.path ?? '/'} ${show(request.headers ?? {})} ${show(request.body ?? '')}`,
      )
      return http(request)
    },
    newName,
    queue: (attributes = {}) => create(newName(), attributes),
    fifo: (attributes = {}) => create(newName('.fifo'), { FifoQueue: 'true', ...attributes }),
    async arn(queueUrl) {
      const arn = await attribute(queueUrl, 'QueueArn')
      check(arn !== undefined, 'a queue has a QueueArn', arn)
      return arn
    },
    attribute,
    receive,
    async receiveOne(queueUrl, input) {
      const messages = await receive(queueUrl, input)
      check(messages.length === 1, 'a receive finds one message', messages)
      const [message] = messages
      check(message?.ReceiptHandle !== undefined, 'a message has a ReceiptHandle', message)
      return { ...message, ReceiptHandle: message.ReceiptHandle }
    },
    async receiveNothing(queueUrl, input) {
      const { Messages } = await sqs.receiveMessage({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        ...input,
      })
      check(Messages === undefined, 'a receive finds nothing', Messages)
    },
    async until(what, seconds, ask) {
      const deadline = performance.now() + seconds * 1_000
      for (;;) {
        const answer = await ask()
        if (answer !== undefined) return answer
        if (performance.now() > deadline) throw new Failure(what, `${what} within ${seconds} s`, 'not so')
        await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS))
      }
    },
  }

  /** Removes what the case has left. Whether that works is not what the case is about. */
  async function cleanUp(): Promise<void> {
    for (const name of names) {
      if ([...urls].some((url) => url.endsWith(`/${name}`))) continue
      const { QueueUrl } = await client.getQueueUrl({ QueueName: name }).catch(() => ({ QueueUrl: undefined }))
      if (QueueUrl !== undefined) urls.add(QueueUrl)
    }
    for (const QueueUrl of urls) {
      await client.deleteQueue({ QueueUrl }).catch((error: unknown) => {
        if (!(error instanceof SqsCallError)) throw error
      })
    }
  }

  return { context, requests, cleanUp }
}

/** The same client, which tells every request in a form that people read. */
function recordCalls(client: SqsClient, record: (request: string) => void): SqsClient {
  const methods = Object.entries(client as unknown as Record<string, (input: object) => Promise<object>>)
  const recording = methods.map(([name, method]) => [
    name,
    (input: object) => {
      record(`${name} ${show(input)}`)
      return method(input)
    },
  ])
  return Object.fromEntries(recording) as unknown as SqsClient
}
