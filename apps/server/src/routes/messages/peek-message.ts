import { Type } from 'typebox'
import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { PEEKED_MESSAGE_EXAMPLE, PeekedMessageSchema, toPeekedView } from './peeked-message-schema.ts'

const schema = {
  operationId: 'peekMessage',
  tags: ['messages'],
  summary: 'Look at one message without receiving it',
  description: 'Answers a message whole, however it stands. It changes no count, no order and no lease.',
  params: Type.Object({
    queue: QueueParamsSchema.properties.queue,
    messageId: Type.String({ description: 'The id that the send answered.' }),
  }),
  response: {
    200: jsonResponse('The message.', PeekedMessageSchema, PEEKED_MESSAGE_EXAMPLE),
    ...problemResponses('queueNotFound', 'messageNotFound'),
  },
} as const satisfies OperationSchema

export const peekMessageRoute: Route = (app) => {
  app.get('/queues/:queue/messages/:messageId', { schema }, async (request, reply) => {
    const { queue, messageId } = request.params
    return reply.send(toPeekedView(await app.engine.peekMessage(queueKey(request, queue), messageId)))
  })
}
