import type { CallOptions, CallTraits, HttpClient } from './http/http-client.ts'
import { type Page, throughPages } from './pages.ts'
import type {
  HandleResult,
  Message,
  MoveTask,
  NewMessage,
  NewMoveTask,
  PeekedMessage,
  PeekedMessages,
  QueueCounts,
  QueueDescription,
  QueueHistory,
  QueueScaling,
  QueueStatistics,
  ReceiveRequest,
  SendResult,
  SentMessage,
} from './types.ts'

/** What a send takes besides the message. */
export interface SendOptions extends CallOptions {
  /**
   * Repeats a send whose outcome is not known on a standard queue, too, which may store the message twice. FIFO queues
   * recognise the repetition, so there it is always done.
   */
  readonly mayDuplicate?: boolean | undefined
}

/** A receipt handle, or the message that came with it. */
export type Lease = string | Pick<Message, 'receiptHandle'>

/** A lease with its new time. */
export interface LeaseChange {
  readonly lease: Lease
  /** Counted from now; 0 releases. */
  readonly visibilityTimeoutSeconds: number
}

/** A queue by its name. Making one asks nothing of the server; `client.createQueue` does. */
export class Queue {
  readonly name: string
  readonly #http: HttpClient

  constructor(http: HttpClient, name: string) {
    this.#http = http
    this.name = name
  }

  /** Whether this is a FIFO queue; the name says so. */
  get isFifo(): boolean {
    return this.name.endsWith('.fifo')
  }

  /** Stores one message. */
  send(message: NewMessage, options: SendOptions = {}): Promise<SentMessage> {
    return this.#http.call('sendMessage', { path: this.#path, body: message }, options, this.#sendTraits(options))
  }

  /** Stores up to 1,000 messages, each with its own outcome, in their order. */
  async sendBatch(messages: readonly NewMessage[], options: SendOptions = {}): Promise<SendResult[]> {
    const request = { path: this.#path, body: { messages: [...messages] } }
    return (await this.#http.call('sendMessages', request, options, this.#sendTraits(options))).results
  }

  /** Leases messages: up to 1,000, one when nothing is said. Waits for the first one up to `waitSeconds`. */
  async receive(request: ReceiveRequest = {}, options: CallOptions = {}): Promise<Message[]> {
    // A receive that says nothing waits as long as its queue says, which is 20 seconds at most.
    const traits = { waitSeconds: request.waitSeconds ?? 20 }
    return (await this.#http.call('receiveMessages', { path: this.#path, body: request }, options, traits)).messages
  }

  /** One page of the messages in a state, looked at without receiving them. Long bodies are cut. */
  peek(query: Page & { readonly state: PeekedMessage['state'] }, options: CallOptions = {}): Promise<PeekedMessages> {
    return this.#http.call('peekMessages', { path: this.#path, query }, options)
  }

  /** All messages in a state, page after page. */
  async *peekAll(
    query: Page & { readonly state: PeekedMessage['state'] },
    options: CallOptions = {},
  ): AsyncGenerator<PeekedMessage, void> {
    let page: PeekedMessages = await this.peek(query, options)
    yield* page.messages
    while (page.nextCursor !== undefined) {
      page = await this.peek({ ...query, cursor: page.nextCursor }, options)
      yield* page.messages
    }
  }

  /** One message, whole, looked at without receiving it. */
  peekMessage(messageId: string, options: CallOptions = {}): Promise<PeekedMessage> {
    return this.#http.call('peekMessage', { path: { ...this.#path, messageId } }, options)
  }

  /** Deletes a message that was received. Doing it again is fine. */
  async delete(lease: Lease, options: CallOptions = {}): Promise<void> {
    await this.#http.call('deleteMessage', { path: this.#leasePath(lease) }, options)
  }

  /** Deletes up to 1,000 messages, each with its own outcome, in their order. */
  async deleteBatch(leases: readonly Lease[], options: CallOptions = {}): Promise<HandleResult[]> {
    const request = { path: this.#path, body: { receiptHandles: leases.map(handleOf) } }
    return (await this.#http.call('deleteMessages', request, options)).results
  }

  /** Keeps a message leased, from now on for this long. */
  async extend(lease: Lease, visibilityTimeoutSeconds: number, options: CallOptions = {}): Promise<void> {
    await this.#http.call('extendLease', { path: this.#leasePath(lease), body: { visibilityTimeoutSeconds } }, options)
  }

  /** Extends up to 1,000 leases, each by its own time and with its own outcome, in their order. */
  async extendBatch(changes: readonly LeaseChange[], options: CallOptions = {}): Promise<HandleResult[]> {
    const leases = changes.map(({ lease, visibilityTimeoutSeconds }) => ({
      receiptHandle: handleOf(lease),
      visibilityTimeoutSeconds,
    }))
    return (await this.#http.call('extendLeases', { path: this.#path, body: { leases } }, options)).results
  }

  /** Gives a message back, so that it can be received again at once. */
  async release(lease: Lease, options: CallOptions = {}): Promise<void> {
    await this.#http.call('releaseLease', { path: this.#leasePath(lease) }, options)
  }

  /** Gives up to 1,000 messages back, each with its own outcome, in their order. */
  async releaseBatch(leases: readonly Lease[], options: CallOptions = {}): Promise<HandleResult[]> {
    const request = { path: this.#path, body: { receiptHandles: leases.map(handleOf) } }
    return (await this.#http.call('releaseLeases', request, options)).results
  }

  /** How many messages there are, exactly. */
  counts(options: CallOptions = {}): Promise<QueueCounts> {
    return this.#http.call('countMessages', { path: this.#path }, options)
  }

  /** Depth, age and rates, some seconds old; they cost the server nothing. */
  statistics(options: CallOptions = {}): Promise<QueueStatistics> {
    return this.#http.call('getQueueStatistics', { path: this.#path }, options)
  }

  /** Depth, age and rates over the last seconds: 900 when nothing is said, up to three hours. */
  history(range: { readonly rangeSeconds?: number } = {}, options: CallOptions = {}): Promise<QueueHistory> {
    return this.#http.call('getQueueHistory', { path: this.#path, query: range }, options)
  }

  /** How many consumers the queue asks for, and why. */
  scaling(options: CallOptions = {}): Promise<QueueScaling> {
    return this.#http.call('getScaling', { path: this.#path }, options)
  }

  /** Removes all messages. The queue stays. */
  async purge(options: CallOptions = {}): Promise<void> {
    await this.#http.call('purgeQueue', { path: this.#path }, options)
  }

  /** The queues whose dead letters come here, one page. */
  listDeadLetterSources(page: Page = {}, options: CallOptions = {}) {
    return this.#http.call('listDeadLetterSources', { path: this.#path, query: page }, options)
  }

  /** The queues whose dead letters come here, all of them. */
  deadLetterSources(options: CallOptions = {}): AsyncGenerator<QueueDescription, void> {
    return throughPages((page) => this.listDeadLetterSources(page, options))
  }

  /** Starts to move the messages of this dead-letter queue back where they came from, or to `destination`. */
  startMoveTask(task: NewMoveTask = {}, options: CallOptions = {}): Promise<MoveTask> {
    return this.#http.call('startMoveTask', { path: this.#path, body: task }, options)
  }

  /** The latest move tasks of this queue, the newest first. */
  async listMoveTasks(options: CallOptions = {}): Promise<MoveTask[]> {
    return (await this.#http.call('listMoveTasks', { path: this.#path }, options)).moveTasks
  }

  getMoveTask(moveTaskId: string, options: CallOptions = {}): Promise<MoveTask> {
    return this.#http.call('getMoveTask', { path: { ...this.#path, moveTaskId } }, options)
  }

  /** Stops a move task; what it has moved stays moved. */
  cancelMoveTask(moveTaskId: string, options: CallOptions = {}): Promise<MoveTask> {
    return this.#http.call('cancelMoveTask', { path: { ...this.#path, moveTaskId } }, options)
  }

  get #path() {
    return { queue: this.name }
  }

  #leasePath(lease: Lease) {
    return { queue: this.name, receiptHandle: handleOf(lease) }
  }

  #sendTraits({ mayDuplicate = false }: SendOptions): CallTraits {
    return { isRepeatable: mayDuplicate || this.isFifo }
  }
}

function handleOf(lease: Lease): string {
  return typeof lease === 'string' ? lease : lease.receiptHandle
}
