/** Actions that a policy can allow to other accounts, batches among their single actions. */
export const GRANTABLE_ACTIONS: ReadonlySet<string> = new Set([
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
])

/** Actions that are the owner's alone, whatever a policy says. */
export const OWNER_ACTIONS: ReadonlySet<string> = new Set([
  'AddPermission',
  'RemovePermission',
  'CreateQueue',
  'DeleteQueue',
  'ListQueues',
  'ListQueueTags',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
  'StartMessageMoveTask',
  'CancelMessageMoveTask',
  'ListMessageMoveTasks',
])

/** The name under which an action stands in policies. There are none for batches. */
export function permissionOf(action: string): string {
  return action.endsWith('Batch') ? action.slice(0, -'Batch'.length) : action
}
