import { LIMITS, QUEUE_SETTING_RANGES, type Queue } from '@stanchion/queue'
import { type Static, Type } from 'typebox'
import { FreeKeys } from '../record.ts'

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

export const TagsSchema = FreeKeys(Type.String({ maxLength: LIMITS.tagValueLengthMax }), {
  maxProperties: LIMITS.tagsMax,
  title: 'Tags',
  description: `Free labels, up to ${LIMITS.tagsMax}; keys have up to ${LIMITS.tagKeyLengthMax} characters.`,
})

export const QueueNameSchema = Type.String({
  minLength: 1,
  maxLength: LIMITS.queueNameLengthMax,
  pattern: '^[A-Za-z0-9_-]+$',
  description: 'The name of the queue: letters, digits, `-` and `_`.',
})

export const QueueParamsSchema = Type.Object({ queue: QueueNameSchema })

export const QueueSchema = Type.Object(
  {
    name: QueueNameSchema,
    settings: SettingsSchema,
    tags: TagsSchema,
    createdAt: Type.String({ format: 'date-time', description: 'When the queue was created.' }),
    modifiedAt: Type.String({ format: 'date-time', description: 'When settings or tags were last changed.' }),
  },
  { additionalProperties: false, title: 'Queue', description: 'A queue.' },
)

export const QUEUE_EXAMPLE: Static<typeof QueueSchema> = {
  name: 'orders',
  settings: {
    visibilityTimeoutSeconds: 30,
    delaySeconds: 0,
    retentionSeconds: 345_600,
    receiveWaitSeconds: 20,
    messageBytesMax: 1_048_576,
  },
  tags: { team: 'billing' },
  createdAt: '2026-08-01T12:00:00.000Z',
  modifiedAt: '2026-08-01T12:00:00.000Z',
}

/** Shows a queue. */
export function toQueueView(queue: Queue): Static<typeof QueueSchema> {
  return {
    name: queue.name,
    settings: queue.settings,
    tags: queue.tags,
    createdAt: queue.createdAt.toISOString(),
    modifiedAt: queue.modifiedAt.toISOString(),
  }
}
