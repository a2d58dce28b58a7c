import { LIMITS } from '@stanchion/queue'
import { type Static, Type } from 'typebox'
import { FIFO_QUEUE_EXAMPLE, QUEUE_EXAMPLE, QueueSchema } from './queue-schema.ts'

export const LIMIT_DEFAULT = 100

/** Where a page of queues begins, and how long it is. */
export const PageSchema = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: LIMITS.listQueuesMax,
      description: `How many queues to answer at most; ${LIMIT_DEFAULT} when absent.`,
    }),
  ),
  cursor: Type.Optional(Type.String({ description: 'The `nextCursor` of the page before.' })),
}

export const QueuePageSchema = Type.Object(
  {
    queues: Type.Array(QueueSchema, { description: 'In the byte order of their names.' }),
    nextCursor: Type.Optional(Type.String({ description: 'Where the next page begins. Opaque.' })),
  },
  { additionalProperties: false, title: 'QueuePage' },
)

export const QUEUE_PAGE_EXAMPLE: Static<typeof QueuePageSchema> = { queues: [QUEUE_EXAMPLE, FIFO_QUEUE_EXAMPLE] }
