import { jsonResponse, problemResponses } from '../responses.ts'
import { type OperationSchema, queueKey, type Route } from '../route.ts'
import { QueueParamsSchema } from './queue-schema.ts'
import { QUEUE_SCALING_EXAMPLE, QueueScalingSchema, toScalingPolicyView } from './scaling-schema.ts'

const schema = {
  operationId: 'getScaling',
  tags: ['queues'],
  summary: 'Say how many consumers a queue asks for',
  description:
    'Answers how much work there is, how fast it comes and goes, and how many consumers that asks for by the scaling policy of the ' +
    'queue, or by the default one. All nodes answer the same. Made for autoscalers: every number but `drainSeconds` and ' +
    '`oldestMessageAgeSeconds` is always there.',
  params: QueueParamsSchema,
  response: {
    200: jsonResponse('The work and the consumers it asks for.', QueueScalingSchema, QUEUE_SCALING_EXAMPLE),
    ...problemResponses('queueNotFound'),
  },
} as const satisfies OperationSchema

export const getScalingRoute: Route = (app) => {
  app.get('/queues/:queue/scaling', { schema }, async (request, reply) => {
    const { queue: _, policy, ...scaling } = await app.engine.getScaling(queueKey(request, request.params.queue))
    return reply.send({ ...scaling, policy: toScalingPolicyView(policy) })
  })
}
