import { emptyResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { QueueParamsSchema } from './queue-schema.ts'

const schema = {
  operationId: 'deleteQueue',
  tags: ['queues'],
  summary: 'Delete a queue',
  description: 'Deletes a queue with all its messages, at once and for good. A new queue may take its name right away.',
  params: QueueParamsSchema,
  response: {
    204: emptyResponse('The queue is gone.'),
    ...problemResponses('queueNotFound'),
  },
} as const satisfies OperationSchema

export const deleteQueueRoute: Route = (app) => {
  app.delete('/queues/:queue', { schema }, async (request, reply) => {
    await app.engine.deleteQueue(queueKey(request, request.params.queue))
    return reply.code(204).send()
  })
}
