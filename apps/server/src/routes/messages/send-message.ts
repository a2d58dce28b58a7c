import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { BODY_PROBLEMS, jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { NewMessageSchema, SentMessageSchema } from './message-schema.ts'

const schema = {
  operationId: 'sendMessage',
  tags: ['messages'],
  summary: 'Send a message',
  description: 'Stores one message. When the answer is 201 the message is durable.',
  params: QueueParamsSchema,
  body: NewMessageSchema,
  response: {
    201: jsonResponse('The message is stored.', SentMessageSchema, {
      messageId: '5fea7756-0ea4-451a-a703-a558b933e274',
    }),
    ...problemResponses(
      'queueNotFound',
      'invalidArgument',
      'messageEmpty',
      'invalidCharacters',
      'messageTooLarge',
      ...BODY_PROBLEMS,
    ),
  },
} as const satisfies OperationSchema

export const sendMessageRoute: Route = (app) => {
  app.post('/queues/:queue/messages', { schema }, async (request, reply) => {
    const [result] = await app.engine.sendMessages(queueKey(request, request.params.queue), [request.body])
    if (result === undefined) throw new Error('a send of one message answered no result')
    if (!result.ok) throw result.error
    return reply.code(201).send({ messageId: result.messageId })
  })
}
