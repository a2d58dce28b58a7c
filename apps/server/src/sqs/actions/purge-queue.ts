import { QueueError } from '@stanchion/queue'
import { purgeQueue } from '@stanchion/sqs'
import { queueOperation } from '../operation.ts'
import { toSqsError } from '../to-sqs-error.ts'

export const purgeQueueOperation = queueOperation(purgeQueue, async ({ context, queue }) => {
  await context.engine.purgeQueue(queue).catch((error: unknown) => {
    throw error instanceof QueueError ? toSqsError(error, { queueName: queue.name }) : error
  })
  return {}
})
