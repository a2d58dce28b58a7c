import { withTraceOfRequest } from '../../telemetry/trace-context.ts'
import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { BODY_PROBLEMS, jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { NewMessageSchema, SentMessageSchema, toSentView } from './message-schema.ts'

const SENT_EXAMPLE = {
  messageId: '5fea7756-0ea4-451a-a703-a558b933e274',
  sequenceNumber: '01882786672994680832',
  isDuplicate: false,
}

const schema = {
  operationId: 'sendMessage',
  tags: ['messages'],
  summary: 'Send a message',
  description:
    'Stores one message. When the answer is 201 the message is durable. A FIFO queue answers 200 to a duplicate, with the ' +
    'ids of the message that it is a duplicate of.',
  params: QueueParamsSchema,
  body: NewMessageSchema,
  response: {
    200: jsonResponse(
      'On a FIFO queue: nothing was stored, a message with this deduplication id was.',
      SentMessageSchema,
      {
        ...SENT_EXAMPLE,
        isDuplicate: true,
      },
    ),
    201: jsonResponse('The message is stored.', SentMessageSchema, SENT_EXAMPLE),
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
    const message = withTraceOfRequest(request.body, request.headers)
    const [result] = await app.engine.sendMessages(queueKey(request, request.params.queue), [message])
    if (result === undefined) throw new Error('a send of one message answered no result')
    if (!result.ok) throw result.error
    return reply.code(result.isDuplicate === true ? 200 : 201).send(toSentView(result))
  })
}
