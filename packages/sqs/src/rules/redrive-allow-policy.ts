import { invalidValue } from '../errors/error-texts.ts'
import { SqsError } from '../errors/sqs-error.ts'
import { parseQueueArn } from '../queue-arn.ts'
import { parseJsonMap } from './json-map.ts'
import { isQueueName } from './queue-name.ts'
import type { PolicyOwner } from './redrive-policy.ts'

/** Which queues may use a queue as their dead-letter queue: all, none, or those of these names. */
export type RedriveAllowPolicy = 'allowAll' | 'denyAll' | readonly string[]

const SOURCES_MAX = 10
const KEYS: ReadonlySet<string> = new Set(['redrivePermission', 'sourceQueueArns'])
const PERMISSIONS: ReadonlySet<unknown> = new Set(['allowAll', 'denyAll', 'byQueue'])

/**
 * Reads a `RedriveAllowPolicy`.
 * @throws SqsError `InvalidAttributeValue`, `InvalidParameterValueException`
 */
export function readRedriveAllowPolicy(text: string, owner: PolicyOwner): RedriveAllowPolicy {
  const policy = parseJsonMap(text)
  if (policy === undefined || Object.keys(policy).some((key) => !KEYS.has(key))) throw unsupportedFormat()
  const { redrivePermission, sourceQueueArns = [] } = policy
  if (!PERMISSIONS.has(redrivePermission) || !Array.isArray(sourceQueueArns)) throw unsupportedFormat()
  if (redrivePermission !== 'byQueue') {
    if (sourceQueueArns.length === 0) return redrivePermission as 'allowAll' | 'denyAll'
    throw invalid(text, 'To specify one or more source queue ARNs, you must set redrivePermission to byQueue.')
  }
  if (sourceQueueArns.length === 0) {
    throw invalid(
      text,
      'When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.',
    )
  }
  if (sourceQueueArns.length > SOURCES_MAX) {
    throw invalid(text, `The maximum number of source queue ARNs you can specify is ${SOURCES_MAX}.`)
  }
  return sourceQueueArns.map((arn) => readSource(arn, owner))
}

/** A policy as it is shown. */
export function formatRedriveAllowPolicy(policy: RedriveAllowPolicy, arnOf: (name: string) => string): string {
  return JSON.stringify(
    typeof policy === 'string'
      ? { redrivePermission: policy }
      : { redrivePermission: 'byQueue', sourceQueueArns: policy.map(arnOf) },
  )
}

/** A source is a queue of the same region and account, so no other can be meant. */
function readSource(arn: unknown, owner: PolicyOwner): string {
  const parsed = typeof arn === 'string' ? parseQueueArn(arn) : undefined
  const isTheirs = parsed?.service === 'sqs' && parsed.region === owner.region && parsed.accountId === owner.accountId
  if (!isTheirs || !isQueueName(parsed.name)) throw unsupportedFormat()
  return parsed.name
}

function invalid(text: string, reason: string): SqsError {
  return invalidValue(text, 'RedriveAllowPolicy', `Amazon SQS can't create the redrive allow policy. ${reason}`)
}

function unsupportedFormat(): SqsError {
  return new SqsError(
    'InvalidAttributeValue',
    "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
  )
}
