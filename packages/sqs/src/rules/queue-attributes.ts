import { invalidAttributeValue, unknownAttribute } from '../errors/error-texts.ts'
import { SqsError } from '../errors/sqs-error.ts'
import { parsePolicy } from '../policy/policy.ts'
import {
  FIFO_ATTRIBUTES,
  type FifoAttribute,
  type FifoChange,
  isFifoAttribute,
  readFifoAttribute,
} from './fifo-attributes.ts'
import { SQS_TIME_LIMITS, type TimeLimits } from './time-limits.ts'

/** The settings of a queue that are numbers, with their ranges at Amazon. */
export const INTEGER_ATTRIBUTES = {
  VisibilityTimeout: { min: 0, max: SQS_TIME_LIMITS.visibilitySecondsMax },
  DelaySeconds: { min: 0, max: SQS_TIME_LIMITS.delaySecondsMax },
  MessageRetentionPeriod: { min: 60, max: SQS_TIME_LIMITS.retentionSecondsMax },
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

/** Which key encrypts a queue. They are kept and shown; what is encrypted at rest is the database's business. */
export const ENCRYPTION_ATTRIBUTES = ['SqsManagedSseEnabled', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds'] as const

export type EncryptionAttribute = (typeof ENCRYPTION_ATTRIBUTES)[number]

/** Policies about dead letters. Their texts are read by `readRedrivePolicy` and `readRedriveAllowPolicy`. */
export const REDRIVE_ATTRIBUTES = ['RedrivePolicy', 'RedriveAllowPolicy'] as const

export type RedriveAttribute = (typeof REDRIVE_ATTRIBUTES)[number]

/** Their texts as they were given; empty to remove them. */
export type RedriveAttributes = Readonly<Partial<Record<RedriveAttribute, string>>>

/** What a queue of this release shows. */
export type QueueAttribute =
  | IntegerAttribute
  | ReadOnlyAttribute
  | EncryptionAttribute
  | RedriveAttribute
  | FifoAttribute
  | 'Policy'

export const QUEUE_ATTRIBUTES: readonly QueueAttribute[] = [
  ...READ_ONLY_ATTRIBUTES,
  ...(Object.keys(INTEGER_ATTRIBUTES) as IntegerAttribute[]),
  ...ENCRYPTION_ATTRIBUTES,
  ...REDRIVE_ATTRIBUTES,
  ...FIFO_ATTRIBUTES,
  'Policy',
]

/** What CreateQueue and SetQueueAttributes ask for, read and checked. */
export interface QueueAttributeChange {
  readonly integers: Partial<Record<IntegerAttribute, number>>
  readonly encryption: EncryptionChange
  readonly redrive: RedriveAttributes
  /** Absent for a standard queue. */
  readonly fifo?: FifoChange
  readonly policy?: PolicyChange
}

/** A policy as it was sent; an empty text removes it. */
export interface PolicyChange {
  readonly text: string
  /** How many there may be depends on the action, see `checkStatementCount`. */
  readonly statementCount: number
}

/** What is asked for of the encryption of a queue. */
export interface EncryptionChange {
  readonly sqsManagedSseEnabled?: 'true' | 'false'
  /** Empty to remove the key. */
  readonly kmsMasterKeyId?: string
  readonly kmsDataKeyReusePeriodSeconds?: number
}

const REUSE_PERIOD_SECONDS = { min: 60, max: 86_400 } as const

/** Key ids, ARNs and aliases are far shorter. */
const KEY_ID_LENGTH_MAX = 2_048

/**
 * Reads the attributes of CreateQueue or SetQueueAttributes. All are checked before any can take effect.
 * @throws SqsError `InvalidAttributeName`, `InvalidAttributeValue`
 */
export function readQueueAttributes(
  attributes: Readonly<Record<string, string>>,
  isFifo: boolean,
  limits: TimeLimits = SQS_TIME_LIMITS,
): QueueAttributeChange {
  const integers: Partial<Record<IntegerAttribute, number>> = {}
  const encryption: { -readonly [K in keyof EncryptionChange]: EncryptionChange[K] } = {}
  const redrive: Partial<Record<RedriveAttribute, string>> = {}
  let fifo: FifoChange = {}
  let policy: PolicyChange | undefined
  for (const [name, value] of Object.entries(attributes)) {
    if (isIntegerAttribute(name)) integers[name] = readInteger(name, value, rangeOf(name, limits))
    else if (isRedriveAttribute(name)) redrive[name] = value
    else if (name === 'SqsManagedSseEnabled') encryption.sqsManagedSseEnabled = readFlag(name, value)
    else if (name === 'KmsMasterKeyId') encryption.kmsMasterKeyId = readKeyId(name, value)
    else if (name === 'KmsDataKeyReusePeriodSeconds') {
      encryption.kmsDataKeyReusePeriodSeconds = readInteger(name, value, REUSE_PERIOD_SECONDS)
    } else if (isFifoAttribute(name)) fifo = { ...fifo, ...readFifoAttribute(name, value, isFifo) }
    else if (name === 'Policy') policy = readPolicy(value)
    else throw unknownAttribute(name)
  }
  // Recorded, name of the error included.
  if (encryption.sqsManagedSseEnabled === 'true' && (encryption.kmsMasterKeyId ?? '') !== '') {
    throw new SqsError(
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    )
  }
  return {
    integers,
    encryption,
    redrive,
    ...(isFifo ? { fifo } : undefined),
    ...(policy === undefined ? undefined : { policy }),
  }
}

function isIntegerAttribute(name: string): name is IntegerAttribute {
  return Object.hasOwn(INTEGER_ATTRIBUTES, name)
}

function rangeOf(name: IntegerAttribute, limits: TimeLimits): { min: number; max: number } {
  const { min, max } = INTEGER_ATTRIBUTES[name]
  if (name === 'VisibilityTimeout') return { min, max: limits.visibilitySecondsMax }
  if (name === 'DelaySeconds') return { min, max: limits.delaySecondsMax }
  if (name === 'MessageRetentionPeriod') return { min, max: limits.retentionSecondsMax }
  return { min, max }
}

function isRedriveAttribute(name: string): name is RedriveAttribute {
  return REDRIVE_ATTRIBUTES.some((attribute) => attribute === name)
}

function readInteger(name: string, value: string, { min, max }: { min: number; max: number }): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (number >= min && number <= max) return number
  throw invalidAttributeValue(name)
}

function readFlag(name: string, value: string): 'true' | 'false' {
  if (value === 'true' || value === 'false') return value
  throw invalidAttributeValue(name)
}

/** A key is not looked up: any text that can be stored and shown will do. */
function readKeyId(name: string, value: string): string {
  if (value.length <= KEY_ID_LENGTH_MAX && value.isWellFormed() && !/\p{Cc}/u.test(value)) return value
  throw invalidAttributeValue(name)
}

function readPolicy(text: string): PolicyChange {
  return { text, statementCount: text === '' ? 0 : parsePolicy(text).statements.length }
}

/**
 * The attributes that GetQueueAttributes is asked for.
 * @throws SqsError `InvalidAttributeName`
 */
export function selectQueueAttributes(names: readonly string[]): ReadonlySet<QueueAttribute> {
  const selected = new Set<QueueAttribute>()
  for (const name of names) {
    const known = QUEUE_ATTRIBUTES.find((attribute) => attribute === name)
    if (known !== undefined) selected.add(known)
    else if (name === 'All') for (const attribute of QUEUE_ATTRIBUTES) selected.add(attribute)
    else throw unknownAttribute(name)
  }
  return selected
}
