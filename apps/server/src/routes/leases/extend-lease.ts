import { Type } from 'typebox'
import { BODY_PROBLEMS, emptyResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { LeaseParamsSchema, VisibilityTimeoutSchema } from './lease-schema.ts'
import { throwHandleError } from './throw-handle-error.ts'

const schema = {
  operationId: 'extendLease',
  tags: ['leases'],
  summary: 'Extend a lease',
  description: 'Gives a delivery a new visibility timeout, longer or shorter, counted from now.',
  params: LeaseParamsSchema,
  body: Type.Object(
    { visibilityTimeoutSeconds: VisibilityTimeoutSchema },
    { additionalProperties: false, title: 'LeaseExtension', examples: [{ visibilityTimeoutSeconds: 120 }] },
  ),
  response: {
    204: emptyResponse('The message stays leased for that long.'),
    ...problemResponses(
      'queueNotFound',
      'invalidArgument',
      'invalidReceiptHandle',
      'messageNotLeased',
      'handleExpired',
      'visibilityTimeoutTooLong',
      ...BODY_PROBLEMS,
    ),
  },
} as const satisfies OperationSchema

export const extendLeaseRoute: Route = (app) => {
  app.post('/queues/:queue/leases/:receiptHandle/extend', { schema }, async (request, reply) => {
    const { queue, receiptHandle } = request.params
    const change = { receiptHandle, visibilityTimeoutSeconds: request.body.visibilityTimeoutSeconds }
    throwHandleError(await app.engine.changeVisibility(queueKey(request, queue), [change]))
    return reply.code(204).send()
  })
}
