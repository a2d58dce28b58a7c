import { attributeNotSupportedYet, invalidAttributeValue, unknownAttribute } from '../errors/error-texts.ts'
import { SqsError } from '../errors/sqs-error.ts'

/** The settings of a queue that are numbers, with their ranges. */
export const INTEGER_ATTRIBUTES = {
  VisibilityTimeout: { min: 0, max: 43_200 },
  DelaySeconds: { min: 0, max: 900 },
  MessageRetentionPeriod: { min: 60, max: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20 },
  MaximumMessageSize: { min: 1_024, max: 1_048_576 },
} as const

export type IntegerAttribute = keyof typeof INTEGER_ATTRIBUTES

/** Attributes that can be read and never set. */
export const READ_ONLY_ATTRIBUTES = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
] as const

export type ReadOnlyAttribute = (typeof READ_ONLY_ATTRIBUTES)[number]

/** What a queue of this release shows. */
export type QueueAttribute = IntegerAttribute | ReadOnlyAttribute | 'SqsManagedSseEnabled'

export const QUEUE_ATTRIBUTES: readonly QueueAttribute[] = [
  ...READ_ONLY_ATTRIBUTES,
  ...(Object.keys(INTEGER_ATTRIBUTES) as IntegerAttribute[]),
  'SqsManagedSseEnabled',
]

/** Attributes that come with a later release. Setting them to nothing removes what cannot be there, and is accepted. */
const REMOVABLE_LATER = new Set(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId'])

/** Attributes of FIFO queues alone. */
const FIFO_ATTRIBUTES = new Set(['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'])

/** What CreateQueue and SetQueueAttributes ask for, read and checked. */
export interface QueueAttributeChange {
  readonly integers: Partial<Record<IntegerAttribute, number>>
  readonly sqsManagedSseEnabled: 'true' | 'false' | undefined
}

/**
 * Reads the attributes of CreateQueue or SetQueueAttributes. All are checked before any can take effect.
 * @throws SqsError `InvalidAttributeName`, `InvalidAttributeValue`
 */
export function readQueueAttributes(attributes: Readonly<Record<string, string>>): QueueAttributeChange {
  const integers: Partial<Record<IntegerAttribute, number>> = {}
  let sqsManagedSseEnabled: 'true' | 'false' | undefined
  for (const [name, value] of Object.entries(attributes)) {
    if (isIntegerAttribute(name)) integers[name] = readInteger(name, value)
    else if (name === 'SqsManagedSseEnabled') sqsManagedSseEnabled = readFlag(name, value)
    else refuse(name, value)
  }
  return { integers, sqsManagedSseEnabled }
}

function isIntegerAttribute(name: string): name is IntegerAttribute {
  return Object.hasOwn(INTEGER_ATTRIBUTES, name)
}

function readInteger(name: IntegerAttribute, value: string): number {
  const { min, max } = INTEGER_ATTRIBUTES[name]
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (number >= min && number <= max) return number
  throw invalidAttributeValue(name)
}

function readFlag(name: string, value: string): 'true' | 'false' {
  if (value === 'true' || value === 'false') return value
  throw invalidAttributeValue(name)
}

/** Every attribute that cannot be set; returns when setting it to this value changes nothing. */
function refuse(name: string, value: string): void {
  if (REMOVABLE_LATER.has(name)) {
    if (value === '') return
    throw attributeNotSupportedYet(name)
  }
  if (name === 'KmsDataKeyReusePeriodSeconds') throw attributeNotSupportedYet(name)
  if (name === 'FifoQueue' && /^true$/i.test(value)) throw attributeNotSupportedYet(name)
  if (name === 'DeduplicationScope' || name === 'FifoThroughputLimit') {
    throw new SqsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`)
  }
  throw unknownAttribute(name)
}

/**
 * The attributes that GetQueueAttributes is asked for. Known ones that a standard queue of this release never has are left
 * out.
 * @throws SqsError `InvalidAttributeName`
 */
export function selectQueueAttributes(names: readonly string[]): ReadonlySet<QueueAttribute> {
  const selected = new Set<QueueAttribute>()
  for (const name of names) {
    const known = QUEUE_ATTRIBUTES.find((attribute) => attribute === name)
    if (known !== undefined) selected.add(known)
    else if (name === 'All') for (const attribute of QUEUE_ATTRIBUTES) selected.add(attribute)
    else if (!isKnownLater(name)) throw unknownAttribute(name)
  }
  return selected
}

function isKnownLater(name: string): boolean {
  return REMOVABLE_LATER.has(name) || FIFO_ATTRIBUTES.has(name) || name === 'KmsDataKeyReusePeriodSeconds'
}
