import { HISTORY_RANGE_SECONDS } from '@stanchion/queue'
import { Type } from 'typebox'
import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { QUEUE_HISTORY_EXAMPLE, QueueHistorySchema, toHistoryView } from './statistics-schema.ts'

const RANGE_SECONDS_DEFAULT = 900

const schema = {
  operationId: 'getQueueHistory',
  tags: ['statistics'],
  summary: 'Get the recent past of a queue',
  description:
    'Answers depth, age and rates of a queue over time, in steps of ten seconds for up to a quarter of an hour and of a minute for ' +
    'more. The server remembers about three hours, and nothing from before it was started.',
  params: QueueParamsSchema,
  querystring: Type.Object(
    {
      rangeSeconds: Type.Optional(
        Type.Integer({
          minimum: HISTORY_RANGE_SECONDS.min,
          maximum: HISTORY_RANGE_SECONDS.max,
          description: `How far back to look; ${RANGE_SECONDS_DEFAULT} when absent.`,
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: {
    200: jsonResponse('The samples.', QueueHistorySchema, QUEUE_HISTORY_EXAMPLE),
    ...problemResponses('queueNotFound', 'invalidArgument'),
  },
} as const satisfies OperationSchema

export const getQueueHistoryRoute: Route = (app) => {
  app.get('/queues/:queue/history', { schema }, async (request, reply) => {
    const { rangeSeconds = RANGE_SECONDS_DEFAULT } = request.query
    return reply.send(
      toHistoryView(await app.engine.queueHistory(queueKey(request, request.params.queue), rangeSeconds)),
    )
  })
}
