import { type Static, Type } from 'typebox'
import { HttpProblem } from '../../http/problem.ts'
import { BODY_PROBLEMS, DEAD_LETTER_PROBLEMS, jsonResponse, problemResponses } from '../responses.ts'
import type { OperationSchema, Route } from '../route.ts'
import {
  FifoChangeSchema,
  newDeadLetters,
  QUEUE_EXAMPLE,
  QueueKindSchema,
  QueueNameSchema,
  QueueSchema,
  SettingsChangeSchema,
  TagsSchema,
  toQueueView,
  withSources,
} from './queue-schema.ts'
import { ScalingPolicySchema } from './scaling-schema.ts'

const NewQueueSchema = Type.Object(
  {
    name: QueueNameSchema,
    kind: Type.Optional(QueueKindSchema),
    settings: Type.Optional(SettingsChangeSchema),
    fifo: Type.Optional(FifoChangeSchema),
    ...newDeadLetters,
    scaling: Type.Optional(ScalingPolicySchema),
    tags: Type.Optional(TagsSchema),
  },
  {
    additionalProperties: false,
    title: 'NewQueue',
    examples: [
      { name: 'orders', settings: { receiveWaitSeconds: 20 }, tags: { team: 'billing' } },
      { name: 'emails', scaling: { targetDrainSeconds: 120, consumersMin: 1, consumersMax: 20 } },
      { name: 'payments.fifo', kind: 'fifo', fifo: { contentBasedDeduplication: true } },
    ],
  },
)

const schema = {
  operationId: 'createQueue',
  tags: ['queues'],
  summary: 'Create a queue',
  description:
    'Creates a queue. Doing it again with the same values answers the queue that exists; a value that differs from the ' +
    'one it has is refused. Settings that are absent take their defaults. Without a `kind` it is a `standard` queue.',
  body: NewQueueSchema,
  response: {
    200: jsonResponse('The queue existed with these values.', QueueSchema, QUEUE_EXAMPLE),
    201: jsonResponse('The queue was created.', QueueSchema, QUEUE_EXAMPLE),
    ...problemResponses(
      'queueExists',
      'queueDeletedRecently',
      'invalidQueueName',
      'invalidArgument',
      ...DEAD_LETTER_PROBLEMS,
      ...BODY_PROBLEMS,
    ),
  },
} as const satisfies OperationSchema

/**
 * The engine knows a FIFO queue by its settings, even when none are given.
 * @throws HttpProblem `invalidRequest` when a standard queue is given some
 */
function withoutKind({ kind = 'standard', fifo, ...queue }: Static<typeof NewQueueSchema>) {
  if (kind === 'fifo') return { ...queue, fifo: fifo ?? {} }
  if (fifo === undefined) return queue
  throw new HttpProblem('invalidRequest', '"fifo" is for queues of the kind "fifo" alone.', 'fifo')
}

export const createQueueRoute: Route = (app) => {
  app.post('/queues', { schema }, async (request, reply) => {
    const { queue, created } = await app.engine.createQueue({
      accountId: request.caller.accountId,
      ...withSources(withoutKind(request.body)),
    })
    return reply.code(created ? 201 : 200).send(toQueueView(queue))
  })
}
