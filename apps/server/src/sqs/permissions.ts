import type { Permission } from '@stanchion/identity'
import { formatQueueArn, notAuthorized } from '@stanchion/sqs'
import type { SqsCall } from './operation.ts'

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
}

/**
 * Refuses what the caller may not do, whether the queue exists or not (G35). An action that is not in the table is allowed to
 * nobody.
 * @param queueName absent for what concerns no single queue
 * @throws SqsError `AccessDeniedException`
 */
export function requirePermission({ caller, context }: SqsCall, action: string, queueName: string | undefined): void {
  const permission = PERMISSIONS[action]
  if (permission !== undefined && caller.may(permission, queueName)) return
  const principal = `arn:aws:iam::${caller.accountId}:user/${caller.accessKeyId ?? 'anybody'}`
  throw notAuthorized(principal, action, formatQueueArn(context.region, caller.accountId, queueName ?? '*'))
}
