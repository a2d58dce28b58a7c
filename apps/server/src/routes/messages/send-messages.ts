import type { SendResult } from '@stanchion/queue'
import { Type } from 'typebox'
import { withTraceOfRequest } from '../../telemetry/trace-context.ts'
import { toEntryError } from '../entry-error.ts'
import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { BODY_PROBLEMS, EntryErrorSchema, jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { BatchSizeLimits, fifoSendResult, NewMessageSchema, toSentView } from './message-schema.ts'

const SendResultSchema = Type.Object(
  {
    messageId: Type.Optional(Type.String({ description: 'The id of the message, when it is stored.' })),
    ...fifoSendResult,
    error: Type.Optional(EntryErrorSchema),
  },
  {
    additionalProperties: false,
    title: 'SendResult',
    description: 'What became of one message: it has either `messageId` or `error`.',
  },
)

const schema = {
  operationId: 'sendMessages',
  tags: ['messages'],
  summary: 'Send many messages',
  description:
    'Stores up to 1,000 messages. Each stands alone: the results, in the order of the messages, say of each whether it ' +
    'is stored. A request of the wrong form stores nothing.',
  params: QueueParamsSchema,
  body: Type.Object(
    { messages: Type.Array(NewMessageSchema, { ...BatchSizeLimits, description: 'The messages, in order.' }) },
    {
      additionalProperties: false,
      title: 'NewMessages',
      examples: [{ messages: [{ body: 'one' }, { body: 'two', delaySeconds: 60 }] }],
    },
  ),
  response: {
    200: jsonResponse(
      'What became of each message.',
      Type.Object(
        { results: Type.Array(SendResultSchema, { description: 'One for each message, in the order given.' }) },
        { additionalProperties: false, title: 'SendResults' },
      ),
      {
        results: [
          { messageId: '5fea7756-0ea4-451a-a703-a558b933e274' },
          { error: { code: 'messageEmpty', detail: 'The message body is empty.' } },
        ],
      },
    ),
    ...problemResponses('queueNotFound', 'invalidArgument', ...BODY_PROBLEMS),
  },
} as const satisfies OperationSchema

export const sendMessagesRoute: Route = (app) => {
  app.post('/queues/:queue/messages/batch', { schema }, async (request, reply) => {
    const messages = request.body.messages.map((message) => withTraceOfRequest(message, request.headers))
    const results = await app.engine.sendMessages(queueKey(request, request.params.queue), messages)
    return reply.send({ results: results.map(toSendResultView) })
  })
}

function toSendResultView(result: SendResult) {
  return result.ok ? toSentView(result) : { error: toEntryError(result.error) }
}
