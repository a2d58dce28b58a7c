import { type Allowed, must, mustEqual, only, refusal, settleEach } from './allowed.ts'
import type {
  Counts,
  DeadLetter,
  NewMessage,
  Outcome,
  QueueChange,
  QueueInput,
  QueueView,
  Sent,
  Tags,
} from './doors/door.ts'
import type { ModelMessage } from './model-message.ts'
import { ModelQueue, WINDOW_MS } from './model-queue.ts'
import type { Tally } from './tally.ts'

/** What the queues of a run are: standard ones, those with groups that share them fairly, or FIFO queues. */
export type Flavour = 'standard' | 'fair' | 'fifo'

/** A receipt handle as it was given out. */
export interface Handle {
  readonly text: string
  readonly queue: ModelQueue
  readonly message: ModelMessage
  readonly receiveCount: number
}

/** No door ever gave this one out. */
export const FOREIGN_HANDLE = 'A'.repeat(70)

/**
 * What the server should hold, in memory and by the promises alone. A method says which answers are allowed to a request and what each
 * of them changes; `settle` picks the one that was given.
 */
export class Model {
  /** The queues that are there, by name. */
  readonly queues = new Map<string, ModelQueue>()
  /** All that were given out, the newest last. */
  readonly handles: Handle[] = []
  /** The clock of the database. */
  nowMs: number
  /** Bodies that were sent so far. */
  bodies = 0
  /** The names of those that were deleted. */
  readonly #ended = new Set<string>()

  /** What the names of all its queues begin with, and no others. */
  readonly prefix: string
  readonly flavour: Flavour
  /** How often something worth a test has come about. */
  readonly seen: Tally

  constructor({ prefix, nowMs, flavour, seen }: Pick<Model, 'prefix' | 'nowMs' | 'flavour' | 'seen'>) {
    this.prefix = prefix
    this.nowMs = nowMs
    this.flavour = flavour
    this.seen = seen
  }

  /** The name that a queue has at the server. All are of the kind that the run is about, but for `other`. */
  nameOf(name: string): string {
    const isFifo = (this.flavour === 'fifo') !== (name === 'other')
    return `${this.prefix}${name}${isFifo ? '.fifo' : ''}`
  }

  passTime(ms: number): void {
    this.nowMs += ms
    for (const queue of this.queues.values()) this.#expire(queue)
  }

  createQueue(name: string, { settings = {}, fifo, deadLetter, tags = {} }: QueueInput): Allowed<null> {
    const existing = this.queues.get(name)
    if (existing !== undefined) {
      const isSame =
        isPart(settings, existing.settings) &&
        (fifo === undefined || isPart(fifo, existing.fifo ?? {})) &&
        (deadLetter === undefined || isPart(deadLetter, existing.deadLetter ?? {}))
      return isSame ? only(() => {}) : refusal('queueExists')
    }
    if (deadLetter !== undefined && !this.queues.has(deadLetter.queueName)) return refusal('badRequest')
    return only(() => {
      const queue = new ModelQueue(name, settings, name.endsWith('.fifo') ? (fifo ?? DEFAULT_FIFO) : undefined, tags)
      queue.deadLetter = deadLetter
      this.queues.set(name, queue)
      if (this.#ended.delete(name)) this.seen.add('created again')
    })
  }

  updateQueue(name: string, { settings = {}, deadLetter }: QueueChange): Allowed<null> {
    return this.#with(name, (queue) => {
      if (deadLetter && !this.queues.has(deadLetter.queueName)) return refusal('badRequest')
      return only(() => {
        queue.settings = { ...queue.settings, ...settings }
        if (deadLetter !== undefined) queue.deadLetter = deadLetter ?? undefined
        this.#expire(queue)
      })
    })
  }

  getQueue(name: string): Allowed<QueueView> {
    return this.#with(name, ({ settings, fifo, deadLetter, tags }) =>
      only((view) => mustEqual(view, { settings, fifo, deadLetter, tags }, 'the queue')),
    )
  }

  deleteQueue(name: string): Allowed<null> {
    return this.#with(name, () =>
      only(() => {
        this.queues.delete(name)
        this.#ended.add(name)
      }),
    )
  }

  purgeQueue(name: string): Allowed<null> {
    return this.#with(name, (queue) =>
      only(() => {
        this.seen.add('purged', queue.messages.length)
        queue.purge()
      }),
    )
  }

  countMessages(name: string): Allowed<Counts> {
    return this.#with(name, (queue) =>
      only((counts) => {
        const states = queue.messages.map((message) => queue.stateOf(message, this.nowMs))
        const count = (state: string) => states.filter((each) => each === state).length
        mustEqual(
          counts,
          { visible: count('ready'), inFlight: count('leased'), delayed: count('delayed') },
          'G26 the counts',
        )
      }),
    )
  }

  /** The names that a list shows. */
  listQueues(): string[] {
    return [...this.queues.keys()].sort()
  }

  listSources(name: string): Allowed<string[]> {
    return this.#with(name, () => {
      const sources = this.listQueues().filter((each) => this.queues.get(each)?.deadLetter?.queueName === name)
      return only((names) => mustEqual(names, sources, 'the sources'))
    })
  }

  tag(name: string, tags: Tags): Allowed<null> {
    return this.#with(name, (queue) =>
      only(() => {
        queue.tags = { ...queue.tags, ...tags }
      }),
    )
  }

  untag(name: string, keys: readonly string[]): Allowed<null> {
    return this.#with(name, (queue) =>
      only(() => {
        queue.tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !keys.includes(key)))
      }),
    )
  }

  send(name: string, message: NewMessage): Allowed<Sent> {
    return this.#with(name, (queue) => this.sendTo(queue, message))
  }

  sendTo(queue: ModelQueue, message: NewMessage): Allowed<Sent> {
    if (!isSendable(queue, message)) return refusal('badRequest')
    return only((sent) => {
      const first = this.#firstOf(queue, message)
      if (first !== undefined) {
        const { messageId, sequenceNumber } = first
        mustEqual(sent, { messageId, sequenceNumber }, 'G15 the ids of a duplicate')
        this.seen.add('duplicate')
        return
      }
      this.#store(queue, message, sent)
    })
  }

  /** The entries stand alone; but a FIFO queue may refuse all of them over one, so that none overtakes it. */
  sendBatch(name: string, messages: readonly NewMessage[]): Allowed<Outcome<Sent>[]> {
    return this.#with(name, (queue) => {
      const allowed = only((outcomes: Outcome<Sent>[]) => {
        settleEach(
          messages.map((message) => this.sendTo(queue, message)),
          outcomes,
        )
      })
      const isRefusable = queue.fifo !== undefined && messages.some((message) => !isSendable(queue, message))
      return isRefusable ? new Map([...allowed, ...refusal('badRequest')]) : allowed
    })
  }

  deleteMessage(name: string, handle: string): Allowed<null> {
    return this.#with(name, (queue) => {
      const delivery = this.#deliveryOf(queue, handle)
      if (delivery === undefined) return refusal('handleInvalid')
      const { message, receiveCount } = delivery
      if (!queue.messages.includes(message)) return only(() => {})
      const isCurrent = message.receiveCount === receiveCount
      if (queue.fifo !== undefined && !(isCurrent && message.visibleAtMs > this.nowMs)) return refusal('handleRefused')
      return only(() => {
        // In a batch the same handle may have been used a moment ago.
        if (isCurrent) queue.remove(message)
        this.seen.add(isCurrent ? 'deleted' : 'stale delete')
      })
    })
  }

  changeVisibility(name: string, handle: string, visibilityTimeoutSeconds: number): Allowed<null> {
    return this.#with(name, (queue) => {
      const delivery = this.#deliveryOf(queue, handle)
      if (delivery === undefined) return refusal('handleInvalid')
      const { message, receiveCount } = delivery
      const isCurrent = queue.messages.includes(message) && message.receiveCount === receiveCount
      const isOver = queue.fifo !== undefined && message.visibleAtMs <= this.nowMs
      if (!isCurrent || isOver) {
        this.seen.add('stale change')
        return refusal('handleRefused')
      }
      return only(() => {
        message.visibleAtMs = this.nowMs + visibilityTimeoutSeconds * 1000
        message.leases++
      })
    })
  }

  /** Where dead letters of a queue go; `undefined` when it has no dead-letter queue, or that is gone. */
  targetOf(queue: ModelQueue): ModelQueue | undefined {
    return queue.deadLetter === undefined ? undefined : this.queues.get(queue.deadLetter.queueName)
  }

  /** Whether the queue has handed a message out as often as it may. */
  isDead(queue: ModelQueue, { receiveCount }: ModelMessage): boolean {
    return this.targetOf(queue) !== undefined && receiveCount >= (queue.deadLetter as DeadLetter).receiveCountMax
  }

  /** Whether a message has outlived the retention of a queue. */
  isExpired({ settings }: ModelQueue, { retainedFromMs }: ModelMessage): boolean {
    return this.nowMs - retainedFromMs > settings.retentionSeconds * 1000
  }

  #with<T>(name: string, allow: (queue: ModelQueue) => Allowed<T>): Allowed<T> {
    const queue = this.queues.get(name)
    return queue === undefined ? refusal('queueNotFound') : allow(queue)
  }

  #deliveryOf(queue: ModelQueue, text: string): Handle | undefined {
    return this.handles.find((handle) => handle.text === text && handle.queue === queue)
  }

  #firstOf(queue: ModelQueue, message: NewMessage): Sent | undefined {
    const key = queue.deduplicationKey(message)
    const first = key === undefined ? undefined : queue.deduplication.get(key)
    return first !== undefined && this.nowMs - first.atMs < WINDOW_MS ? first : undefined
  }

  #store(queue: ModelQueue, message: NewMessage, { messageId, sequenceNumber }: Sent): void {
    const known = [...this.queues.values()].flatMap(({ messages }) => messages)
    must(!known.some((each) => each.messageId === messageId), `G2 the id ${messageId} was given before`)
    must((sequenceNumber !== undefined) === (queue.fifo !== undefined), 'G13 messages of FIFO queues have numbers')
    if (sequenceNumber !== undefined) {
      must(BigInt(sequenceNumber) > queue.sequenceNumber, `G13 ${sequenceNumber} is not above ${queue.sequenceNumber}`)
      queue.sequenceNumber = BigInt(sequenceNumber)
    }
    const key = queue.deduplicationKey(message)
    if (key !== undefined && queue.deduplication.has(key)) this.seen.add('stored again')
    if (key !== undefined) queue.deduplication.set(key, { messageId, sequenceNumber, atMs: this.nowMs })
    queue.messages.push(this.newMessage(queue, message, messageId))
  }

  /** A message as it is when it has just been stored. */
  newMessage(queue: ModelQueue, message: Omit<NewMessage, 'deduplicationId'>, messageId: string): ModelMessage {
    const delaySeconds = message.delaySeconds ?? queue.settings.delaySeconds
    return {
      messageId,
      body: message.body,
      attributes: message.attributes,
      groupId: message.groupId,
      sentAtMs: this.nowMs,
      retainedFromMs: this.nowMs,
      delayedUntilMs: queue.fifo === undefined ? this.nowMs + delaySeconds * 1000 : undefined,
      visibleAtMs: Number.NEGATIVE_INFINITY,
      receiveCount: 0,
      leases: 0,
      firstReceivedAtMs: undefined,
      deadLetterSource: undefined,
    }
  }

  #expire(queue: ModelQueue): void {
    const kept = queue.messages.filter((message) => !this.isExpired(queue, message))
    this.seen.add('expired', queue.messages.length - kept.length)
    queue.messages = kept
  }
}

const DEFAULT_FIFO = { contentBasedDeduplication: false, deduplicationScope: 'queue' } as const

/** A character that no message may hold. */
export const FORBIDDEN_CHARACTER = '\u0001'

/** Whether a queue takes a message. */
export function isSendable(queue: ModelQueue, message: NewMessage): boolean {
  return (
    !message.body.includes(FORBIDDEN_CHARACTER) &&
    sizeOf(message) <= queue.settings.messageBytesMax &&
    (queue.fifo === undefined ||
      (message.groupId !== undefined && queue.deduplicationKey(message) !== undefined && !message.delaySeconds))
  )
}

/** Body and attributes, in bytes. */
function sizeOf({ body, attributes }: NewMessage): number {
  const sizes = Object.entries(attributes).map(
    ([name, { type, value }]) =>
      Buffer.byteLength(name + type) + Buffer.from(value, type === 'binary' ? 'base64' : 'utf8').length,
  )
  return sizes.reduce((sum, size) => sum + size, Buffer.byteLength(body))
}

function isPart(part: object, whole: object): boolean {
  const values = new Map(Object.entries(whole))
  return Object.entries(part).every(([name, value]) => values.get(name) === value)
}
