import { listQueueTags } from '@stanchion/sqs'
import { mapOrAbsent } from '../list-or-absent.ts'
import { queueOperation } from '../operation.ts'

export const listQueueTagsOperation = queueOperation(listQueueTags, async ({ context, queue }) => {
  const { tags } = await context.engine.getQueue(queue)
  return { Tags: mapOrAbsent(tags) }
})
