import { toHandleResultView } from '../entry-error.ts'
import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { BODY_PROBLEMS, jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { HANDLE_RESULTS_EXAMPLE, HandleResultsSchema, ReceiptHandlesSchema } from './lease-schema.ts'

const schema = {
  operationId: 'deleteMessages',
  tags: ['leases'],
  summary: 'Delete many messages',
  description:
    'Deletes the messages of up to 1,000 receipt handles. Each stands alone; results are in the order given.',
  params: QueueParamsSchema,
  body: ReceiptHandlesSchema,
  response: {
    200: jsonResponse('What became of each handle.', HandleResultsSchema, HANDLE_RESULTS_EXAMPLE),
    ...problemResponses('queueNotFound', 'invalidArgument', ...BODY_PROBLEMS),
  },
} as const satisfies OperationSchema

export const deleteMessagesRoute: Route = (app) => {
  app.post('/queues/:queue/leases/delete', { schema }, async (request, reply) => {
    const results = await app.engine.deleteMessages(
      queueKey(request, request.params.queue),
      request.body.receiptHandles,
    )
    return reply.send({ results: results.map(toHandleResultView) })
  })
}
