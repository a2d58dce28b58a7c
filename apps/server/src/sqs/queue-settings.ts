import type { Queue, QueueCounts, QueueSettings } from '@stanchion/queue'
import { formatQueueArn, type IntegerAttribute, type QueueAttribute, type QueueAttributeChange } from '@stanchion/sqs'

/** Under this name the queue keeps `SqsManagedSseEnabled`, which means nothing to the engine. Absent: `true`. */
export const MANAGED_SSE = 'SqsManagedSseEnabled'
export const MANAGED_SSE_DEFAULT = 'true'

/** The engine's name of every number that can be set. */
const SETTINGS = {
  VisibilityTimeout: 'visibilityTimeoutSeconds',
  DelaySeconds: 'delaySeconds',
  MessageRetentionPeriod: 'retentionSeconds',
  ReceiveMessageWaitTimeSeconds: 'receiveWaitSeconds',
  MaximumMessageSize: 'messageBytesMax',
} as const satisfies Record<IntegerAttribute, keyof QueueSettings>

const ATTRIBUTES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SETTINGS).map(([attribute, setting]) => [setting, attribute]),
)

/** The attribute that the engine means by the field of an error. */
export function attributeOfField(field: string): string {
  return ATTRIBUTES[field] ?? field
}

/** The settings and annotations that a request gives. */
export function toQueueChange({ integers, sqsManagedSseEnabled }: QueueAttributeChange) {
  const settings: Partial<Record<keyof QueueSettings, number>> = {}
  for (const [attribute, value] of Object.entries(integers)) settings[SETTINGS[attribute as IntegerAttribute]] = value
  return {
    settings: settings as Partial<QueueSettings>,
    annotations: sqsManagedSseEnabled === undefined ? {} : { [MANAGED_SSE]: sqsManagedSseEnabled },
  }
}

const COUNTS: ReadonlySet<QueueAttribute> = new Set<QueueAttribute>([
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
])

/** Whether any of these attributes takes counting. */
export function needsCounts(attributes: ReadonlySet<QueueAttribute>): boolean {
  return [...attributes].some((attribute) => COUNTS.has(attribute))
}

const NO_COUNTS: QueueCounts = { visible: 0, inFlight: 0, delayed: 0, oldestMessageAgeSeconds: null }

/** How each attribute of a queue is shown: all of them are text, times are whole seconds. */
const SHOW: Record<QueueAttribute, (queue: Queue, counts: QueueCounts, region: string) => string> = {
  ApproximateNumberOfMessages: (_queue, counts) => String(counts.visible),
  ApproximateNumberOfMessagesDelayed: (_queue, counts) => String(counts.delayed),
  ApproximateNumberOfMessagesNotVisible: (_queue, counts) => String(counts.inFlight),
  CreatedTimestamp: (queue) => epochSeconds(queue.createdAt),
  LastModifiedTimestamp: (queue) => epochSeconds(queue.modifiedAt),
  QueueArn: (queue, _counts, region) => formatQueueArn(region, queue.accountId, queue.name),
  VisibilityTimeout: (queue) => String(queue.settings.visibilityTimeoutSeconds),
  DelaySeconds: (queue) => String(queue.settings.delaySeconds),
  MessageRetentionPeriod: (queue) => String(queue.settings.retentionSeconds),
  ReceiveMessageWaitTimeSeconds: (queue) => String(queue.settings.receiveWaitSeconds),
  MaximumMessageSize: (queue) => String(queue.settings.messageBytesMax),
  SqsManagedSseEnabled: (queue) => queue.annotations[MANAGED_SSE] ?? MANAGED_SSE_DEFAULT,
}

/** The attributes of a queue; `counts` may be left out when {@link needsCounts} says so. */
export function showAttributes(
  attributes: ReadonlySet<QueueAttribute>,
  queue: Queue,
  counts: QueueCounts | undefined,
  region: string,
): Record<string, string> {
  return Object.fromEntries(
    [...attributes].map((attribute) => [attribute, SHOW[attribute](queue, counts ?? NO_COUNTS, region)]),
  )
}

function epochSeconds(time: Date): string {
  return String(Math.floor(time.getTime() / 1_000))
}
