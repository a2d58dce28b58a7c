import { type Ceilings, QUEUE_SETTING_RANGES } from '@stanchion/queue'
import { SQS_TIME_LIMITS, type TimeLimits } from '@stanchion/sqs'
import type { Config } from './config.ts'

/** What SQS refuses although nothing here needs it to be refused (`STANCHION_COMPAT=strict`). */
const SQS_CEILINGS: Ceilings = {
  recreateAfterSeconds: 60,
  purgeEverySeconds: 60,
  inFlightMax: 120_000,
  visibilityTimeoutSecondsMax: SQS_TIME_LIMITS.visibilitySecondsMax,
  delaySecondsMax: SQS_TIME_LIMITS.delaySecondsMax,
  retentionSecondsMax: SQS_TIME_LIMITS.retentionSecondsMax,
}

/** What the engine is to refuse. */
export function ceilingsOf(compat: Config['compat']): Ceilings | undefined {
  return compat === 'strict' ? SQS_CEILINGS : undefined
}

/** What the SQS door is to refuse, with the words of Amazon. */
export function timeLimitsOf(compat: Config['compat']): TimeLimits {
  if (compat === 'strict') return SQS_TIME_LIMITS
  const { visibilityTimeoutSeconds, delaySeconds, retentionSeconds } = QUEUE_SETTING_RANGES
  return {
    visibilitySecondsMax: visibilityTimeoutSeconds.max,
    delaySecondsMax: delaySeconds.max,
    retentionSecondsMax: retentionSeconds.max,
  }
}
