import { getQueueUrl, isQueueName, queueDoesNotExist, requireQueueName } from '@stanchion/sqs'
import { accountOperation } from '../operation.ts'
import { queueUrl } from '../queue-url.ts'

export const getQueueUrlOperation = accountOperation(
  getQueueUrl,
  async (call, { QueueName, QueueOwnerAWSAccountId }) => {
    const { engine } = call.context
    const { accountId } = call.caller
    const name = requireQueueName(QueueName)
    if (!isQueueName(name) || (QueueOwnerAWSAccountId ?? accountId) !== accountId) throw queueDoesNotExist()
    const queue = await engine.getQueue({ accountId, name })
    return { QueueUrl: queueUrl(call, queue.name) }
  },
  { isAllowedAtQueue: true },
)
