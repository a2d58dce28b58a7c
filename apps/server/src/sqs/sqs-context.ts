import type { Engine } from '@stanchion/queue'
import type { TimeLimits } from '@stanchion/sqs'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Authenticate } from './authenticate.ts'

/** What the SQS door needs to know. */
export interface SqsContext {
  readonly engine: Engine
  /** The account of callers who need not say who they are, twelve digits. */
  readonly accountId: string
  /** Stands in the ARNs of queues. */
  readonly region: string
  /** What queue URLs start with, without a trailing slash. Absent: the host that the caller used. */
  readonly publicUrl: string | undefined
  /** How far the times of queues, messages and deliveries reach. */
  readonly timeLimits: TimeLimits
  /** Finds out who sends a request. Absent: nobody has to say. */
  readonly authenticate?: Authenticate | undefined
  /** Absent: requests are not traced. */
  readonly telemetry?: Telemetry | undefined
  /** Told of every finished request. `operation` is the name of an action, or `unknown`. */
  requestFinished?(operation: string, status: number, seconds: number): void
}
