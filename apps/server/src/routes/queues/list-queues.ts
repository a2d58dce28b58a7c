import { Type } from 'typebox'
import { cursorAfter, nameAfter } from '../cursor.ts'
import { jsonResponse, problemResponses } from '../responses.ts'
import type { OperationSchema, Route } from '../route.ts'
import { LIMIT_DEFAULT, PageSchema, QUEUE_PAGE_EXAMPLE, QueuePageSchema } from './queue-page.ts'
import { toQueueView } from './queue-schema.ts'

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
      ...PageSchema,
    },
    { additionalProperties: false },
  ),
  response: {
    200: jsonResponse('A page of queues.', QueuePageSchema, QUEUE_PAGE_EXAMPLE),
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
