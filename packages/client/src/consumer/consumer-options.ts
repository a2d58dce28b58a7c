import type { Message } from '../types.ts'

/** What a handler gets beside its messages. */
export interface HandlerContext {
  /** Aborted when the lease was lost, so that the message may be handled elsewhere, and when the time to stop is over. */
  readonly signal: AbortSignal
}

/** Handles one message. When it ends the message is deleted; when it throws the message is released. */
export type MessageHandler = (message: Message, context: HandlerContext) => Promise<void> | void

/** Messages that were received together; there is at least one. */
export type MessageBatch = readonly [Message, ...Message[]]

/** Handles messages together. Those it answers have failed and are released, the others are deleted; when it throws all have failed. */
export type BatchHandler = (
  messages: MessageBatch,
  context: HandlerContext,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that answers nothing has no return statement
) => Promise<readonly Message[] | void> | readonly Message[] | void

/** What a consumer was doing when something went wrong, and with which messages. */
export interface ErrorContext {
  readonly during: 'receive' | 'handle' | 'extend' | 'release' | 'delete'
  readonly messages: readonly Message[]
}

export interface CommonConsumerOptions {
  /** Told of everything that went wrong. The consumer goes on. */
  readonly onError: (error: unknown, context: ErrorContext) => void
  /** Messages, or batches, in hand at the same time: 10 when absent, up to 1,000. */
  readonly concurrency?: number | undefined
  /** How long a receive waits for a first message: 20 when absent, from 1 to 20. */
  readonly waitSeconds?: number | undefined
  /** How soon others get the messages of a consumer that died: 30 when absent. Handlers may take longer; their leases are extended. */
  readonly visibilityTimeoutSeconds?: number | undefined
  /** How long a message that failed stays away: not at all when absent. Its `receiveCount` tells how often it was tried. */
  readonly retryDelaySeconds?: ((message: Message) => number) | undefined
  /** Deletes are sent when there are so many: 100 when absent, up to 1,000. */
  readonly deleteBatchSize?: number | undefined
  /** Deletes are sent after this time at the latest: 0.05 when absent. */
  readonly deleteDelaySeconds?: number | undefined
  /** The longest pause while the server is away: 30 when absent. */
  readonly backoffSecondsMax?: number | undefined
  /** Runs around each call of the handler, for a trace or a log context. It calls `run` and waits for it. */
  readonly around?: ((messages: MessageBatch, run: () => Promise<void>) => Promise<void>) | undefined
  /** Stops the consumer when it is aborted. */
  readonly signal?: AbortSignal | undefined
}

/** How a consumer works: message by message, or batch by batch. */
export type ConsumerOptions = CommonConsumerOptions &
  (
    | { readonly handle: MessageHandler; readonly handleBatch?: never; readonly batchSize?: never }
    | {
        readonly handle?: never
        readonly handleBatch: BatchHandler
        /** Messages in a batch at most: 10 when absent, up to 1,000. */
        readonly batchSize?: number | undefined
      }
  )

/** The same with everything decided. */
export interface ConsumerSettings {
  readonly handleBatch: BatchHandler
  /** Messages that one call of the handler gets at most. */
  readonly batchSize: number
  readonly isBatched: boolean
  readonly concurrency: number
  readonly waitSeconds: number
  readonly visibilityTimeoutSeconds: number
  readonly retryDelaySeconds: (message: Message) => number
  readonly deleteBatchSize: number
  readonly deleteDelaySeconds: number
  readonly backoffSecondsMax: number
  readonly around: (messages: MessageBatch, run: () => Promise<void>) => Promise<void>
  readonly onError: (error: unknown, context: ErrorContext) => void
}

/** No server leases longer; many allow less and say so. */
export const LEASE_SECONDS_MAX = 31_536_000

/** @throws RangeError for a number that is out of its range */
export function settleOptions(options: ConsumerOptions): ConsumerSettings {
  const { handle, handleBatch, onError } = options
  if ((handle === undefined) === (handleBatch === undefined)) throw new TypeError('Give either handle or handleBatch.')
  return {
    handleBatch: handleBatch ?? (([message], context) => one(handle, message, context)),
    batchSize: handle === undefined ? integer('batchSize', options.batchSize ?? 10, 1, 1_000) : 1,
    isBatched: handle === undefined,
    concurrency: integer('concurrency', options.concurrency ?? 10, 1, 1_000),
    waitSeconds: integer('waitSeconds', options.waitSeconds ?? 20, 1, 20),
    visibilityTimeoutSeconds: integer(
      'visibilityTimeoutSeconds',
      options.visibilityTimeoutSeconds ?? 30,
      1,
      LEASE_SECONDS_MAX,
    ),
    retryDelaySeconds: options.retryDelaySeconds ?? (() => 0),
    deleteBatchSize: integer('deleteBatchSize', options.deleteBatchSize ?? 100, 1, 1_000),
    deleteDelaySeconds: inRange('deleteDelaySeconds', options.deleteDelaySeconds ?? 0.05, 0, 60),
    backoffSecondsMax: inRange('backoffSecondsMax', options.backoffSecondsMax ?? 30, 0, 3_600),
    around: options.around ?? ((_messages, run) => run()),
    onError,
  }
}

async function one(handle: MessageHandler | undefined, message: Message, context: HandlerContext): Promise<void> {
  await handle?.(message, context)
}

function inRange(name: string, value: number, min: number, max: number): number {
  if (value >= min && value <= max) return value
  throw new RangeError(`${name} must be from ${min} to ${max}; got ${value}.`)
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value)) return inRange(name, value, min, max)
  throw new RangeError(`${name} must be a whole number; got ${value}.`)
}
