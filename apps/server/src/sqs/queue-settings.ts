import type { Queue, QueueCounts, QueueSettings } from '@stanchion/queue'
import {
  type EncryptionChange,
  formatQueueArn,
  type IntegerAttribute,
  type PolicyOwner,
  type QueueAttribute,
  type QueueAttributeChange,
} from '@stanchion/sqs'
import { showRedriveAllowPolicy, showRedrivePolicy, toRedriveChange } from './redrive-settings.ts'

/** Under this name the queue keeps `SqsManagedSseEnabled`, which means nothing to the engine. Absent: `true`. */
export const MANAGED_SSE = 'SqsManagedSseEnabled'
export const MANAGED_SSE_DEFAULT = 'true'

/** And the policy, as it was sent. Absent: there is none. */
const POLICY = 'Policy'

/** So do these, absent while there is no key. The reuse period may be there without a key, and is then not shown. */
const KMS_KEY = 'KmsMasterKeyId'
const KMS_REUSE_PERIOD = 'KmsDataKeyReusePeriodSeconds'
const KMS_REUSE_PERIOD_DEFAULT = '300'

/** The engine's name of every number that can be set. */
const SETTINGS = {
  VisibilityTimeout: 'visibilityTimeoutSeconds',
  DelaySeconds: 'delaySeconds',
  MessageRetentionPeriod: 'retentionSeconds',
  ReceiveMessageWaitTimeSeconds: 'receiveWaitSeconds',
  MaximumMessageSize: 'messageBytesMax',
} as const satisfies Record<IntegerAttribute, keyof QueueSettings>

const ATTRIBUTES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(SETTINGS).map(([attribute, setting]) => [setting, attribute])),
  contentBasedDeduplication: 'ContentBasedDeduplication',
  deduplicationScope: 'DeduplicationScope',
  throughputLimit: 'FifoThroughputLimit',
  deadLetter: 'RedrivePolicy',
  deadLetterSources: 'RedriveAllowPolicy',
}

/** The attribute that the engine means by the field of an error. */
export function attributeOfField(field: string): string {
  return ATTRIBUTES[field] ?? field
}

/**
 * The settings and annotations that a request gives; an annotation of `null` is removed.
 * @throws SqsError `InvalidAttributeValue`, `InvalidParameterValueException` when a redrive policy is wrong
 */
export function toQueueChange(
  { integers, encryption, redrive, fifo, policy }: QueueAttributeChange,
  owner: PolicyOwner,
) {
  const settings: Partial<Record<keyof QueueSettings, number>> = {}
  for (const [attribute, value] of Object.entries(integers)) settings[SETTINGS[attribute as IntegerAttribute]] = value
  const { annotations, ...deadLetters } = toRedriveChange(redrive, owner)
  return {
    settings: settings as Partial<QueueSettings>,
    annotations: {
      ...toAnnotations(encryption),
      ...annotations,
      ...(policy === undefined ? undefined : policyChange(policy.text)),
    },
    ...deadLetters,
    ...(fifo === undefined ? undefined : { fifo }),
  }
}

/** The text of a queue's policy. */
export function policyOf({ annotations }: Queue): string | undefined {
  return annotations[POLICY]
}

/** The annotation that gives a queue a policy, or none. */
export function policyChange(text: string | undefined): Record<string, string | null> {
  return { [POLICY]: text === undefined || text === '' ? null : text }
}

/** One kind of encryption ends the other; removing the key turns nothing on (recorded). */
function toAnnotations(encryption: EncryptionChange): Record<string, string | null> {
  const { sqsManagedSseEnabled, kmsMasterKeyId, kmsDataKeyReusePeriodSeconds } = encryption
  const annotations: Record<string, string | null> = {}
  if (sqsManagedSseEnabled !== undefined) annotations[MANAGED_SSE] = sqsManagedSseEnabled
  if (sqsManagedSseEnabled === 'true' || kmsMasterKeyId === '') annotations[KMS_KEY] = null
  else if (kmsMasterKeyId !== undefined) {
    annotations[KMS_KEY] = kmsMasterKeyId
    annotations[MANAGED_SSE] = 'false'
  }
  if (kmsDataKeyReusePeriodSeconds !== undefined) annotations[KMS_REUSE_PERIOD] = String(kmsDataKeyReusePeriodSeconds)
  return annotations
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

/** How each attribute of a queue is shown, if it is: all of them are text, times are whole seconds. */
const SHOW: Record<QueueAttribute, (queue: Queue, counts: QueueCounts, region: string) => string | undefined> = {
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
  Policy: policyOf,
  SqsManagedSseEnabled: (queue) => queue.annotations[MANAGED_SSE] ?? MANAGED_SSE_DEFAULT,
  KmsMasterKeyId: ({ annotations }) => annotations[KMS_KEY],
  KmsDataKeyReusePeriodSeconds: ({ annotations }) =>
    annotations[KMS_KEY] === undefined ? undefined : (annotations[KMS_REUSE_PERIOD] ?? KMS_REUSE_PERIOD_DEFAULT),
  RedrivePolicy: (queue, _counts, region) => showRedrivePolicy(queue, region),
  RedriveAllowPolicy: (queue, _counts, region) => showRedriveAllowPolicy(queue, region),
  FifoQueue: ({ fifo }) => (fifo === undefined ? undefined : 'true'),
  ContentBasedDeduplication: ({ fifo }) => (fifo === undefined ? undefined : String(fifo.contentBasedDeduplication)),
  DeduplicationScope: ({ fifo }) => fifo?.deduplicationScope,
  FifoThroughputLimit: ({ fifo }) => fifo?.throughputLimit,
}

/** The attributes of a queue; `counts` may be left out when {@link needsCounts} says so. */
export function showAttributes(
  attributes: ReadonlySet<QueueAttribute>,
  queue: Queue,
  counts: QueueCounts | undefined,
  region: string,
): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const attribute of attributes) {
    const value = SHOW[attribute](queue, counts ?? NO_COUNTS, region)
    if (value !== undefined) shown[attribute] = value
  }
  return shown
}

function epochSeconds(time: Date): string {
  return String(Math.floor(time.getTime() / 1_000))
}
