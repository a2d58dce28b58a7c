import { decodeJson, encodeJson } from '@stanchion/sqs'
import type { Caller } from '../http/caller.ts'
import type { ConnectionWatch } from '../http/connection-watch.ts'
import type { Operation } from './operation.ts'
import { runOperation } from './run-operation.ts'
import type { SqsContext } from './sqs-context.ts'
import type { SqsRequest } from './sqs-request.ts'

/** SQS with the caller that everybody is where nobody has to say who they are. */
export interface Door extends SqsContext {
  readonly everybody: Caller
}

/**
 * The body of the answer to an AWS JSON request. The path does not matter: several SDKs post JSON to the queue's own.
 * @throws SqsError, QueueError
 */
export async function answerJson(
  door: Door,
  operation: Operation,
  request: SqsRequest,
  connection: ConnectionWatch,
): Promise<string> {
  const caller = door.authenticate === undefined ? door.everybody : (await door.authenticate(request)).caller
  const input = decodeJson(operation.action, bodyOf(request))
  const queueUrl = operation.kind === 'queue' ? (input as { QueueUrl?: string }).QueueUrl : undefined
  return encodeJson(await runOperation(operation, input, queueUrl, { context: door, caller, request, connection }))
}

const NO_BYTES = Buffer.alloc(0)

/** The bytes of a request. */
export function bodyOf({ body }: SqsRequest): Buffer {
  return (body as Buffer | undefined) ?? NO_BYTES
}
