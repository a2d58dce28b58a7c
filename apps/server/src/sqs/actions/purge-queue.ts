import { purgeQueue } from '@stanchion/sqs'
import { queueOperation } from '../operation.ts'

export const purgeQueueOperation = queueOperation(purgeQueue, async ({ context, queue }) => {
  await context.engine.purgeQueue(queue)
  return {}
})
