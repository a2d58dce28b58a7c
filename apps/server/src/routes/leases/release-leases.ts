import { toHandleResultView } from '../entry-error.ts'
import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { BODY_PROBLEMS, jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { HANDLE_RESULTS_EXAMPLE, HandleResultsSchema, ReceiptHandlesSchema } from './lease-schema.ts'

const schema = {
  operationId: 'releaseLeases',
  tags: ['leases'],
  summary: 'Release many messages',
  description: 'Ends up to 1,000 leases now. Each stands alone; results are in the order given.',
  params: QueueParamsSchema,
  body: ReceiptHandlesSchema,
  response: {
    200: jsonResponse('What became of each handle.', HandleResultsSchema, HANDLE_RESULTS_EXAMPLE),
    ...problemResponses('queueNotFound', 'invalidArgument', ...BODY_PROBLEMS),
  },
} as const satisfies OperationSchema

export const releaseLeasesRoute: Route = (app) => {
  app.post('/queues/:queue/leases/release', { schema }, async (request, reply) => {
    const changes = request.body.receiptHandles.map((receiptHandle) => ({ receiptHandle, visibilityTimeoutSeconds: 0 }))
    const results = await app.engine.changeVisibility(queueKey(request, request.params.queue), changes)
    return reply.send({ results: results.map(toHandleResultView) })
  })
}
