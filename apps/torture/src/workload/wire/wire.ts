import type { LeaseChange } from '../../history/event.ts'
import type { Outcome } from '../../history/history-writer.ts'
import type { NewMessage } from '../message.ts'

/** How many messages a receive takes and for how long. */
export interface ReceiveOptions {
  readonly max: number
  readonly waitSeconds: number
  readonly leaseSeconds: number
  /** When the client leaves without an answer; absent: it waits. */
  readonly leaveAfterMs?: number
  /** Of FIFO queues alone. */
  readonly attemptId?: string
}

/**
 * One protocol, spoken to any server of the service. Nothing is asked twice: what has no answer is unknown. Up to ten messages or handles go
 * into a request; one goes by the operation for one.
 */
export interface Wire {
  readonly protocol: 'json' | 'query' | 'rest'
  send(server: string, queue: string, messages: readonly NewMessage[]): Promise<Outcome>
  receive(server: string, queue: string, options: ReceiveOptions): Promise<Outcome>
  delete(server: string, queue: string, handles: readonly string[]): Promise<Outcome>
  change(server: string, queue: string, changes: readonly LeaseChange[]): Promise<Outcome>
  count(server: string, queue: string): Promise<Outcome>
  purge(server: string, queue: string): Promise<Outcome>
  deleteQueue(server: string, queue: string): Promise<Outcome>
}
