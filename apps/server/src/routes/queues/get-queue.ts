import { jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { QUEUE_EXAMPLE, QueueParamsSchema, QueueSchema, toQueueView } from './queue-schema.ts'

const schema = {
  operationId: 'getQueue',
  tags: ['queues'],
  summary: 'Get a queue',
  description: 'Answers the settings and tags of a queue. Its counts have an address of their own.',
  params: QueueParamsSchema,
  response: {
    200: jsonResponse('The queue.', QueueSchema, QUEUE_EXAMPLE),
    ...problemResponses('queueNotFound'),
  },
} as const satisfies OperationSchema

export const getQueueRoute: Route = (app) => {
  app.get('/queues/:queue', { schema }, async (request, reply) => {
    const queue = await app.engine.getQueue(queueKey(request, request.params.queue))
    return reply.send(toQueueView(queue))
  })
}
