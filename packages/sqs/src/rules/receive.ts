import { invalidValue } from '../errors/error-texts.ts'
import { SQS_TIME_LIMITS, type TimeLimits } from './time-limits.ts'
import { checkToken } from './token.ts'

const MESSAGES_MAX = 10
const WAIT_SECONDS_MAX = 20

interface ReceiveParameters {
  readonly MaxNumberOfMessages?: number | undefined
  readonly VisibilityTimeout?: number | undefined
  readonly WaitTimeSeconds?: number | undefined
  readonly ReceiveRequestAttemptId?: string | undefined
}

/**
 * The ranges of a receive.
 * @throws SqsError `InvalidParameterValueException`
 */
export function checkReceive(
  parameters: ReceiveParameters,
  { visibilitySecondsMax }: TimeLimits = SQS_TIME_LIMITS,
): void {
  const { MaxNumberOfMessages, VisibilityTimeout, WaitTimeSeconds, ReceiveRequestAttemptId } = parameters
  if (isOutside(MaxNumberOfMessages, 1, MESSAGES_MAX)) {
    throw invalidValue(MaxNumberOfMessages, 'MaxNumberOfMessages', 'Must be between 1 and 10, if provided.')
  }
  if (isOutside(VisibilityTimeout, 0, visibilitySecondsMax)) {
    throw invalidValue(
      VisibilityTimeout,
      'VisibilityTimeout',
      `Must be >= 0 and <= ${visibilitySecondsMax}, if provided.`,
    )
  }
  if (isOutside(WaitTimeSeconds, 0, WAIT_SECONDS_MAX)) {
    throw invalidValue(WaitTimeSeconds, 'WaitTimeSeconds', 'Must be >= 0 and <= 20, if provided.')
  }
  // Spring sends it to standard queues, too. There it means nothing, but it must be one.
  const error = checkToken(ReceiveRequestAttemptId, 'ReceiveRequestAttemptId')
  if (error !== undefined) throw error
}

/**
 * The range of a new visibility timeout.
 * @param isEntry whether it stands in a batch, where the text is another
 * @returns the error, or `undefined`
 */
export function checkVisibilityTimeout(
  seconds: number,
  isEntry: boolean,
  { visibilitySecondsMax }: TimeLimits = SQS_TIME_LIMITS,
) {
  if (!isOutside(seconds, 0, visibilitySecondsMax)) return undefined
  const range = `between 0 and ${visibilitySecondsMax}.`
  const reason = isEntry ? `VisibilityTimeout must be an integer ${range}` : `Must be ${range}`
  return invalidValue(seconds, 'VisibilityTimeout', reason)
}

function isOutside(value: number | undefined, min: number, max: number): value is number {
  return value !== undefined && (value < min || value > max)
}
