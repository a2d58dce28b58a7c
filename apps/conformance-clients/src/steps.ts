/**
 * The steps of every client library, in the order in which the programs take them. A program must print every one: one
 * that ends early, or leaves a step out, has failed.
 */
export const LIBRARY_STEPS = [
  'create-queue',
  'list-queues',
  'queue-attributes',
  'tags',
  'send',
  'receive',
  'change-visibility',
  'delete',
  'send-batch',
  'receive-batch',
  'change-visibility-batch',
  'delete-batch',
  'purge',
  'delete-queue',
  'missing-queue',
  'invalid-handle',
  'invalid-parameter',
  'wrong-secret',
  'unknown-key',
  'fifo-create',
  'fifo-send',
  'fifo-duplicate',
  'fifo-order',
  'fifo-next',
  'fifo-batch',
  'redrive-policy',
  'dead-letter-sources',
  'dead-letter-move',
  'move-task',
  'move-task-completed',
  'moved-back',
] as const

/** The steps of the frameworks, each by what it is for. */
export const SQS_CONSUMER_STEPS = [
  'consume',
  'consume-batch',
  'retry',
  'heartbeat',
  'missing-queue',
  'fifo',
  'dead-letters',
] as const

export const CELERY_STEPS = [
  'tasks',
  'acknowledged',
  'countdown',
  'retry',
  'worker-killed',
  'fifo',
  'worker-stopped',
  'purge',
] as const

export const SPRING_STEPS = [
  'listen',
  'acknowledged',
  'listen-batch',
  'retry',
  'template-receive',
  'fifo',
  'dead-letters',
] as const
