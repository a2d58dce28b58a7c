import { getQueueAttributes, selectQueueAttributes } from '@stanchion/sqs'
import { mapOrAbsent } from '../list-or-absent.ts'
import { queueOperation } from '../operation.ts'
import { needsCounts, showAttributes } from '../queue-settings.ts'

export const getQueueAttributesOperation = queueOperation(getQueueAttributes, async (call, { AttributeNames = [] }) => {
  const { engine, region } = call.context
  const attributes = selectQueueAttributes(AttributeNames)
  const [queue, counts] = await Promise.all([
    engine.getQueue(call.queue),
    needsCounts(attributes) ? engine.countMessages(call.queue) : undefined,
  ])
  return { Attributes: mapOrAbsent(showAttributes(attributes, queue, counts, region)) }
})
