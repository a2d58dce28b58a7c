import { deleteQueue } from '@stanchion/sqs'
import { queueOperation } from '../operation.ts'

export const deleteQueueOperation = queueOperation(deleteQueue, async ({ context, queue }) => {
  await context.engine.deleteQueue(queue)
  return {}
})
