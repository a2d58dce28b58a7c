import { invalidValue } from '../errors/error-texts.ts'
import { SqsError } from '../errors/sqs-error.ts'
import { parseQueueArn } from '../queue-arn.ts'
import { parseJsonMap } from './json-map.ts'
import { isQueueName } from './queue-name.ts'

/** Who a policy is for: it names queues of the same region and account alone. */
export interface PolicyOwner {
  readonly region: string
  readonly accountId: string
}

/** What a `RedrivePolicy` asks for. */
export interface RedrivePolicy {
  /** The name of the dead-letter queue. Whether it is there, and may be used, is for the engine to say. */
  readonly queueName: string
  readonly maxReceiveCount: number
}

const COUNT_MAX = 1_000
const KEYS: ReadonlySet<string> = new Set(['deadLetterTargetArn', 'maxReceiveCount'])

/**
 * Reads a `RedrivePolicy`. The order of the checks is that of the service.
 * @throws SqsError `InvalidAttributeValue`, `InvalidParameterValueException`
 */
export function readRedrivePolicy(text: string, owner: PolicyOwner): RedrivePolicy {
  const policy = parseJsonMap(text)
  if (policy === undefined) {
    throw new SqsError(
      'InvalidAttributeValue',
      'Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map.',
    )
  }
  const { deadLetterTargetArn, maxReceiveCount } = policy
  for (const [name, value] of Object.entries({ maxReceiveCount, deadLetterTargetArn })) {
    if (value === undefined || value === null) {
      throw invalid(text, `Redrive policy does not contain mandatory attribute: ${name}.`)
    }
  }
  const count = readCount(maxReceiveCount)
  if (count === undefined) {
    const given = typeof maxReceiveCount === 'string' ? maxReceiveCount : JSON.stringify(maxReceiveCount)
    throw invalid(
      text,
      `Invalid value for maxReceiveCount: ${given}, valid values are from 1 to ${COUNT_MAX} both inclusive.`,
    )
  }
  if (Object.keys(policy).some((key) => !KEYS.has(key))) {
    throw invalid(text, 'Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].')
  }
  return { queueName: readTarget(text, deadLetterTargetArn, owner), maxReceiveCount: count }
}

/** A policy as it is shown: the count is a number, keys stand in this order, without spaces. */
export function formatRedrivePolicy(deadLetterTargetArn: string, maxReceiveCount: number): string {
  return JSON.stringify({ deadLetterTargetArn, maxReceiveCount })
}

/** Numbers may come as text. */
function readCount(given: unknown): number | undefined {
  const count = typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : given
  return Number.isInteger(count) && (count as number) >= 1 && (count as number) <= COUNT_MAX
    ? (count as number)
    : undefined
}

function readTarget(text: string, arn: unknown, owner: PolicyOwner): string {
  const parts = typeof arn === 'string' ? arn.split(':') : []
  if (parts[0] !== 'arn' || parts.length < 6)
    throw invalid(text, 'Dead-letter target ARN should be fully qualified ARN.')
  const [, , service, region, accountId] = parts
  if (service !== 'sqs') throw invalid(text, 'Only SQS queues are valid resources for deadLetterTargetArn.')
  if (region !== owner.region) throw invalid(text, 'Dead-letter target must be in same region as the source.')
  if (accountId !== owner.accountId) throw invalid(text, 'Dead-letter target owner should be same as the source.')
  const name = parseQueueArn(arn as string)?.name
  if (name === undefined || !isQueueName(name)) throw invalid(text, 'Dead letter target does not exist.')
  return name
}

function invalid(text: string, reason: string): SqsError {
  return invalidValue(text, 'RedrivePolicy', reason)
}
