/** A message on its way into a queue. */
export interface OutgoingMessage {
  readonly body: string
  readonly group?: string | undefined
  readonly deduplicationId?: string
  readonly delaySeconds?: number
}

/** What an acknowledged send tells. */
export interface SentMessage {
  readonly id: string
  /** Of FIFO queues. */
  readonly sequenceNumber?: string | undefined
}

/** A message that a receive has handed out. */
export interface ReceivedMessage {
  readonly id: string
  readonly handle: string
  /** What the call asked for with `withDetails`. */
  readonly details?: {
    readonly group?: string | undefined
    readonly sequenceNumber?: string | undefined
    readonly sentAtMs: number
    readonly firstReceivedAtMs: number
  }
}

/** What a receive asks for. */
export interface ReceiveOptions {
  readonly max: number
  /** How long the queue may hold the call while it is empty. */
  readonly waitSeconds?: number
  readonly leaseSeconds?: number
  readonly withDetails?: boolean
}

/**
 * One caller of a queue service, with one call under way at a time. The load is written against this, so that every contender gets the
 * same one. Each method is one call; it rejects when any part of the call was refused.
 */
export interface QueueClient {
  send(queue: string, messages: readonly OutgoingMessage[]): Promise<readonly SentMessage[]>
  receive(queue: string, options: ReceiveOptions): Promise<readonly ReceivedMessage[]>
  delete(queue: string, messages: readonly ReceivedMessage[]): Promise<void>
  /** Gives leases back, so that the messages are to be had again at once. */
  release(queue: string, messages: readonly ReceivedMessage[]): Promise<void>
  close(): Promise<void>
}

/** For a contender that has no such operation. */
export function unsupported(contender: string, operation: string): Promise<never> {
  return Promise.reject(new Error(`${contender} takes no part in scenarios that ${operation}`))
}
