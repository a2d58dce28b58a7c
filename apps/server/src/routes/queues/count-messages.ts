import { Type } from 'typebox'
import { jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { QueueParamsSchema } from './queue-schema.ts'

const schema = {
  operationId: 'countMessages',
  tags: ['queues'],
  summary: 'Count the messages of a queue',
  description: 'Answers exact numbers of messages by state, however many there are.',
  params: QueueParamsSchema,
  response: {
    200: jsonResponse(
      'The counts.',
      Type.Object(
        {
          visible: Type.Integer({ description: 'Messages that can be received now.' }),
          inFlight: Type.Integer({ description: 'Messages that are leased.' }),
          delayed: Type.Integer({ description: 'Messages whose delay is not over.' }),
          oldestMessageAgeSeconds: Type.Union([Type.Number(), Type.Null()], {
            description: 'Seconds since the oldest stored message was sent; `null` when the queue is empty.',
          }),
        },
        { additionalProperties: false, title: 'QueueCounts' },
      ),
      { visible: 12, inFlight: 3, delayed: 0, oldestMessageAgeSeconds: 4 },
    ),
    ...problemResponses('queueNotFound'),
  },
} as const satisfies OperationSchema

export const countMessagesRoute: Route = (app) => {
  app.get('/queues/:queue/counts', { schema }, async (request, reply) => {
    const { visible, inFlight, delayed, oldestMessageAgeSeconds } = await app.engine.countMessages(
      queueKey(request, request.params.queue),
    )
    return reply.send({ visible, inFlight, delayed, oldestMessageAgeSeconds })
  })
}
