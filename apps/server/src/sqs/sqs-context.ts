import type { Engine } from '@stanchion/queue'

/** What the SQS door needs to know. */
export interface SqsContext {
  readonly engine: Engine
  /** The account that all queues belong to, twelve digits. */
  readonly accountId: string
  /** Stands in the ARNs of queues. */
  readonly region: string
  /** What queue URLs start with, without a trailing slash. Absent: the host that the caller used. */
  readonly publicUrl: string | undefined
  /** Told of every finished request. `operation` is the name of an action, or `unknown`. */
  requestFinished?(operation: string, status: number, seconds: number): void
}
