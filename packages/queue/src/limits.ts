/** A closed range of whole numbers, with the value that holds when none is given. */
export interface Range {
  readonly min: number
  readonly max: number
  readonly default: number
}

/** The range of every queue setting. They are those of Amazon SQS, so that no client meets a surprise. */
export const QUEUE_SETTING_RANGES = {
  visibilityTimeoutSeconds: { min: 0, max: 43_200, default: 30 },
  delaySeconds: { min: 0, max: 900, default: 0 },
  retentionSeconds: { min: 60, max: 1_209_600, default: 345_600 },
  receiveWaitSeconds: { min: 0, max: 20, default: 0 },
  messageBytesMax: { min: 1_024, max: 1_048_576, default: 1_048_576 },
} as const satisfies Record<string, Range>

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
  /** Entries in one call of send, delete or change visibility. The SQS door allows 10 of them, REST all. */
  batchEntriesMax: 1_000,
  /** Seconds one delivery may stay invisible, extensions included, counted from its receive. */
  leaseSecondsMax: 43_200,
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
