import { Type } from 'typebox'
import { BODY_PROBLEMS, jsonResponse, problemResponses } from '../responses.ts'
import type { OperationSchema, Route } from '../route.ts'
import {
  QUEUE_EXAMPLE,
  QueueNameSchema,
  QueueSchema,
  SettingsChangeSchema,
  TagsSchema,
  toQueueView,
} from './queue-schema.ts'

const schema = {
  operationId: 'createQueue',
  tags: ['queues'],
  summary: 'Create a queue',
  description:
    'Creates a queue. Doing it again with the same values answers the queue that exists; a value that differs from the ' +
    'one it has is refused. Settings that are absent take their defaults.',
  body: Type.Object(
    { name: QueueNameSchema, settings: Type.Optional(SettingsChangeSchema), tags: Type.Optional(TagsSchema) },
    {
      additionalProperties: false,
      title: 'NewQueue',
      examples: [{ name: 'orders', settings: { receiveWaitSeconds: 20 }, tags: { team: 'billing' } }],
    },
  ),
  response: {
    200: jsonResponse('The queue existed with these values.', QueueSchema, QUEUE_EXAMPLE),
    201: jsonResponse('The queue was created.', QueueSchema, QUEUE_EXAMPLE),
    ...problemResponses('queueExists', 'invalidQueueName', 'invalidArgument', ...BODY_PROBLEMS),
  },
} as const satisfies OperationSchema

export const createQueueRoute: Route = (app) => {
  app.post('/queues', { schema }, async (request, reply) => {
    const { queue, created } = await app.engine.createQueue({ accountId: request.caller.accountId, ...request.body })
    return reply.code(created ? 201 : 200).send(toQueueView(queue))
  })
}
