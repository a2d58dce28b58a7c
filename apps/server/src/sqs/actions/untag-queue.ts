import { untagQueue } from '@stanchion/sqs'
import { queueOperation } from '../operation.ts'

export const untagQueueOperation = queueOperation(untagQueue, async ({ context, queue }, { TagKeys }) => {
  await context.engine.untagQueue(queue, TagKeys)
  return {}
})
