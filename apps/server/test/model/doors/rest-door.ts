import { RestClient } from '../../helpers/rest-client.ts'
import {
  type Attributes,
  type Counts,
  type Door,
  done,
  type EndedMove,
  type NewMessage,
  type Outcome,
  type QueueChange,
  type QueueInput,
  type QueueView,
  type Received,
  type ReceiveRequest,
  type Refusal,
  refused,
  type Sent,
  type Tags,
  type VisibilityChange,
} from './door.ts'

type Json = Record<string, unknown>

/** The codes that say more than that the caller was wrong. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  queueNotFound: 'queueNotFound',
  destinationNotFound: 'queueNotFound',
  queueExists: 'queueExists',
  invalidReceiptHandle: 'handleInvalid',
  messageNotLeased: 'handleRefused',
  handleExpired: 'handleRefused',
}

/** A message as one sees it who only looks. */
export interface Peeked {
  readonly messageId: string
  readonly state: 'ready' | 'leased' | 'delayed'
  readonly body: string
  readonly groupId?: string
  readonly receiveCount: number
  readonly deadLetterSource?: string
}

/** The REST API. */
export class RestDoor implements Door {
  readonly #client: RestClient

  constructor(url: string) {
    this.#client = new RestClient({ url })
  }

  createQueue(name: string, { fifo, ...rest }: QueueInput): Promise<Outcome<null>> {
    const kind = name.endsWith('.fifo') ? { kind: 'fifo', ...(fifo && { fifo }) } : {}
    return this.#done('POST', '/v1/queues', { name, ...kind, ...rest })
  }

  updateQueue(name: string, change: QueueChange): Promise<Outcome<null>> {
    return this.#done('PATCH', address(name), change)
  }

  getQueue(name: string): Promise<Outcome<QueueView>> {
    return this.#call('GET', address(name), undefined, ({ settings, fifo, deadLetter, tags }) => ({
      settings: settings as QueueView['settings'],
      fifo: fifo === undefined ? undefined : withoutThroughput(fifo as Json),
      deadLetter: deadLetter as QueueView['deadLetter'],
      tags: tags as Tags,
    }))
  }

  deleteQueue(name: string): Promise<Outcome<null>> {
    return this.#done('DELETE', address(name))
  }

  purgeQueue(name: string): Promise<Outcome<null>> {
    return this.#done('POST', `${address(name)}/purge`)
  }

  countMessages(name: string): Promise<Outcome<Counts>> {
    return this.#call('GET', `${address(name)}/counts`, undefined, ({ visible, inFlight, delayed }) => ({
      visible: visible as number,
      inFlight: inFlight as number,
      delayed: delayed as number,
    }))
  }

  async listQueues(prefix: string): Promise<string[]> {
    const { body } = await this.#client.get(`/v1/queues?prefix=${prefix}&limit=1000`)
    return namesOf(body)
  }

  listSources(name: string): Promise<Outcome<string[]>> {
    return this.#call('GET', `${address(name)}/dead-letter-sources?limit=1000`, undefined, namesOf)
  }

  async tag(name: string, tags: Tags): Promise<Outcome<null>> {
    const queue = await this.getQueue(name)
    return queue.ok ? this.#done('PATCH', address(name), { tags: { ...queue.value.tags, ...tags } }) : queue
  }

  async untag(name: string, keys: readonly string[]): Promise<Outcome<null>> {
    const queue = await this.getQueue(name)
    if (!queue.ok) return queue
    const tags = Object.fromEntries(Object.entries(queue.value.tags).filter(([key]) => !keys.includes(key)))
    return this.#done('PATCH', address(name), { tags })
  }

  send(name: string, message: NewMessage): Promise<Outcome<Sent>> {
    return this.#call('POST', `${address(name)}/messages`, message, toSent)
  }

  sendBatch(name: string, messages: readonly NewMessage[]): Promise<Outcome<Outcome<Sent>[]>> {
    return this.#batch(`${address(name)}/messages/batch`, { messages }, toSent)
  }

  receive(name: string, request: ReceiveRequest): Promise<Outcome<Received[]>> {
    return this.#call('POST', `${address(name)}/receive`, { ...request, waitSeconds: 0 }, ({ messages }) =>
      (messages as Json[]).map(toReceived),
    )
  }

  delete(name: string, handle: string): Promise<Outcome<null>> {
    return this.#done('DELETE', `${address(name)}/leases/${handle}`)
  }

  deleteBatch(name: string, receiptHandles: readonly string[]): Promise<Outcome<Outcome<null>[]>> {
    return this.#batch(`${address(name)}/leases/delete`, { receiptHandles }, () => null)
  }

  changeVisibility(name: string, { handle, visibilityTimeoutSeconds }: VisibilityChange): Promise<Outcome<null>> {
    const lease = `${address(name)}/leases/${handle}`
    return visibilityTimeoutSeconds === 0
      ? this.#done('POST', `${lease}/release`)
      : this.#done('POST', `${lease}/extend`, { visibilityTimeoutSeconds })
  }

  changeVisibilityBatch(name: string, changes: readonly VisibilityChange[]): Promise<Outcome<Outcome<null>[]>> {
    const leases = changes.map(({ handle, ...change }) => ({ receiptHandle: handle, ...change }))
    return this.#batch(`${address(name)}/leases/extend`, { leases }, () => null)
  }

  async move(name: string, destination: string | undefined): Promise<Outcome<EndedMove>> {
    const tasks = `${address(name)}/move-tasks`
    const started = await this.#call('POST', tasks, { destination }, ({ id }) => id as string)
    if (!started.ok) return started
    for (;;) {
      const { body } = await this.#client.get(`${tasks}/${started.value}`)
      if (body.status !== 'running') {
        return done({ status: body.status as EndedMove['status'], moved: body.messagesMoved as number })
      }
    }
  }

  /** Every message of a queue that is there, without touching any; of a FIFO queue each group in its order. */
  async peek(name: string): Promise<Peeked[]> {
    const parts = await Promise.all(['leased', 'ready', 'delayed'].map((state) => this.#peekState(name, state)))
    return parts.flat()
  }

  async #peekState(name: string, state: string): Promise<Peeked[]> {
    const all: Peeked[] = []
    let cursor: string | undefined
    do {
      const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const { body } = await this.#client.get(`${address(name)}/messages?state=${state}&limit=100${more}`)
      all.push(...(body.messages as Peeked[]))
      cursor = body.nextCursor as string | undefined
    } while (cursor !== undefined)
    return all
  }

  #done(method: string, path: string, body?: unknown): Promise<Outcome<null>> {
    return this.#call(method, path, body, () => null)
  }

  async #call<T>(method: string, path: string, body: unknown, read: (body: Json) => T): Promise<Outcome<T>> {
    const answer = await this.#client.send(method, path, body)
    if (answer.status >= 500) throw new Error(`${method} ${path} → ${JSON.stringify(answer.body)}`)
    return answer.status < 300 ? done(read(answer.body)) : refused(toRefusal(answer.body.code))
  }

  #batch<T>(path: string, body: unknown, read: (entry: Json) => T): Promise<Outcome<Outcome<T>[]>> {
    return this.#call('POST', path, body, ({ results }) =>
      (results as Json[]).map((entry) =>
        entry.error === undefined ? done(read(entry)) : refused(toRefusal((entry.error as Json).code)),
      ),
    )
  }
}

const address = (name: string) => `/v1/queues/${name}`

function toRefusal(code: unknown): Refusal {
  return REFUSALS[code as string] ?? 'badRequest'
}

function namesOf({ queues }: Json): string[] {
  return (queues as { name: string }[]).map(({ name }) => name)
}

function withoutThroughput({ throughputLimit: _, ...fifo }: Json): QueueView['fifo'] {
  return fifo as unknown as QueueView['fifo']
}

function toSent({ messageId, sequenceNumber }: Json): Sent {
  return { messageId: messageId as string, sequenceNumber: sequenceNumber as string | undefined }
}

function toReceived(message: Json): Received {
  return {
    messageId: message.messageId as string,
    handle: message.receiptHandle as string,
    body: message.body as string,
    attributes: message.attributes as Attributes,
    groupId: message.groupId as string | undefined,
    receiveCount: message.receiveCount as number,
    sentAtMs: Date.parse(message.sentAt as string),
    firstReceivedAtMs: Date.parse(message.firstReceivedAt as string),
    deadLetterSource: message.deadLetterSource as string | undefined,
  }
}
