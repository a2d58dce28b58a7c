import { invalidValue, notSupportedYet } from '../errors/error-texts.ts'
import type { SqsError } from '../errors/sqs-error.ts'
import type { MessageAttributeValues } from '../shapes/message-attribute-value.ts'
import { checkMessageAttributes, checkMessageSystemAttributes } from './message-attributes.ts'

const DELAY_SECONDS_MAX = 900

/** What SendMessage and an entry of SendMessageBatch have in common. */
export interface MessageParameters {
  readonly DelaySeconds?: number | undefined
  readonly MessageAttributes?: MessageAttributeValues | undefined
  readonly MessageSystemAttributes?: MessageAttributeValues | undefined
  readonly MessageGroupId?: string | undefined
  readonly MessageDeduplicationId?: string | undefined
}

/**
 * The rules of a message for a standard queue that do not depend on the queue. The size of the message and the characters
 * in its body are left to the engine, which knows the queue's limit and looks at all text once.
 * @returns the first error, or `undefined`
 */
export function checkMessage(message: MessageParameters): SqsError | undefined {
  const { DelaySeconds, MessageAttributes, MessageSystemAttributes, MessageGroupId, MessageDeduplicationId } = message
  if (DelaySeconds !== undefined && !(DelaySeconds >= 0 && DelaySeconds <= DELAY_SECONDS_MAX)) {
    return invalidValue(DelaySeconds, 'DelaySeconds', `DelaySeconds must be >= 0 and <= ${DELAY_SECONDS_MAX}.`)
  }
  if (MessageDeduplicationId !== undefined) {
    return invalidValue(
      MessageDeduplicationId,
      'MessageDeduplicationId',
      'The request includes a parameter that is not valid for this queue type.',
    )
  }
  if (MessageGroupId !== undefined) return notSupportedYet('The parameter MessageGroupId')
  if (MessageAttributes !== undefined) {
    const error = checkMessageAttributes(MessageAttributes)
    if (error !== undefined) return error
  }
  return MessageSystemAttributes === undefined ? undefined : checkMessageSystemAttributes(MessageSystemAttributes)
}
