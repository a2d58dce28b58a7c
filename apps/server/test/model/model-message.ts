import type { Attributes } from './doors/door.ts'

/** A message that is stored. */
export interface ModelMessage {
  readonly messageId: string
  readonly body: string
  readonly attributes: Attributes
  readonly groupId: string | undefined
  readonly sentAtMs: number
  /** When its retention began. */
  retainedFromMs: number
  /** When its delay is over; `undefined` on FIFO queues, where that of the queue counts. */
  readonly delayedUntilMs: number | undefined
  /** When its last delivery is over. */
  visibleAtMs: number
  receiveCount: number
  /** How often a lease of it was begun, begun anew or changed. */
  leases: number
  firstReceivedAtMs: number | undefined
  deadLetterSource: string | undefined
}

export type MessageState = 'ready' | 'leased' | 'delayed'
