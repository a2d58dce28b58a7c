export { changeMessageVisibility } from './change-message-visibility.ts'
export { changeMessageVisibilityBatch } from './change-message-visibility-batch.ts'
export { createQueue } from './create-queue.ts'
export { deleteMessage } from './delete-message.ts'
export { deleteMessageBatch } from './delete-message-batch.ts'
export { deleteQueue } from './delete-queue.ts'
export { getQueueAttributes } from './get-queue-attributes.ts'
export { getQueueUrl } from './get-queue-url.ts'
export { listQueueTags } from './list-queue-tags.ts'
export { listQueues } from './list-queues.ts'
export { purgeQueue } from './purge-queue.ts'
export { type Message, receiveMessage } from './receive-message.ts'
export { sendMessage } from './send-message.ts'
export {
  type SendMessageBatchEntry,
  type SendMessageBatchResultEntry,
  sendMessageBatch,
} from './send-message-batch.ts'
export { setQueueAttributes } from './set-queue-attributes.ts'
export { tagQueue } from './tag-queue.ts'
export { UNSUPPORTED_ACTIONS } from './unsupported-actions.ts'
export { untagQueue } from './untag-queue.ts'
