import { QueueError, type QueueKey } from '@stanchion/queue'
import { isQueueName, parseQueueUrl, queueDoesNotExist, SqsError, type SqsErrorName } from '@stanchion/sqs'
import type { Operation, QueueCall, SqsCall } from './operation.ts'
import type { SqsContext } from './sqs-context.ts'

/**
 * Runs an operation on decoded input.
 * @param queueUrl where the queue is, for an operation on a queue
 * @throws SqsError, QueueError
 */
export function runOperation(
  operation: Operation,
  input: unknown,
  queueUrl: string | undefined,
  { context, request, reply }: SqsCall,
): Promise<object> {
  if (operation.kind === 'account') return operation.run({ context, request, reply }, input)
  return runOnQueue(operation, input, { context, request, reply, queue: queueOf(context, queueUrl) })
}

async function runOnQueue(
  operation: Extract<Operation, { kind: 'queue' }>,
  input: unknown,
  call: QueueCall,
): Promise<object> {
  try {
    return await operation.run(call, input)
  } catch (error) {
    if (error instanceof SqsError && comesAfterQueue(error)) await requireQueue(call)
    throw error
  }
}

/** With one account, the queue of another is one that does not exist. */
function queueOf({ accountId }: SqsContext, queueUrl: string | undefined): QueueKey {
  const address = queueUrl === undefined ? undefined : parseQueueUrl(queueUrl)
  const isOurs = address !== undefined && (address.accountId ?? accountId) === accountId
  if (!isOurs || !isQueueName(address.name)) throw queueDoesNotExist()
  return { accountId, name: address.name }
}

const BEFORE_QUEUE: ReadonlySet<SqsErrorName> = new Set(['MissingRequiredParameterException', 'SerializationException'])

/**
 * SQS looks for the queue before it looks at values (recorded for batches). We look at values first, because that costs
 * nothing, and at the queue only when a value is wrong. An error with a cause comes from the engine, which has seen the queue.
 */
function comesAfterQueue(error: SqsError): boolean {
  return error.cause === undefined && !BEFORE_QUEUE.has(error.shape)
}

async function requireQueue({ context, queue }: QueueCall): Promise<void> {
  await context.engine.getQueue(queue).catch((error: unknown) => {
    if (error instanceof QueueError && error.code === 'queueNotFound') throw error
  })
}
