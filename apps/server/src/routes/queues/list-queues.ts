import { LIMITS } from '@stanchion/queue'
import { Type } from 'typebox'
import { cursorAfter, nameAfter } from '../cursor.ts'
import { jsonResponse, problemResponses } from '../responses.ts'
import type { OperationSchema, Route } from '../route.ts'
import { FIFO_QUEUE_EXAMPLE, QUEUE_EXAMPLE, QueueSchema, toQueueView } from './queue-schema.ts'

const LIMIT_DEFAULT = 100

const schema = {
  operationId: 'listQueues',
  tags: ['queues'],
  summary: 'List queues',
  description:
    'Answers queues in the byte order of their names, one page at a time. `nextCursor` is there when more remain: give ' +
    'it as `cursor` to get the next page.',
  querystring: Type.Object(
    {
      prefix: Type.Optional(Type.String({ description: 'Only queues whose name begins with this.' })),
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: LIMITS.listQueuesMax,
          description: `How many queues to answer at most; ${LIMIT_DEFAULT} when absent.`,
        }),
      ),
      cursor: Type.Optional(Type.String({ description: 'The `nextCursor` of the page before.' })),
    },
    { additionalProperties: false },
  ),
  response: {
    200: jsonResponse(
      'A page of queues.',
      Type.Object(
        {
          queues: Type.Array(QueueSchema),
          nextCursor: Type.Optional(Type.String({ description: 'Where the next page begins. Opaque.' })),
        },
        { additionalProperties: false, title: 'QueuePage' },
      ),
      { queues: [QUEUE_EXAMPLE, FIFO_QUEUE_EXAMPLE] },
    ),
    ...problemResponses('invalidArgument'),
  },
} as const satisfies OperationSchema

export const listQueuesRoute: Route = (app) => {
  app.get('/queues', { schema }, async (request, reply) => {
    const { prefix, limit = LIMIT_DEFAULT, cursor } = request.query
    const { queues, next } = await app.engine.listQueues({
      accountId: request.caller.accountId,
      limit,
      ...(prefix === undefined ? {} : { namePrefix: prefix }),
      ...(cursor === undefined ? {} : { after: nameAfter(cursor) }),
    })
    const page = { queues: queues.map(toQueueView) }
    return reply.send(next === undefined ? page : { ...page, nextCursor: cursorAfter(next) })
  })
}
