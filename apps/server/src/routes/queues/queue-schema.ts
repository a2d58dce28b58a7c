import { type DeadLetterSources, LIMITS, QUEUE_SETTING_RANGES, type Queue } from '@stanchion/queue'
import { type Static, Type } from 'typebox'
import { FreeKeys } from '../record.ts'
import { ScalingPolicySchema, toScalingPolicyView } from './scaling-schema.ts'

function setting(name: keyof typeof QUEUE_SETTING_RANGES, description: string) {
  const { min, max, default: fallback } = QUEUE_SETTING_RANGES[name]
  return Type.Integer({ minimum: min, maximum: max, description: `${description} ${fallback} for a new queue.` })
}

const settings = {
  visibilityTimeoutSeconds: setting(
    'visibilityTimeoutSeconds',
    'How long a received message stays leased when the receive does not say.',
  ),
  delaySeconds: setting('delaySeconds', 'How long a sent message stays delayed when the send does not say.'),
  retentionSeconds: setting('retentionSeconds', 'How long a message is kept when nobody deletes it.'),
  receiveWaitSeconds: setting('receiveWaitSeconds', 'How long a receive waits for a message when it does not say.'),
  messageBytesMax: setting('messageBytesMax', 'How large a message may be, body and attributes together.'),
}

const SettingsSchema = Type.Object(settings, {
  additionalProperties: false,
  title: 'QueueSettings',
  description: 'How a queue behaves.',
})

/** Settings as they are given: what is absent keeps its value, or takes the default of a new queue. */
export const SettingsChangeSchema = Type.Object(
  {
    visibilityTimeoutSeconds: Type.Optional(settings.visibilityTimeoutSeconds),
    delaySeconds: Type.Optional(settings.delaySeconds),
    retentionSeconds: Type.Optional(settings.retentionSeconds),
    receiveWaitSeconds: Type.Optional(settings.receiveWaitSeconds),
    messageBytesMax: Type.Optional(settings.messageBytesMax),
  },
  { additionalProperties: false, title: 'QueueSettingsChange', description: 'Settings to be given to a queue.' },
)

const fifo = {
  contentBasedDeduplication: Type.Boolean({
    description:
      'Whether a message without a `deduplicationId` gets the SHA-256 of its body as one. `false` for a new queue.',
  }),
  deduplicationScope: Type.Enum(['queue', 'messageGroup'], {
    type: 'string',
    title: 'DeduplicationScope',
    description:
      'Where a deduplication id is taken: in the whole queue, or in each message group by itself. `queue` for a new queue.',
  }),
  throughputLimit: Type.Enum(['perQueue', 'perMessageGroupId'], {
    type: 'string',
    title: 'ThroughputLimit',
    description:
      'Kept for clients of Amazon SQS, whose setting it is; no queue is limited. `perMessageGroupId` needs the scope ' +
      '`messageGroup`. `perQueue` for a new queue.',
  }),
}

const FifoSettingsSchema = Type.Object(fifo, {
  additionalProperties: false,
  title: 'FifoSettings',
  description: 'How a FIFO queue behaves besides. Queues of kind `standard` have no such settings.',
})

/** FIFO settings as they are given: what is absent keeps its value, or takes the default of a new queue. */
export const FifoChangeSchema = Type.Object(
  {
    contentBasedDeduplication: Type.Optional(fifo.contentBasedDeduplication),
    deduplicationScope: Type.Optional(fifo.deduplicationScope),
    throughputLimit: Type.Optional(fifo.throughputLimit),
  },
  { additionalProperties: false, title: 'FifoSettingsChange', description: 'Settings to be given to a FIFO queue.' },
)

export const QueueKindSchema = Type.Enum(['standard', 'fifo'], {
  type: 'string',
  title: 'QueueKind',
  description:
    'A `fifo` queue keeps the order of each message group and stores a message once within five minutes; its name ends in ' +
    '`.fifo`. The kind never changes.',
})

export const TagsSchema = FreeKeys(Type.String({ maxLength: LIMITS.tagValueLengthMax }), {
  maxProperties: LIMITS.tagsMax,
  title: 'Tags',
  description: `Free labels, up to ${LIMITS.tagsMax}; keys have up to ${LIMITS.tagKeyLengthMax} characters.`,
})

export const QueueNameSchema = Type.String({
  minLength: 1,
  maxLength: LIMITS.queueNameLengthMax,
  pattern: '^[A-Za-z0-9_-]+(\\.fifo)?$',
  description: 'The name of the queue: letters, digits, `-` and `_`. That of a FIFO queue ends in `.fifo`.',
})

const DeadLetterSchema = Type.Object(
  {
    queueName: QueueNameSchema,
    receiveCountMax: Type.Integer({
      minimum: 1,
      maximum: LIMITS.receiveCountMaxMax,
      description: 'How often a message is delivered at most. The receive after that moves it.',
    }),
  },
  {
    additionalProperties: false,
    title: 'DeadLetterSettings',
    description: 'Where messages go that were received in vain: a queue of the same kind, which may be gone at times.',
  },
)

/** Stands for every queue in the list of sources, alone. */
const EVERY_QUEUE = '*'

// A list in every case: for "a word or a list" some generators of clients make code that does not compile.
const DeadLetterSourcesSchema = Type.Array(
  Type.String({
    minLength: 1,
    maxLength: LIMITS.queueNameLengthMax,
    pattern: `^(\\${EVERY_QUEUE}|[A-Za-z0-9_-]+(\\.fifo)?)$`,
    description: 'The name of a queue, or `*`.',
  }),
  {
    maxItems: LIMITS.deadLetterSourcesMax,
    description:
      'Which queues may use this one as their dead-letter queue: their names, `*` alone for all, as for a new queue, or an ' +
      'empty list for none. It is asked when one of them is given this one; what is there stays.',
  },
)

/** What can be said about the dead letters of a new queue. */
export const newDeadLetters = {
  deadLetter: Type.Optional(DeadLetterSchema),
  deadLetterSources: Type.Optional(DeadLetterSourcesSchema),
}

/** What can be changed about the dead letters of a queue. */
export const deadLetterChange = {
  deadLetter: Type.Optional(
    Type.Union([DeadLetterSchema, Type.Null()], {
      description: '`null`: from now on messages stay, however often they are received.',
    }),
  ),
  deadLetterSources: Type.Optional(DeadLetterSourcesSchema),
}

export const QueueParamsSchema = Type.Object({ queue: QueueNameSchema })

export const QueueSchema = Type.Object(
  {
    name: QueueNameSchema,
    kind: QueueKindSchema,
    settings: SettingsSchema,
    fifo: Type.Optional(FifoSettingsSchema),
    deadLetter: Type.Optional(DeadLetterSchema),
    deadLetterSources: DeadLetterSourcesSchema,
    scaling: Type.Optional(ScalingPolicySchema),
    tags: TagsSchema,
    createdAt: Type.String({ format: 'date-time', description: 'When the queue was created.' }),
    modifiedAt: Type.String({ format: 'date-time', description: 'When settings or tags were last changed.' }),
  },
  { additionalProperties: false, title: 'Queue', description: 'A queue.' },
)

export const QUEUE_EXAMPLE: Static<typeof QueueSchema> = {
  name: 'orders',
  kind: 'standard',
  settings: {
    visibilityTimeoutSeconds: 30,
    delaySeconds: 0,
    retentionSeconds: 345_600,
    receiveWaitSeconds: 20,
    messageBytesMax: 1_048_576,
  },
  deadLetter: { queueName: 'orders-dead', receiveCountMax: 5 },
  deadLetterSources: [EVERY_QUEUE],
  tags: { team: 'billing' },
  createdAt: '2026-08-01T12:00:00.000Z',
  modifiedAt: '2026-08-01T12:00:00.000Z',
}

export const FIFO_QUEUE_EXAMPLE: Static<typeof QueueSchema> = {
  ...QUEUE_EXAMPLE,
  name: 'payments.fifo',
  kind: 'fifo',
  deadLetter: { queueName: 'payments-dead.fifo', receiveCountMax: 5 },
  fifo: { contentBasedDeduplication: true, deduplicationScope: 'queue', throughputLimit: 'perQueue' },
}

/** Shows a queue. */
export function toQueueView(queue: Queue): Static<typeof QueueSchema> {
  return {
    name: queue.name,
    kind: queue.fifo === undefined ? 'standard' : 'fifo',
    settings: queue.settings,
    ...(queue.fifo === undefined ? undefined : { fifo: queue.fifo }),
    ...(queue.deadLetter === undefined ? undefined : { deadLetter: queue.deadLetter }),
    deadLetterSources: toSourcesView(queue.deadLetterSources),
    ...(queue.scaling === undefined ? undefined : { scaling: toScalingPolicyView(queue.scaling) }),
    tags: queue.tags,
    createdAt: queue.createdAt.toISOString(),
    modifiedAt: queue.modifiedAt.toISOString(),
  }
}

function toSourcesView(sources: DeadLetterSources): string[] {
  if (sources === 'all') return [EVERY_QUEUE]
  return sources === 'none' ? [] : [...sources]
}

/** The sources of dead letters, where a request names some, as the engine knows them. */
export function withSources<T extends { readonly deadLetterSources?: readonly string[] }>({
  deadLetterSources: names,
  ...rest
}: T): Omit<T, 'deadLetterSources'> & { readonly deadLetterSources?: DeadLetterSources } {
  if (names === undefined) return rest
  const [first, ...more] = names
  if (first === undefined) return { ...rest, deadLetterSources: 'none' }
  return { ...rest, deadLetterSources: first === EVERY_QUEUE && more.length === 0 ? 'all' : names }
}
