import { Type } from 'typebox'
import { cursorAfter, nameAfter } from '../cursor.ts'
import { jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { LIMIT_DEFAULT, PageSchema, QUEUE_PAGE_EXAMPLE, QueuePageSchema } from './queue-page.ts'
import { QueueParamsSchema, toQueueView } from './queue-schema.ts'

const schema = {
  operationId: 'listDeadLetterSources',
  tags: ['queues'],
  summary: 'List the sources of a dead-letter queue',
  description: 'Answers the queues whose dead letters come here, in the byte order of their names, one page at a time.',
  params: QueueParamsSchema,
  querystring: Type.Object(PageSchema, { additionalProperties: false }),
  response: {
    200: jsonResponse('A page of queues.', QueuePageSchema, QUEUE_PAGE_EXAMPLE),
    ...problemResponses('queueNotFound', 'invalidArgument'),
  },
} as const satisfies OperationSchema

export const listDeadLetterSourcesRoute: Route = (app) => {
  app.get('/queues/:queue/dead-letter-sources', { schema }, async (request, reply) => {
    const { limit = LIMIT_DEFAULT, cursor } = request.query
    const { queues, next } = await app.engine.listDeadLetterSources(queueKey(request, request.params.queue), {
      limit,
      ...(cursor === undefined ? {} : { after: nameAfter(cursor) }),
    })
    const page = { queues: queues.map(toQueueView) }
    return reply.send(next === undefined ? page : { ...page, nextCursor: cursorAfter(next) })
  })
}
