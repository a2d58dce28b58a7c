import { unknownAction } from '@stanchion/sqs'
import { addPermissionOperation } from './actions/add-permission.ts'
import { cancelMessageMoveTaskOperation } from './actions/cancel-message-move-task.ts'
import { changeMessageVisibilityOperation } from './actions/change-message-visibility.ts'
import { changeMessageVisibilityBatchOperation } from './actions/change-message-visibility-batch.ts'
import { createQueueOperation } from './actions/create-queue.ts'
import { deleteMessageOperation } from './actions/delete-message.ts'
import { deleteMessageBatchOperation } from './actions/delete-message-batch.ts'
import { deleteQueueOperation } from './actions/delete-queue.ts'
import { getQueueAttributesOperation } from './actions/get-queue-attributes.ts'
import { getQueueUrlOperation } from './actions/get-queue-url.ts'
import { listDeadLetterSourceQueuesOperation } from './actions/list-dead-letter-source-queues.ts'
import { listMessageMoveTasksOperation } from './actions/list-message-move-tasks.ts'
import { listQueueTagsOperation } from './actions/list-queue-tags.ts'
import { listQueuesOperation } from './actions/list-queues.ts'
import { purgeQueueOperation } from './actions/purge-queue.ts'
import { receiveMessageOperation } from './actions/receive-message.ts'
import { removePermissionOperation } from './actions/remove-permission.ts'
import { sendMessageOperation } from './actions/send-message.ts'
import { sendMessageBatchOperation } from './actions/send-message-batch.ts'
import { setQueueAttributesOperation } from './actions/set-queue-attributes.ts'
import { startMessageMoveTaskOperation } from './actions/start-message-move-task.ts'
import { tagQueueOperation } from './actions/tag-queue.ts'
import { untagQueueOperation } from './actions/untag-queue.ts'
import type { Operation } from './operation.ts'

/** Every action that is served. */
export const OPERATIONS: readonly Operation[] = [
  sendMessageOperation,
  sendMessageBatchOperation,
  receiveMessageOperation,
  deleteMessageOperation,
  deleteMessageBatchOperation,
  changeMessageVisibilityOperation,
  changeMessageVisibilityBatchOperation,
  createQueueOperation,
  getQueueUrlOperation,
  listQueuesOperation,
  getQueueAttributesOperation,
  setQueueAttributesOperation,
  deleteQueueOperation,
  purgeQueueOperation,
  tagQueueOperation,
  untagQueueOperation,
  listQueueTagsOperation,
  listDeadLetterSourceQueuesOperation,
  startMessageMoveTaskOperation,
  cancelMessageMoveTaskOperation,
  listMessageMoveTasksOperation,
  addPermissionOperation,
  removePermissionOperation,
]

const BY_NAME: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.map((operation) => [operation.action.name, operation]),
)

/** Stands before the name of an action in the header `x-amz-target`. */
const TARGET_PREFIX = 'AmazonSQS.'

const BY_TARGET: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.map((operation) => [`${TARGET_PREFIX}${operation.action.name}`, operation]),
)

/**
 * The operation that a Query request names.
 * @throws SqsError `UnknownOperationException`
 */
export function operationOfName(name: string): Operation {
  const operation = BY_NAME.get(name)
  if (operation !== undefined) return operation
  throw unknownAction(name)
}

/**
 * The operation that the header `x-amz-target` of a JSON request names.
 * @throws SqsError `UnknownOperationException`
 */
export function operationOfTarget(target: string): Operation {
  const operation = BY_TARGET.get(target)
  if (operation !== undefined) return operation
  if (target.startsWith(TARGET_PREFIX)) return operationOfName(target.slice(TARGET_PREFIX.length))
  throw unknownAction(target)
}
