import type { QueueHistoryView, QueueStatistics } from '@stanchion/queue'
import { type Static, Type } from 'typebox'
import { QueueKindSchema, QueueNameSchema, TagsSchema } from '../queues/queue-schema.ts'

const depths = {
  visible: Type.Integer({ description: 'Messages that can be received.' }),
  inFlight: Type.Integer({ description: 'Messages that are leased.' }),
  delayed: Type.Integer({ description: 'Messages whose delay is not over.' }),
  oldestMessageAgeSeconds: Type.Union([Type.Number(), Type.Null()], {
    description: 'Seconds since the oldest stored message was sent; `null` when the queue is empty.',
  }),
}

const rates = {
  sentPerSecond: Type.Number({ description: 'Messages stored in a second.' }),
  receivedPerSecond: Type.Number({ description: 'Deliveries in a second; one that is repeated counts again.' }),
  deletedPerSecond: Type.Number({ description: 'Messages that clients deleted in a second.' }),
  expiredPerSecond: Type.Number({ description: 'Messages that outlived the retention, in a second.' }),
  deadLetteredPerSecond: Type.Number({ description: 'Messages that went to the dead-letter queue in a second.' }),
}

const total = (description: string) => Type.Integer({ description })

const QueueTotalsSchema = Type.Object(
  {
    sent: total('Messages stored.'),
    received: total('Deliveries.'),
    deleted: total('Messages that clients deleted.'),
    expired: total('Messages that outlived the retention of the queue.'),
    deadLettered: total('Messages that went to the dead-letter queue.'),
    moved: total('Messages that move tasks took out of the queue.'),
    emptyReceives: total('Receives that were answered without a message.'),
    redelivered: total('Deliveries of messages that had been delivered before.'),
    released: total('Leases that were given back.'),
    leasesExpired: total('Leases that ended by themselves; noticed when the message is delivered again or moved.'),
    duplicatesRefused: total('Sends that a FIFO queue recognised as repetitions.'),
  },
  {
    additionalProperties: false,
    title: 'QueueTotals',
    description: 'What was done to the queue since it was created, on all servers.',
  },
)

/** The kept numbers of a queue. */
export const QueueStatisticsSchema = Type.Object(
  {
    name: QueueNameSchema,
    kind: QueueKindSchema,
    ...depths,
    measuredAt: Type.Optional(
      Type.String({ format: 'date-time', description: 'When the depths were true; absent while a queue is new.' }),
    ),
    ...rates,
    totals: QueueTotalsSchema,
    recentVisible: Type.Array(Type.Integer(), {
      description: 'Messages that could be received, one number a minute for up to half an hour, the oldest first.',
    }),
    retentionSeconds: Type.Integer({ description: 'How long a message is kept when nobody deletes it.' }),
    deadLetterQueue: Type.Optional(
      Type.String({ ...QueueNameSchema, description: 'The queue that takes its dead letters.' }),
    ),
    deadLetterSources: Type.Array(QueueNameSchema, { description: 'The queues whose dead letters it takes.' }),
    tags: TagsSchema,
  },
  {
    additionalProperties: false,
    title: 'QueueStatistics',
    description:
      'Numbers of a queue that are kept rather than counted, so they cost nothing to read and are some seconds old; rates are those of about the last minute.',
  },
)

export const QUEUE_STATISTICS_EXAMPLE: Static<typeof QueueStatisticsSchema> = {
  name: 'orders',
  kind: 'standard',
  visible: 120,
  inFlight: 8,
  delayed: 0,
  oldestMessageAgeSeconds: 14.2,
  measuredAt: '2026-08-01T12:00:00.000Z',
  sentPerSecond: 21.5,
  receivedPerSecond: 20.1,
  deletedPerSecond: 20,
  expiredPerSecond: 0,
  deadLetteredPerSecond: 0.1,
  totals: {
    sent: 90_210,
    received: 90_300,
    deleted: 90_060,
    expired: 0,
    deadLettered: 22,
    moved: 0,
    emptyReceives: 400,
    redelivered: 218,
    released: 150,
    leasesExpired: 90,
    duplicatesRefused: 0,
  },
  recentVisible: [80, 95, 120],
  retentionSeconds: 345_600,
  deadLetterQueue: 'orders-dead',
  deadLetterSources: [],
  tags: { team: 'billing' },
}

/** Shows the kept numbers of a queue. */
export function toStatisticsView(statistics: QueueStatistics): Static<typeof QueueStatisticsSchema> {
  const { queue, counts, measuredAt, rates, recentVisible, deadLetterQueue } = statistics
  return {
    name: queue.name,
    kind: statistics.kind,
    ...counts,
    ...(measuredAt === undefined ? {} : { measuredAt: measuredAt.toISOString() }),
    ...rates,
    totals: statistics.totals,
    recentVisible: [...recentVisible],
    retentionSeconds: statistics.retentionSeconds,
    ...(deadLetterQueue === undefined ? {} : { deadLetterQueue }),
    deadLetterSources: [...statistics.deadLetterSources],
    tags: statistics.tags,
  }
}

const QueueSampleSchema = Type.Object(
  { at: Type.String({ format: 'date-time', description: 'When the step began.' }), ...depths, ...rates },
  { additionalProperties: false, title: 'QueueSample', description: 'A queue in one step of time.' },
)

/** The recent past of a queue. */
export const QueueHistorySchema = Type.Object(
  {
    stepSeconds: Type.Integer({ description: 'How long a step is.' }),
    samples: Type.Array(QueueSampleSchema, { description: 'The oldest first; none from before the server began.' }),
  },
  { additionalProperties: false, title: 'QueueHistory', description: 'The recent past of a queue, in even steps.' },
)

export const QUEUE_HISTORY_EXAMPLE: Static<typeof QueueHistorySchema> = {
  stepSeconds: 10,
  samples: [
    {
      at: '2026-08-01T12:00:00.000Z',
      ...{ visible: 120, inFlight: 8, delayed: 0, oldestMessageAgeSeconds: 14 },
      ...{ sentPerSecond: 21.5, receivedPerSecond: 20.1, deletedPerSecond: 20, expiredPerSecond: 0 },
      deadLetteredPerSecond: 0.1,
    },
  ],
}

/** Shows the recent past of a queue. */
export function toHistoryView({ stepSeconds, samples }: QueueHistoryView): Static<typeof QueueHistorySchema> {
  return {
    stepSeconds,
    samples: samples.map(({ at, counts, rates }) => ({ at: at.toISOString(), ...counts, ...rates })),
  }
}
