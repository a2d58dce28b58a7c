import { Type } from 'typebox'
import { BODY_PROBLEMS, DEAD_LETTER_PROBLEMS, jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import {
  deadLetterChange,
  FifoChangeSchema,
  QUEUE_EXAMPLE,
  QueueParamsSchema,
  QueueSchema,
  SettingsChangeSchema,
  TagsSchema,
  toQueueView,
  withSources,
} from './queue-schema.ts'
import { scalingChange } from './scaling-schema.ts'

const schema = {
  operationId: 'updateQueue',
  tags: ['queues'],
  summary: 'Update a queue',
  description:
    'Changes the settings that are given and keeps the others; only a FIFO queue can be given `fifo`. `tags` and `scaling`, when given, are replaced as a whole.',
  params: QueueParamsSchema,
  body: Type.Object(
    {
      settings: Type.Optional(SettingsChangeSchema),
      fifo: Type.Optional(FifoChangeSchema),
      ...deadLetterChange,
      scaling: scalingChange,
      tags: Type.Optional(TagsSchema),
    },
    {
      additionalProperties: false,
      title: 'QueueChange',
      examples: [{ settings: { visibilityTimeoutSeconds: 60 } }, { fifo: { contentBasedDeduplication: true } }],
    },
  ),
  response: {
    200: jsonResponse('The queue as it is now.', QueueSchema, QUEUE_EXAMPLE),
    ...problemResponses('queueNotFound', 'invalidArgument', ...DEAD_LETTER_PROBLEMS, ...BODY_PROBLEMS),
  },
} as const satisfies OperationSchema

export const updateQueueRoute: Route = (app) => {
  app.patch('/queues/:queue', { schema }, async (request, reply) => {
    const queue = await app.engine.updateQueue(queueKey(request, request.params.queue), withSources(request.body))
    return reply.send(toQueueView(queue))
  })
}
