import { checkStatementCount, isFifoQueueName, readQueueAttributes, setQueueAttributes } from '@stanchion/sqs'
import { queueOperation } from '../operation.ts'
import { toQueueChange } from '../queue-settings.ts'
import { aboutRedrivePolicy } from '../redrive-settings.ts'

export const setQueueAttributesOperation = queueOperation(
  setQueueAttributes,
  async ({ context, queue }, { Attributes }) => {
    const change = readQueueAttributes(Attributes, isFifoQueueName(queue.name), context.timeLimits)
    checkStatementCount(change.policy?.statementCount ?? 0, false)
    const owner = { region: context.region, accountId: queue.accountId }
    await aboutRedrivePolicy(change.redrive, context.engine.updateQueue(queue, toQueueChange(change, owner)))
    return {}
  },
)
