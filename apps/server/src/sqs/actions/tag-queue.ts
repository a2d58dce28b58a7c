import { QueueError } from '@stanchion/queue'
import { checkTags, tagQueue, tooManyTags } from '@stanchion/sqs'
import { queueOperation } from '../operation.ts'

export const tagQueueOperation = queueOperation(tagQueue, async ({ context, queue }, { Tags }) => {
  checkTags(queue.name, Tags)
  await context.engine.tagQueue(queue, Tags).catch((error: unknown) => {
    // The tags themselves are legal, so it is their number together with those that the queue has.
    if (error instanceof QueueError && error.code === 'invalidArgument') throw tooManyTags(queue.name)
    throw error
  })
  return {}
})
