import type { QueueDescription } from '@stanchion/client'

export type NumericSetting = keyof QueueDescription['settings']

/** What a setting of a queue means, and what it may be. */
export interface SettingText {
  readonly id: NumericSetting
  readonly label: string
  readonly unit: 'duration' | 'bytes'
  readonly min: number
  readonly max: number
  /** What a new queue has. */
  readonly usual: number
  /** What it is for, for somebody who reads it for the first time. */
  readonly text: string
}

const YEAR_SECONDS = 31_536_000

/** The server has the last word: one that imitates Amazon strictly allows less. */
export const SETTINGS: readonly SettingText[] = [
  {
    id: 'visibilityTimeoutSeconds',
    label: 'Visibility timeout',
    unit: 'duration',
    min: 0,
    max: YEAR_SECONDS,
    usual: 30,
    text: 'How long a received message is hidden from others. Whoever received it deletes or extends it within this time, else it can be received again. Longer than your slowest work.',
  },
  {
    id: 'retentionSeconds',
    label: 'Retention',
    unit: 'duration',
    min: 60,
    max: YEAR_SECONDS,
    usual: 345_600,
    text: 'How long a message is kept when nobody deletes it, counted from when it was sent. After that it is gone.',
  },
  {
    id: 'delaySeconds',
    label: 'Delay',
    unit: 'duration',
    min: 0,
    max: YEAR_SECONDS,
    usual: 0,
    text: 'How long a new message waits before it can be received. A message can be sent with a delay of its own.',
  },
  {
    id: 'receiveWaitSeconds',
    label: 'Receive wait',
    unit: 'duration',
    min: 0,
    max: 20,
    usual: 0,
    text: 'How long a receive waits for a message when the queue is empty and it does not say so itself. Waiting costs nothing and spares empty answers.',
  },
  {
    id: 'messageBytesMax',
    label: 'Largest message',
    unit: 'bytes',
    min: 1_024,
    max: 1_048_576,
    usual: 1_048_576,
    text: 'How large a message may be, body and attributes together. Larger ones are refused.',
  },
]

/** The texts of what only FIFO queues have. */
export const FIFO_TEXTS = {
  contentBasedDeduplication: {
    label: 'Deduplicate by content',
    text: 'A message that is sent without a deduplication id is recognised by its body: the same body within five minutes is stored once.',
  },
  deduplicationScope: {
    label: 'Where a deduplication id counts',
    text: 'In the whole queue, or in each message group by itself.',
    words: { queue: 'In the whole queue', messageGroup: 'In each message group' },
  },
  throughputLimit: {
    label: 'Throughput limit',
    text: 'A setting of Amazon SQS that is kept for its clients; nothing is limited here.',
    words: { perQueue: 'Per queue', perMessageGroupId: 'Per message group' },
  },
} as const

export const DEAD_LETTER_TEXT =
  'A message that was received this often without being deleted moves to the dead-letter queue, so that it stops getting in the way and somebody can look at it.'

export const TAGS_TEXT = 'Names with values, for people and for filters: a team, a system, an environment.'
