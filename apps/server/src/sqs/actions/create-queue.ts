import { type NewQueue, type Queue, QueueError } from '@stanchion/queue'
import {
  asksForFifo,
  checkNewQueueName,
  checkStatementCount,
  checkTags,
  createQueue,
  isFifoQueueName,
  readQueueAttributes,
  requireQueueName,
} from '@stanchion/sqs'
import { accountOperation, type SqsCall } from '../operation.ts'
import { MANAGED_SSE, MANAGED_SSE_DEFAULT, toQueueChange } from '../queue-settings.ts'
import { queueUrl } from '../queue-url.ts'

export const createQueueOperation = accountOperation(createQueue, async (call, input) => {
  const { Attributes = {}, QueueName = '' } = input
  const isFifo = asksForFifo(Attributes)
  // The attributes come first, but of a queue that would be of neither kind they mean nothing.
  if (isFifoQueueName(QueueName)) checkNewQueueName(QueueName, isFifo)
  const attributes = readQueueAttributes(Attributes, isFifo)
  checkStatementCount(attributes.policy?.statementCount ?? 0, true)
  const { annotations, ...change } = toQueueChange(attributes)
  const name = requireQueueName(input.QueueName)
  checkNewQueueName(name, isFifo)
  const tags = input.tags ?? {}
  checkTags(name, tags)
  const queue = await create(call, {
    accountId: call.caller.accountId,
    name,
    tags,
    ...change,
    annotations: withoutNulls(annotations),
  })
  return { QueueUrl: queueUrl(call, queue.name) }
})

/** A queue that is new has nothing to remove. */
function withoutNulls(annotations: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter((entry): entry is [string, string] => entry[1] !== null))
}

/** A queue without the annotation has its default, so asking for the default is no conflict. */
async function create({ context: { engine } }: SqsCall, input: NewQueue): Promise<Queue> {
  try {
    return (await engine.createQueue(input)).queue
  } catch (error) {
    const isManagedSse =
      error instanceof QueueError && error.code === 'queueExists' && error.details.field === MANAGED_SSE
    if (!isManagedSse || input.annotations?.[MANAGED_SSE] !== MANAGED_SSE_DEFAULT) throw error
    const queue = await engine.getQueue(input)
    if (queue.annotations[MANAGED_SSE] !== undefined) throw error
    return queue
  }
}
