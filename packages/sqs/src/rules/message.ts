import { invalidValue, missingParameter } from '../errors/error-texts.ts'
import type { SqsError } from '../errors/sqs-error.ts'
import type { MessageAttributeValues } from '../shapes/message-attribute-value.ts'
import { checkMessageAttributes, checkMessageSystemAttributes } from './message-attributes.ts'
import { SQS_TIME_LIMITS, type TimeLimits } from './time-limits.ts'
import { checkToken } from './token.ts'

/** What SendMessage and an entry of SendMessageBatch have in common. */
export interface MessageParameters {
  readonly DelaySeconds?: number | undefined
  readonly MessageAttributes?: MessageAttributeValues | undefined
  readonly MessageSystemAttributes?: MessageAttributeValues | undefined
  readonly MessageGroupId?: string | undefined
  readonly MessageDeduplicationId?: string | undefined
}

/**
 * The rules of a message that do not depend on the settings of its queue. The size of the message, the characters in its body
 * and what a FIFO queue misses are left to the engine, which knows the queue and looks at all text once.
 * @returns the first error, or `undefined`
 */
export function checkMessage(
  message: MessageParameters,
  isFifo: boolean,
  limits: TimeLimits = SQS_TIME_LIMITS,
): SqsError | undefined {
  const { MessageAttributes = {}, MessageSystemAttributes = {} } = message
  return (
    checkDelay(message, isFifo, limits) ??
    checkIds(message, isFifo) ??
    checkMessageAttributes(MessageAttributes) ??
    checkMessageSystemAttributes(MessageSystemAttributes)
  )
}

interface BatchedMessage extends MessageParameters {
  readonly MessageBody?: string | undefined
}

/**
 * What refuses a batch for a FIFO queue as a whole, where an entry for a standard queue fails alone: otherwise what comes after
 * it in its group would be stored before it.
 * @throws SqsError `MissingRequiredParameterException`, `InvalidParameterValueException`
 */
export function checkFifoBatch(entries: readonly BatchedMessage[]): void {
  for (const [index, entry] of entries.entries()) {
    if ((entry.MessageBody ?? '') === '')
      throw missingParameter(`SendMessageBatchRequestEntry.${index + 1}.MessageBody`)
    const error = checkDelay(entry, true, SQS_TIME_LIMITS) ?? checkIds(entry, true)
    if (error !== undefined) throw error
  }
}

/** On a FIFO queue 0 is allowed and means the delay of the queue; clients send it without a thought. */
function checkDelay(
  { DelaySeconds = 0 }: MessageParameters,
  isFifo: boolean,
  { delaySecondsMax }: TimeLimits,
): SqsError | undefined {
  if (isFifo && DelaySeconds > 0) {
    return invalidValue(
      DelaySeconds,
      'DelaySeconds',
      'The request include parameter that is not valid for this queue type.',
    )
  }
  if (DelaySeconds >= 0 && DelaySeconds <= delaySecondsMax) return undefined
  return invalidValue(DelaySeconds, 'DelaySeconds', `DelaySeconds must be >= 0 and <= ${delaySecondsMax}.`)
}

function checkIds(
  { MessageGroupId, MessageDeduplicationId }: MessageParameters,
  isFifo: boolean,
): SqsError | undefined {
  if (isFifo) {
    return checkToken(MessageGroupId, 'MessageGroupId') ?? checkToken(MessageDeduplicationId, 'MessageDeduplicationId')
  }
  if (MessageDeduplicationId !== undefined) {
    return invalidValue(
      MessageDeduplicationId,
      'MessageDeduplicationId',
      'The request includes a parameter that is not valid for this queue type.',
    )
  }
  return checkToken(MessageGroupId, 'MessageGroupId')
}
