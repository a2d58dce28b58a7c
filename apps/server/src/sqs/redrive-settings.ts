import { type DeadLetterSettings, type DeadLetterSources, type Queue, QueueError } from '@stanchion/queue'
import {
  formatQueueArn,
  formatRedriveAllowPolicy,
  formatRedrivePolicy,
  type PolicyOwner,
  type RedriveAttributes,
  readRedriveAllowPolicy,
  readRedrivePolicy,
} from '@stanchion/sqs'
import { toSqsError } from './to-sqs-error.ts'

/** Under this name a queue keeps that `allowAll` was said: it means what is so anyway, and is then shown. */
export const ALLOW_POLICY = 'RedriveAllowPolicy'
export const ALLOW_POLICY_DEFAULT = 'allowAll'

/** What a request gives of a queue's dead letters. Empty attributes remove. */
export interface RedriveChange {
  readonly deadLetter?: DeadLetterSettings | null
  readonly deadLetterSources?: DeadLetterSources
  readonly annotations: Readonly<Record<string, string | null>>
}

/** @throws SqsError `InvalidAttributeValue`, `InvalidParameterValueException` */
export function toRedriveChange(attributes: RedriveAttributes, owner: PolicyOwner): RedriveChange {
  const { RedrivePolicy, RedriveAllowPolicy } = attributes
  return {
    ...(RedrivePolicy === undefined ? undefined : { deadLetter: toDeadLetter(RedrivePolicy, owner) }),
    ...(RedriveAllowPolicy === undefined ? { annotations: {} } : toSources(RedriveAllowPolicy, owner)),
  }
}

function toDeadLetter(text: string, owner: PolicyOwner): DeadLetterSettings | null {
  if (text === '') return null
  const { queueName, maxReceiveCount } = readRedrivePolicy(text, owner)
  return { queueName, receiveCountMax: maxReceiveCount }
}

function toSources(text: string, owner: PolicyOwner): RedriveChange {
  if (text === '') return { deadLetterSources: 'all', annotations: { [ALLOW_POLICY]: null } }
  const policy = readRedriveAllowPolicy(text, owner)
  if (policy === 'allowAll') return { deadLetterSources: 'all', annotations: { [ALLOW_POLICY]: ALLOW_POLICY_DEFAULT } }
  return { deadLetterSources: policy === 'denyAll' ? 'none' : policy, annotations: { [ALLOW_POLICY]: null } }
}

/** How `RedrivePolicy` is shown, if there is one. */
export function showRedrivePolicy({ accountId, deadLetter }: Queue, region: string): string | undefined {
  if (deadLetter === undefined) return undefined
  return formatRedrivePolicy(formatQueueArn(region, accountId, deadLetter.queueName), deadLetter.receiveCountMax)
}

/** How `RedriveAllowPolicy` is shown, if it was ever set. */
export function showRedriveAllowPolicy(queue: Queue, region: string): string | undefined {
  const { accountId, annotations, deadLetterSources } = queue
  const isSilent = deadLetterSources === 'all' && annotations[ALLOW_POLICY] === undefined
  if (isSilent) return undefined
  const policy = deadLetterSources === 'all' ? 'allowAll' : deadLetterSources === 'none' ? 'denyAll' : deadLetterSources
  return formatRedriveAllowPolicy(policy, (name) => formatQueueArn(region, accountId, name))
}

/** Errors of the engine about a `RedrivePolicy` repeat its text. */
export async function aboutRedrivePolicy<T>({ RedrivePolicy }: RedriveAttributes, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof QueueError && error.code.startsWith('deadLetterQueue')) {
      throw toSqsError(error, { redrivePolicy: RedrivePolicy })
    }
    throw error
  }
}
