import type { QueueTable } from '../database/tables.ts'
import type {
  DeadLetterSettings,
  DeadLetterSources,
  FifoSettings,
  Queue,
  QueueSettings,
  ScalingPolicy,
} from '../types.ts'
import { FIFO_DEFAULTS } from './validate-queue.ts'

/** A queue as the database answers it. */
export type QueueRow = Omit<QueueTable, 'tags' | 'annotations' | 'dead_letter_sources' | 'scaling'> & {
  dead_letter_sources: DeadLetterSources
  scaling: ScalingPolicy | null
  tags: Record<string, string>
  annotations: Record<string, string>
}

/** The columns of the settings that every queue has. */
export function toColumns(settings: QueueSettings) {
  return {
    visibility_timeout_seconds: settings.visibilityTimeoutSeconds,
    delay_seconds: settings.delaySeconds,
    retention_seconds: settings.retentionSeconds,
    receive_wait_seconds: settings.receiveWaitSeconds,
    message_bytes_max: settings.messageBytesMax,
  }
}

/** Those of FIFO queues; on standard queues they hold what means nothing there. */
export function toFifoColumns(fifo: FifoSettings | undefined) {
  const { contentBasedDeduplication, deduplicationScope, throughputLimit } = fifo ?? FIFO_DEFAULTS
  return {
    is_fifo: fifo !== undefined,
    content_based_deduplication: contentBasedDeduplication,
    deduplication_scope: deduplicationScope,
    throughput_limit: throughputLimit,
  }
}

/** Where dead letters go, and from where they may come. */
export function toDeadLetterColumns(deadLetter: DeadLetterSettings | undefined, sources: DeadLetterSources) {
  return {
    dead_letter_queue: deadLetter?.queueName ?? null,
    receive_count_max: deadLetter?.receiveCountMax ?? null,
    dead_letter_sources: JSON.stringify(sources),
  }
}

/** The policy of autoscaling, if the queue has one of its own. */
export function toScalingColumn(policy: ScalingPolicy | undefined) {
  return { scaling: policy === undefined ? null : JSON.stringify(policy) }
}

/** The queue that a row says. */
export function toQueue(row: QueueRow): Queue {
  return {
    id: row.queue_id,
    accountId: row.account_id,
    name: row.name,
    fifo: row.is_fifo
      ? {
          contentBasedDeduplication: row.content_based_deduplication,
          deduplicationScope: row.deduplication_scope,
          throughputLimit: row.throughput_limit,
        }
      : undefined,
    settings: {
      visibilityTimeoutSeconds: row.visibility_timeout_seconds,
      delaySeconds: row.delay_seconds,
      retentionSeconds: row.retention_seconds,
      receiveWaitSeconds: row.receive_wait_seconds,
      messageBytesMax: row.message_bytes_max,
    },
    deadLetter:
      row.dead_letter_queue === null
        ? undefined
        : { queueName: row.dead_letter_queue, receiveCountMax: row.receive_count_max as number },
    deadLetterSources: row.dead_letter_sources,
    scaling: row.scaling ?? undefined,
    tags: row.tags,
    annotations: row.annotations,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  }
}
