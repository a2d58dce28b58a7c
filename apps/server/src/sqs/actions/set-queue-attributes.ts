import { readQueueAttributes, setQueueAttributes } from '@stanchion/sqs'
import { queueOperation } from '../operation.ts'
import { toQueueChange } from '../queue-settings.ts'

export const setQueueAttributesOperation = queueOperation(
  setQueueAttributes,
  async ({ context, queue }, { Attributes }) => {
    await context.engine.updateQueue(queue, toQueueChange(readQueueAttributes(Attributes)))
    return {}
  },
)
