import { emptyResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { QueueParamsSchema } from './queue-schema.ts'

const schema = {
  operationId: 'purgeQueue',
  tags: ['queues'],
  summary: 'Purge a queue',
  description: 'Removes every message that was sent before, the delayed and the leased ones too. The queue stays.',
  params: QueueParamsSchema,
  response: {
    204: emptyResponse('The messages are gone.'),
    ...problemResponses('queueNotFound', 'queuePurgedRecently'),
  },
} as const satisfies OperationSchema

export const purgeQueueRoute: Route = (app) => {
  app.post('/queues/:queue/purge', { schema }, async (request, reply) => {
    await app.engine.purgeQueue(queueKey(request, request.params.queue))
    return reply.code(204).send()
  })
}
