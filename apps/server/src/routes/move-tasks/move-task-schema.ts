import { LIMITS, type MoveTask } from '@stanchion/queue'
import { type Static, Type } from 'typebox'
import { OpenSet } from '../open-set.ts'
import { QueueNameSchema, QueueParamsSchema } from '../queues/queue-schema.ts'

const destination = Type.String({
  ...QueueNameSchema,
  description:
    'The queue of the same kind that gets all messages. Absent: each message goes to the queue it came from.',
})

const messagesPerSecondMax = Type.Integer({
  minimum: 1,
  maximum: LIMITS.moveRateMax,
  description: 'How many messages a second to move at most. Absent: as many as go.',
})

/** A task as it is asked for. */
export const NewMoveTaskSchema = Type.Object(
  { destination: Type.Optional(destination), messagesPerSecondMax: Type.Optional(messagesPerSecondMax) },
  { additionalProperties: false, title: 'NewMoveTask', examples: [{ messagesPerSecondMax: 50 }] },
)

export const MoveTaskParamsSchema = Type.Object({
  queue: QueueParamsSchema.properties.queue,
  moveTaskId: Type.String({ description: 'The `id` of the task.' }),
})

export const MoveTaskSchema = Type.Object(
  {
    id: Type.String({ description: 'Names the task.' }),
    source: Type.String({ description: 'The dead-letter queue whose messages the task moves.' }),
    destination: Type.Optional(destination),
    messagesPerSecondMax: Type.Optional(messagesPerSecondMax),
    status: Type.Enum(['running', 'completed', 'cancelled', 'failed'], {
      type: 'string',
      title: 'MoveTaskStatus',
      description: 'Whether the task is still moving messages, and how it ended.',
    }),
    failure: Type.Optional(
      OpenSet(['destinationNotFound', 'sourceUnknown', 'timedOut'], {
        title: 'MoveTaskFailure',
        description:
          'Why the task failed: the queue that a message should go to does not exist; where a message came from is not ' +
          `known, and no destination was given; or the task ran for ${LIMITS.moveTaskHoursMax} hours. More reasons may come.`,
      }),
    ),
    messagesMoved: Type.Integer({ description: 'Messages that were moved so far.' }),
    messagesToMove: Type.Integer({ description: 'Messages that could be received when the task started.' }),
    startedAt: Type.String({ format: 'date-time', description: 'When the task was started.' }),
    endedAt: Type.Optional(Type.String({ format: 'date-time', description: 'When the task ended.' })),
  },
  {
    additionalProperties: false,
    title: 'MoveTask',
    description: 'A task that moves the messages of a dead-letter queue.',
  },
)

export const MOVE_TASK_EXAMPLE: Static<typeof MoveTaskSchema> = {
  id: '10f57157-fc38-4da9-a113-4de7e12d05dd',
  source: 'orders-dead',
  messagesPerSecondMax: 50,
  status: 'running',
  messagesMoved: 100,
  messagesToMove: 1_200,
  startedAt: '2026-08-01T12:00:00.000Z',
}

/** Shows a task. */
export function toMoveTaskView(task: MoveTask): Static<typeof MoveTaskSchema> {
  const { destination, messagesPerSecondMax, failure, endedAt } = task
  return {
    id: task.id,
    source: task.source,
    ...(destination === undefined ? {} : { destination }),
    ...(messagesPerSecondMax === undefined ? {} : { messagesPerSecondMax }),
    status: task.status,
    ...(failure === undefined ? {} : { failure }),
    messagesMoved: task.messagesMoved,
    messagesToMove: task.messagesToMove,
    startedAt: task.startedAt.toISOString(),
    ...(endedAt === undefined ? {} : { endedAt: endedAt.toISOString() }),
  }
}
