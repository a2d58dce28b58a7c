import { LIMITS } from '@stanchion/queue'
import { type Static, Type } from 'typebox'
import { QueueParamsSchema } from '../queues/queue-schema.ts'
import { jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import {
  MessageStateSchema,
  PEEKED_MESSAGE_EXAMPLE,
  PeekedMessageSchema,
  toPeekedView,
} from './peeked-message-schema.ts'

const LIMIT_DEFAULT = 20

const PeekedMessagesSchema = Type.Object(
  {
    messages: Type.Array(PeekedMessageSchema, {
      description: 'Those that came back first, then those that nobody has had; of a FIFO queue group by group.',
    }),
    nextCursor: Type.Optional(Type.String({ description: 'Where the next page begins. Opaque.' })),
  },
  {
    additionalProperties: false,
    title: 'PeekedMessages',
    description: 'Messages that were looked at, one page of them.',
  },
)

const EXAMPLE: Static<typeof PeekedMessagesSchema> = { messages: [PEEKED_MESSAGE_EXAMPLE] }

const schema = {
  operationId: 'peekMessages',
  tags: ['messages'],
  summary: 'Look at messages without receiving them',
  description:
    'Answers messages in one state, page after page. It changes no count, no order and no lease. Bodies are cut; `peekMessage` answers ' +
    'one whole. A page can be short, or empty, although there is a `nextCursor`. What changes its state meanwhile can be missed or ' +
    'seen twice.',
  params: QueueParamsSchema,
  querystring: Type.Object(
    {
      state: MessageStateSchema,
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: LIMITS.peekMessagesMax,
          description: `How many messages to answer at most; ${LIMIT_DEFAULT} when absent.`,
        }),
      ),
      cursor: Type.Optional(Type.String({ description: 'The `nextCursor` of the page before.' })),
    },
    { additionalProperties: false },
  ),
  response: {
    200: jsonResponse('A page of messages.', PeekedMessagesSchema, EXAMPLE),
    ...problemResponses('queueNotFound', 'invalidArgument'),
  },
} as const satisfies OperationSchema

export const peekMessagesRoute: Route = (app) => {
  app.get('/queues/:queue/messages', { schema }, async (request, reply) => {
    const { state, limit = LIMIT_DEFAULT, cursor } = request.query
    const { messages, next } = await app.engine.peekMessages(queueKey(request, request.params.queue), {
      state,
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    })
    const page = { messages: messages.map(toPeekedView) }
    return reply.send(next === undefined ? page : { ...page, nextCursor: next })
  })
}
