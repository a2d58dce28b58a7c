import { type Static, Type } from 'typebox'
import { cursorAfter, nameAfter } from '../cursor.ts'
import { LIMIT_DEFAULT, PageSchema } from '../queues/queue-page.ts'
import { jsonResponse, problemResponses } from '../responses.ts'
import type { OperationSchema, Route } from '../route.ts'
import { QUEUE_STATISTICS_EXAMPLE, QueueStatisticsSchema, toStatisticsView } from './statistics-schema.ts'

const StatisticsPageSchema = Type.Object(
  {
    queues: Type.Array(QueueStatisticsSchema, { description: 'In the byte order of their names.' }),
    nextCursor: Type.Optional(Type.String({ description: 'Where the next page begins. Opaque.' })),
  },
  { additionalProperties: false, title: 'QueueStatisticsPage', description: 'Numbers of queues, one page of them.' },
)

const EXAMPLE: Static<typeof StatisticsPageSchema> = { queues: [QUEUE_STATISTICS_EXAMPLE] }

const schema = {
  operationId: 'listQueueStatistics',
  tags: ['statistics'],
  summary: 'List the numbers of queues',
  description:
    'Answers depth, age and rates of the queues in the byte order of their names, one page at a time. The numbers are kept and ' +
    'some seconds old; `countMessages` counts anew.',
  querystring: Type.Object(
    {
      prefix: Type.Optional(Type.String({ description: 'Only queues whose name begins with this.' })),
      ...PageSchema,
    },
    { additionalProperties: false },
  ),
  response: {
    200: jsonResponse('A page of numbers.', StatisticsPageSchema, EXAMPLE),
    ...problemResponses('invalidArgument'),
  },
} as const satisfies OperationSchema

export const listQueueStatisticsRoute: Route = (app) => {
  app.get('/statistics', { schema }, async (request, reply) => {
    const { prefix = '', limit = LIMIT_DEFAULT, cursor } = request.query
    const { queues, next } = await app.engine.listQueueStatistics({
      accountId: request.caller.accountId,
      namePrefix: prefix,
      limit,
      ...(cursor === undefined ? {} : { after: nameAfter(cursor) }),
    })
    const page = { queues: queues.map(toStatisticsView) }
    return reply.send(next === undefined ? page : { ...page, nextCursor: cursorAfter(next) })
  })
}
