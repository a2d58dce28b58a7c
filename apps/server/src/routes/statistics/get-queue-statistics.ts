import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { QUEUE_STATISTICS_EXAMPLE, QueueStatisticsSchema, toStatisticsView } from './statistics-schema.ts'

const schema = {
  operationId: 'getQueueStatistics',
  tags: ['statistics'],
  summary: 'Get the numbers of a queue',
  description:
    'Answers depth, age and rates of a queue. They are kept and some seconds old; `countMessages` counts anew.',
  params: QueueParamsSchema,
  response: {
    200: jsonResponse('The numbers.', QueueStatisticsSchema, QUEUE_STATISTICS_EXAMPLE),
    ...problemResponses('queueNotFound'),
  },
} as const satisfies OperationSchema

export const getQueueStatisticsRoute: Route = (app) => {
  app.get('/queues/:queue/statistics', { schema }, async (request, reply) =>
    reply.send(toStatisticsView(await app.engine.statisticsOf(queueKey(request, request.params.queue)))),
  )
}
