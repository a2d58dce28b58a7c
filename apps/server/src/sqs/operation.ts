import type { QueueKey } from '@stanchion/queue'
import type { Action } from '@stanchion/sqs'
import type { Caller } from '../http/caller.ts'
import type { ConnectionWatch } from '../http/connection-watch.ts'
import type { SqsContext } from './sqs-context.ts'
import type { SqsRequest } from './sqs-request.ts'

/** What an action gets besides its input. */
export interface SqsCall {
  readonly context: SqsContext
  readonly caller: Caller
  readonly request: SqsRequest
  /** To see whether the caller is still there. */
  readonly connection: ConnectionWatch
}

/** What an action on a queue gets: the caller may do this with the queue, but it need not exist. */
export interface QueueCall extends SqsCall {
  readonly queue: QueueKey
}

/** An action with its handler: it decodes nothing and encodes nothing, makes one engine call and answers the output. */
export type Operation =
  | {
      readonly kind: 'account'
      readonly action: Action
      /** Whether the Query protocol serves it at the path of a queue, too. */
      readonly isAllowedAtQueue: boolean
      /** The queue that it asks about, whose policy has a say. `undefined`: the caller's key alone decides. */
      queueOf(call: SqsCall, input: unknown): QueueKey | undefined
      run(call: SqsCall, input: unknown): Promise<object>
    }
  | {
      readonly kind: 'queue'
      readonly action: Action<{ readonly QueueUrl?: string | undefined }>
      run(call: QueueCall, input: unknown): Promise<object>
    }

/** An action on the account as a whole, or on a queue that it does not name by a URL. */
export function accountOperation<Input, Output extends object>(
  action: Action<Input, Output>,
  run: (call: SqsCall, input: Input) => Promise<Output>,
  options: { isAllowedAtQueue?: boolean; queueOf?: (call: SqsCall, input: Input) => QueueKey | undefined } = {},
): Operation {
  const { isAllowedAtQueue = false, queueOf = () => undefined } = options
  return {
    kind: 'account',
    action,
    isAllowedAtQueue,
    queueOf: queueOf as (call: SqsCall, input: unknown) => QueueKey | undefined,
    run: run as (call: SqsCall, input: unknown) => Promise<Output>,
  }
}

/** An action on one queue. */
export function queueOperation<Input extends { readonly QueueUrl?: string | undefined }, Output extends object>(
  action: Action<Input, Output>,
  run: (call: QueueCall, input: Input) => Promise<Output>,
): Operation {
  return { kind: 'queue', action, run: run as (call: QueueCall, input: unknown) => Promise<Output> }
}
