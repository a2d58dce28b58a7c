import { Type } from 'typebox'
import { toHandleResultView } from '../entry-error.ts'
import { BatchSizeLimits } from '../messages/message-schema.ts'
import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { BODY_PROBLEMS, jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import {
  HANDLE_RESULTS_EXAMPLE,
  HandleResultsSchema,
  ReceiptHandleSchema,
  VisibilityTimeoutSchema,
} from './lease-schema.ts'

const schema = {
  operationId: 'extendLeases',
  tags: ['leases'],
  summary: 'Extend many leases',
  description:
    'Gives up to 1,000 deliveries new visibility timeouts, counted from now. Each stands alone; results are in the order given.',
  params: QueueParamsSchema,
  body: Type.Object(
    {
      leases: Type.Array(
        Type.Object(
          { receiptHandle: ReceiptHandleSchema, visibilityTimeoutSeconds: VisibilityTimeoutSchema },
          { additionalProperties: false, title: 'VisibilityChange' },
        ),
        { ...BatchSizeLimits, description: 'The deliveries, each with its new timeout.' },
      ),
    },
    {
      additionalProperties: false,
      title: 'LeaseExtensions',
      examples: [{ leases: [{ receiptHandle: 'AQEBzWwaftRI0KuVm4tP', visibilityTimeoutSeconds: 120 }] }],
    },
  ),
  response: {
    200: jsonResponse('What became of each handle.', HandleResultsSchema, HANDLE_RESULTS_EXAMPLE),
    ...problemResponses('queueNotFound', 'invalidArgument', ...BODY_PROBLEMS),
  },
} as const satisfies OperationSchema

export const extendLeasesRoute: Route = (app) => {
  app.post('/queues/:queue/leases/extend', { schema }, async (request, reply) => {
    const results = await app.engine.changeVisibility(queueKey(request, request.params.queue), request.body.leases)
    return reply.send({ results: results.map(toHandleResultView) })
  })
}
