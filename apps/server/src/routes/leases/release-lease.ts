import { emptyResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { LeaseParamsSchema } from './lease-schema.ts'
import { throwHandleError } from './throw-handle-error.ts'

const schema = {
  operationId: 'releaseLease',
  tags: ['leases'],
  summary: 'Release a message',
  description: 'Ends a lease now, so that the message can be received again at once.',
  params: LeaseParamsSchema,
  response: {
    204: emptyResponse('The message can be received again.'),
    ...problemResponses('queueNotFound', 'invalidReceiptHandle', 'messageNotLeased', 'handleExpired'),
  },
} as const satisfies OperationSchema

export const releaseLeaseRoute: Route = (app) => {
  app.post('/queues/:queue/leases/:receiptHandle/release', { schema }, async (request, reply) => {
    const { queue, receiptHandle } = request.params
    const change = { receiptHandle, visibilityTimeoutSeconds: 0 }
    throwHandleError(await app.engine.changeVisibility(queueKey(request, queue), [change]))
    return reply.code(204).send()
  })
}
