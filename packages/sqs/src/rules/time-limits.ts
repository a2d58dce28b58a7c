/** How far the times of queues, messages and deliveries reach. */
export interface TimeLimits {
  /** Of a visibility timeout, and of one delivery with all its extensions. */
  readonly visibilitySecondsMax: number
  readonly delaySecondsMax: number
  readonly retentionSecondsMax: number
}

/** Those of Amazon SQS. */
export const SQS_TIME_LIMITS: TimeLimits = {
  visibilitySecondsMax: 43_200,
  delaySecondsMax: 900,
  retentionSecondsMax: 1_209_600,
}
