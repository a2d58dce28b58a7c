import { listQueues, nextTokenAfter, readListPage } from '@stanchion/sqs'
import { listOrAbsent } from '../list-or-absent.ts'
import { accountOperation } from '../operation.ts'
import { queueUrl } from '../queue-url.ts'

export const listQueuesOperation = accountOperation(listQueues, async (call, input) => {
  const { limit, after } = readListPage(input)
  const { queues, next } = await call.context.engine.listQueues({
    accountId: call.caller.accountId,
    namePrefix: input.QueueNamePrefix ?? '',
    limit,
    ...(after === undefined ? undefined : { after }),
  })
  return {
    QueueUrls: listOrAbsent(queues.map(({ name }) => queueUrl(call, name))),
    NextToken: nextTokenAfter(next, input),
  }
})
