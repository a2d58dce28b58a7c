import type { Ceilings, QueueSettings } from './types.ts'

/** A closed range of whole numbers, with the value that holds when none is given. */
export interface Range {
  readonly min: number
  readonly max: number
  readonly default: number
}

const YEAR_SECONDS = 365 * 24 * 60 * 60

/**
 * The range of every queue setting. Those of time reach further than those of Amazon SQS, unless an engine is given
 * {@link Ceilings}; all else is the same, so that no client meets a surprise. A delay of a message has the range of
 * `delaySeconds`; a delivery, extensions included, may last as long as `visibilityTimeoutSeconds` can say.
 */
export const QUEUE_SETTING_RANGES = {
  visibilityTimeoutSeconds: { min: 0, max: YEAR_SECONDS, default: 30 },
  delaySeconds: { min: 0, max: YEAR_SECONDS, default: 0 },
  retentionSeconds: { min: 60, max: YEAR_SECONDS, default: 345_600 },
  receiveWaitSeconds: { min: 0, max: 20, default: 0 },
  messageBytesMax: { min: 1_024, max: 1_048_576, default: 1_048_576 },
} as const satisfies Record<keyof QueueSettings, Range>

export type QueueSettingRanges = Readonly<Record<keyof QueueSettings, Range>>

/** The ranges that an engine with these ceilings keeps to. */
export function rangesUnder(ceilings: Ceilings | undefined): QueueSettingRanges {
  if (ceilings === undefined) return QUEUE_SETTING_RANGES
  const { visibilityTimeoutSeconds, delaySeconds, retentionSeconds } = QUEUE_SETTING_RANGES
  return {
    ...QUEUE_SETTING_RANGES,
    visibilityTimeoutSeconds: { ...visibilityTimeoutSeconds, max: ceilings.visibilityTimeoutSecondsMax },
    delaySeconds: { ...delaySeconds, max: ceilings.delaySecondsMax },
    retentionSeconds: { ...retentionSeconds, max: ceilings.retentionSecondsMax },
  }
}

/** The other limits, as one list that can be held against the SQS manual. */
export const LIMITS = {
  queueNameLengthMax: 80,
  tagsMax: 50,
  tagKeyLengthMax: 128,
  tagValueLengthMax: 256,
  messageAttributesMax: 10,
  attributeNameLengthMax: 256,
  attributeTypeLengthMax: 256,
  /** Messages in one receive. The SQS door allows 10 of them, REST all. */
  receiveMessagesMax: 1_000,
  peekMessagesMax: 100,
  /** Entries in one call of send, delete or change visibility. The SQS door allows 10 of them, REST all. */
  batchEntriesMax: 1_000,
  listQueuesMax: 1_000,
  /** Deliveries from one queue before a message becomes a dead letter. */
  receiveCountMaxMax: 1_000,
  /** Messages a second that a move task can be held to. */
  moveRateMax: 500,
  moveTasksRunningMax: 100,
  moveTaskHoursMax: 36,
  /** Tasks of a queue that are remembered. */
  moveTasksListedMax: 10,
  /** Names in a list of queues that may use a dead-letter queue. */
  deadLetterSourcesMax: 10,
} as const
