import type { QueueKey } from '@stanchion/queue'
import { getQueueUrl, type InputOf, isQueueName, queueDoesNotExist, requireQueueName } from '@stanchion/sqs'
import { accountOperation, type SqsCall } from '../operation.ts'
import { isReachable } from '../permissions.ts'
import { queueUrl } from '../queue-url.ts'

export const getQueueUrlOperation = accountOperation(
  getQueueUrl,
  async (call, input) => {
    requireQueueName(input.QueueName)
    const key = queueOf(call, input)
    if (key === undefined) throw queueDoesNotExist()
    const queue = await call.context.engine.getQueue(key)
    return { QueueUrl: queueUrl(call, queue.name, queue.accountId) }
  },
  { isAllowedAtQueue: true, queueOf },
)

/** `undefined` for one that cannot be, and one that nobody can reach. */
function queueOf({ caller }: SqsCall, input: InputOf<typeof getQueueUrl>): QueueKey | undefined {
  const { QueueName: name, QueueOwnerAWSAccountId: accountId = caller.accountId } = input
  const isQueue = name !== undefined && isQueueName(name) && isReachable(caller, accountId)
  return isQueue ? { accountId, name } : undefined
}
