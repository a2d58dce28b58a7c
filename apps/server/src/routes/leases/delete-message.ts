import { emptyResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { LeaseParamsSchema } from './lease-schema.ts'
import { throwHandleError } from './throw-handle-error.ts'

const schema = {
  operationId: 'deleteMessage',
  tags: ['leases'],
  summary: 'Delete a message',
  description:
    'Deletes the message that this receipt handle holds: its work is done. A handle whose message is gone already, or ' +
    'was delivered again since, is a success without effect. A FIFO queue refuses a handle whose lease is over: the message ' +
    'is the first of its group again, and may be with another receiver.',
  params: LeaseParamsSchema,
  response: {
    204: emptyResponse('The handle no longer holds a message.'),
    ...problemResponses('queueNotFound', 'invalidReceiptHandle', 'handleExpired'),
  },
} as const satisfies OperationSchema

export const deleteMessageRoute: Route = (app) => {
  app.delete('/queues/:queue/leases/:receiptHandle', { schema }, async (request, reply) => {
    const { queue, receiptHandle } = request.params
    throwHandleError(await app.engine.deleteMessages(queueKey(request, queue), [receiptHandle]))
    return reply.code(204).send()
  })
}
