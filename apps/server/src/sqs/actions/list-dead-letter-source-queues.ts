import { listDeadLetterSourceQueues, nextTokenAfter, readListPage } from '@stanchion/sqs'
import { listOrAbsent } from '../list-or-absent.ts'
import { queueOperation } from '../operation.ts'
import { queueUrl } from '../queue-url.ts'

export const listDeadLetterSourceQueuesOperation = queueOperation(listDeadLetterSourceQueues, async (call, input) => {
  // A page of none is no page (recorded), and a token belongs to the queue that it was given for.
  const page = { ...input, MaxResults: input.MaxResults || undefined, QueueNamePrefix: call.queue.name }
  const { limit, after } = readListPage(page)
  const { queues, next } = await call.context.engine.listDeadLetterSources(call.queue, {
    limit,
    ...(after === undefined ? undefined : { after }),
  })
  return {
    queueUrls: listOrAbsent(queues.map(({ accountId, name }) => queueUrl(call, name, accountId))),
    NextToken: nextTokenAfter(next, page),
  }
})
