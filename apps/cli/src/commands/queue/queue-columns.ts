import type { QueueCounts, QueueDescription } from '@stanchion/client'
import { age, duration } from '../../output/duration.ts'
import type { Column } from '../../output/output.ts'

/** A queue with its numbers. */
export type CountedQueue = QueueDescription & { readonly counts?: QueueCounts }

const seconds = (value: number) => `${value} (${duration(value)})`

/** Everything about one queue, as people read it. */
export const QUEUE_COLUMNS: readonly Column<CountedQueue>[] = [
  ['Name', ({ name }) => name],
  ['Kind', ({ kind }) => kind],
  ['Ready', ({ counts }) => counts?.visible],
  ['Leased', ({ counts }) => counts?.inFlight],
  ['Delayed', ({ counts }) => counts?.delayed],
  [
    'Oldest message',
    ({ counts }) => (counts === undefined ? undefined : (age(counts.oldestMessageAgeSeconds) ?? 'none')),
  ],
  ['Visibility timeout seconds', ({ settings }) => seconds(settings.visibilityTimeoutSeconds)],
  ['Delay seconds', ({ settings }) => seconds(settings.delaySeconds)],
  ['Retention seconds', ({ settings }) => seconds(settings.retentionSeconds)],
  ['Receive wait seconds', ({ settings }) => settings.receiveWaitSeconds],
  ['Message bytes max', ({ settings }) => settings.messageBytesMax],
  ['Content-based deduplication', ({ fifo }) => fifo && String(fifo.contentBasedDeduplication)],
  ['Deduplication scope', ({ fifo }) => fifo?.deduplicationScope],
  ['Throughput limit', ({ fifo }) => fifo?.throughputLimit],
  [
    'Dead-letter queue',
    ({ deadLetter }) => deadLetter && `${deadLetter.queueName}, after ${deadLetter.receiveCountMax} deliveries`,
  ],
  [
    'Dead-letter sources',
    ({ deadLetterSources: sources }) => (sources.length === 0 ? 'none' : sources.join(', ').replace(/^\*$/, 'all')),
  ],
  [
    'Tags',
    ({ tags }) =>
      Object.entries(tags)
        .map(([key, value]) => `${key}=${value}`)
        .join(', ') || 'none',
  ],
  ['Created', ({ createdAt }) => createdAt],
  ['Modified', ({ modifiedAt }) => modifiedAt],
]
