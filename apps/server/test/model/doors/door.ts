/** Why a door refused, in words that all doors share. */
export type Refusal =
  | 'queueNotFound'
  | 'queueExists'
  /** The handle was never issued for this queue. */
  | 'handleInvalid'
  /** The handle is genuine, and no longer good for this. */
  | 'handleRefused'
  /** Anything else that the caller did wrong. */
  | 'badRequest'

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value })
export const refused = (refusal: Refusal): Outcome<never> => ({ ok: false, refusal })

/** The numbers that every queue has. */
export interface Settings {
  readonly visibilityTimeoutSeconds: number
  readonly delaySeconds: number
  readonly retentionSeconds: number
  readonly receiveWaitSeconds: number
  readonly messageBytesMax: number
}

export interface FifoSettings {
  readonly contentBasedDeduplication: boolean
  readonly deduplicationScope: 'queue' | 'messageGroup'
}

export interface DeadLetter {
  readonly queueName: string
  readonly receiveCountMax: number
}

export type Tags = Readonly<Record<string, string>>

/** What can be given to a queue. */
export interface QueueInput {
  readonly settings?: Partial<Settings>
  readonly fifo?: FifoSettings
  readonly deadLetter?: DeadLetter
  readonly tags?: Tags
}

/** A change of a queue; `null` takes its dead-letter queue away. */
export interface QueueChange {
  readonly settings?: Partial<Settings>
  readonly deadLetter?: DeadLetter | null
}

/** A queue as it is shown. */
export interface QueueView {
  readonly settings: Settings
  readonly fifo: FifoSettings | undefined
  readonly deadLetter: DeadLetter | undefined
  readonly tags: Tags
}

export interface Counts {
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
}

/** A value beside the body; of type `binary` it is base64. */
export interface Attribute {
  readonly type: 'string' | 'number' | 'binary'
  readonly value: string
}

export type Attributes = Readonly<Record<string, Attribute>>

export interface NewMessage {
  readonly body: string
  readonly attributes: Attributes
  readonly delaySeconds?: number | undefined
  readonly groupId?: string | undefined
  readonly deduplicationId?: string | undefined
}

export interface Sent {
  readonly messageId: string
  readonly sequenceNumber: string | undefined
}

export interface ReceiveRequest {
  readonly maxMessages: number
  readonly visibilityTimeoutSeconds?: number | undefined
  readonly attemptId?: string | undefined
}

export interface Received {
  readonly messageId: string
  readonly handle: string
  readonly body: string
  readonly attributes: Attributes
  readonly groupId: string | undefined
  readonly receiveCount: number
  readonly sentAtMs: number
  readonly firstReceivedAtMs: number
  readonly deadLetterSource: string | undefined
}

export interface VisibilityChange {
  readonly handle: string
  readonly visibilityTimeoutSeconds: number
}

/** How a move task ended. */
export interface EndedMove {
  readonly status: 'completed' | 'failed'
  readonly moved: number
}

/**
 * One way into the server, with one vocabulary for all of them. What is no answer that a caller can be given (a 5xx, a broken
 * connection, an MD5 that does not fit) is thrown.
 */
export interface Door {
  createQueue(name: string, input: QueueInput): Promise<Outcome<null>>
  updateQueue(name: string, change: QueueChange): Promise<Outcome<null>>
  getQueue(name: string): Promise<Outcome<QueueView>>
  deleteQueue(name: string): Promise<Outcome<null>>
  purgeQueue(name: string): Promise<Outcome<null>>
  countMessages(name: string): Promise<Outcome<Counts>>
  /** Names in their order. */
  listQueues(prefix: string): Promise<string[]>
  listSources(name: string): Promise<Outcome<string[]>>
  tag(name: string, tags: Tags): Promise<Outcome<null>>
  untag(name: string, keys: readonly string[]): Promise<Outcome<null>>
  send(name: string, message: NewMessage): Promise<Outcome<Sent>>
  sendBatch(name: string, messages: readonly NewMessage[]): Promise<Outcome<Outcome<Sent>[]>>
  /** Never waits. */
  receive(name: string, request: ReceiveRequest): Promise<Outcome<Received[]>>
  delete(name: string, handle: string): Promise<Outcome<null>>
  deleteBatch(name: string, handles: readonly string[]): Promise<Outcome<Outcome<null>[]>>
  changeVisibility(name: string, change: VisibilityChange): Promise<Outcome<null>>
  changeVisibilityBatch(name: string, changes: readonly VisibilityChange[]): Promise<Outcome<Outcome<null>[]>>
  /** Starts a move task and asks until it has ended. */
  move(name: string, destination: string | undefined): Promise<Outcome<EndedMove>>
}
