import type { Permission } from '@stanchion/identity'
import type { QueueKey } from '@stanchion/queue'
import { type AccessDecision, formatQueueArn, notAuthorized, queueDoesNotExist } from '@stanchion/sqs'
import { checkAccess } from '../access/check-access.ts'
import type { RequestTags } from '../access/condition-keys.ts'
import { type Caller, principalArn } from '../http/caller.ts'
import type { SqsCall } from './operation.ts'

const ACCOUNT = /^\d{12}$/

/** What a caller must be allowed for each action. */
export const PERMISSIONS: Readonly<Record<string, Permission>> = {
  SendMessage: 'send',
  SendMessageBatch: 'send',
  ReceiveMessage: 'receive',
  DeleteMessage: 'receive',
  DeleteMessageBatch: 'receive',
  ChangeMessageVisibility: 'receive',
  ChangeMessageVisibilityBatch: 'receive',
  GetQueueUrl: 'describe',
  GetQueueAttributes: 'describe',
  ListQueueTags: 'describe',
  ListDeadLetterSourceQueues: 'describe',
  ListQueues: 'list',
  CreateQueue: 'manage',
  SetQueueAttributes: 'manage',
  DeleteQueue: 'manage',
  PurgeQueue: 'manage',
  StartMessageMoveTask: 'manage',
  CancelMessageMoveTask: 'manage',
  ListMessageMoveTasks: 'describe',
  TagQueue: 'manage',
  UntagQueue: 'manage',
  AddPermission: 'manage',
  RemovePermission: 'manage',
}

/** Whether a caller can have business with an account. Where nobody says who they are, there is one account alone. */
export function isReachable({ accountId, accessKeyId }: Caller, ownerAccountId: string): boolean {
  return accessKeyId === undefined ? ownerAccountId === accountId : ACCOUNT.test(ownerAccountId)
}

/**
 * Refuses what the caller's key does not allow, for actions on no queue, or on one that is only to be made. An action that is not in
 * the table is allowed to nobody.
 * @throws SqsError `AccessDeniedException`
 */
export function requirePermission(call: SqsCall, action: string, queueName: string | undefined): void {
  const permission = PERMISSIONS[action]
  if (permission !== undefined && call.caller.may(permission, queueName)) return
  throw denial(call, action, { accountId: call.caller.accountId, name: queueName ?? '*' }, 'noIdentityPolicy')
}

/**
 * Refuses what the caller may not do with a queue, by their key and by the queue's policy, whether the queue exists or not (G35).
 * @returns `undefined` when it is allowed and nothing had to be looked up
 * @throws SqsError `AccessDeniedException`, `QueueDoesNotExist`
 */
export function requireAccess(
  call: SqsCall,
  action: string,
  queue: QueueKey,
  tags: RequestTags | undefined,
): Promise<void> | undefined {
  const permission = PERMISSIONS[action]
  if (permission === undefined) throw denial(call, action, queue, 'noIdentityPolicy')
  const { caller, context, request } = call
  const decision = checkAccess(context, { caller, queue, permission, action, request, tags })
  if (decision === 'allowed') return undefined
  return Promise.resolve(decision).then((late) => {
    if (late !== 'allowed') throw denial(call, action, queue, late)
  })
}

function denial(
  { caller, context }: SqsCall,
  action: string,
  queue: QueueKey,
  why: Exclude<AccessDecision, 'allowed'>,
) {
  // SQS never says of a URL that it is denied, only that there is no queue.
  const isUntold = why === 'unknownQueue' || (why === 'noResourcePolicy' && action === 'GetQueueUrl')
  if (isUntold) return queueDoesNotExist()
  return notAuthorized(principalArn(caller), action, formatQueueArn(context.region, queue.accountId, queue.name), why)
}
