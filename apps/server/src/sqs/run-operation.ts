import { QueueError, type QueueKey } from '@stanchion/queue'
import { queueDoesNotExist, SqsError, type SqsErrorName } from '@stanchion/sqs'
import type { RequestTags } from '../access/condition-keys.ts'
import type { Caller } from '../http/caller.ts'
import type { Operation, QueueCall, SqsCall } from './operation.ts'
import { isReachable, requireAccess, requirePermission } from './permissions.ts'
import { readQueueUrl } from './read-queue-url.ts'

/**
 * Runs an operation on decoded input.
 * @param queueUrl where the queue is, for an operation on a queue
 * @throws SqsError, also when the caller may not; QueueError
 */
export async function runOperation(
  operation: Operation,
  input: unknown,
  queueUrl: string | undefined,
  call: SqsCall,
): Promise<object> {
  if (operation.kind === 'account') {
    const queue = operation.queueOf(call, input)
    if (queue === undefined) requirePermission(call, operation.action.name, (input as { QueueName?: string }).QueueName)
    else await requireAccess(call, operation.action.name, queue, undefined)
    return operation.run(call, input)
  }
  const queue = queueOf(call.caller, queueUrl)
  const access = requireAccess(call, operation.action.name, queue, tagsOf(input))
  if (access !== undefined) await access
  const queueCall = { ...call, queue }
  try {
    return await operation.run(queueCall, input)
  } catch (error) {
    if (error instanceof SqsError && comesAfterQueue(error)) await requireQueue(queueCall)
    throw error
  }
}

/** What TagQueue and UntagQueue say of tags. */
function tagsOf(input: unknown): RequestTags | undefined {
  const { Tags, TagKeys } = input as { Tags?: Record<string, string>; TagKeys?: readonly string[] }
  return Tags ?? TagKeys
}

function queueOf(caller: Caller, queueUrl: string | undefined): QueueKey {
  const address = queueUrl === undefined ? undefined : readQueueUrl(queueUrl)
  const accountId = address?.accountId ?? caller.accountId
  if (address === undefined || !isReachable(caller, accountId)) throw queueDoesNotExist()
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
