import { echo } from './echo.ts'
import { SqsError } from './sqs-error.ts'

/** The text that JSON shows. The Query protocol has another one, see `encodeXmlError`. */
export function queueDoesNotExist(): SqsError {
  return new SqsError('QueueDoesNotExist', 'The specified queue does not exist.')
}

export function missingParameter(name: string): SqsError {
  return new SqsError('MissingRequiredParameterException', `The request must contain the parameter ${name}.`)
}

export function invalidParameter(message: string): SqsError {
  return new SqsError('InvalidParameterValueException', message)
}

export function invalidQueueName(isFifo: boolean): SqsError {
  return invalidParameter(
    isFifo
      ? 'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.'
      : 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
  )
}

/** `Value … for parameter … is invalid. Reason: …` */
export function invalidValue(value: string | number, parameter: string, reason: string): SqsError {
  return invalidParameter(`Value ${echo(String(value))} for parameter ${parameter} is invalid. Reason: ${reason}`)
}

export function malformedInput(message: string): SqsError {
  return new SqsError('SerializationException', message)
}

export function unknownAction(name: string): SqsError {
  return new SqsError('UnknownOperationException', `The action ${echo(name)} is not valid for this endpoint.`)
}

export function unknownAttribute(name: string): SqsError {
  return new SqsError('InvalidAttributeName', `Unknown Attribute ${echo(name)}.`)
}

export function invalidAttributeValue(name: string): SqsError {
  return new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`)
}

/** @param reason more than that the value is none; ends with a dot */
export function forbiddenAttributeValue(name: string, reason: string): SqsError {
  return new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}. Reason: ${reason}`)
}

export function throughputLimitWithoutScope(): SqsError {
  return forbiddenAttributeValue(
    'FifoThroughputLimit',
    'To set FifoThroughputLimit to perMessageGroupId, the DeduplicationScope must be messageGroup.',
  )
}

/** A FIFO queue needs a group; in a batch the same text is an invalid value (recorded). */
export function messageGroupMissing(isEntry: boolean): SqsError {
  const error = missingParameter('MessageGroupId')
  return isEntry ? invalidParameter(error.message) : error
}

export function deduplicationIdMissing(): SqsError {
  return invalidParameter(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  )
}

export function queueNameExists(attribute: string): SqsError {
  return new SqsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  )
}

const INVALID_CHARACTERS =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF'

/** Forbidden characters in a body. */
export function invalidBodyCharacters(): SqsError {
  return new SqsError('InvalidMessageContents', INVALID_CHARACTERS)
}

/** Forbidden characters in the text of an attribute. */
export function invalidAttributeCharacters(): SqsError {
  return invalidParameter(INVALID_CHARACTERS)
}

/** @param isEntry whether the message stands in a batch, where the sentence begins otherwise */
export function messageTooLong(limitBytes: number, isEntry: boolean): SqsError {
  const verb = isEntry ? 'cannot be validated' : 'are invalid'
  return invalidParameter(`One or more parameters ${verb}. Reason: Message must be shorter than ${limitBytes} bytes.`)
}

export function receiptHandleIsInvalid(handle: string): SqsError {
  return new SqsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${echo(handle)}" is not a valid receipt handle.`,
  )
}

/** On a FIFO queue a delivery that is over is refused by deletes, too. */
export function receiptHandleExpired(handle: string): SqsError {
  return invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.')
}

export function messageNotAvailable(handle: string): SqsError {
  return invalidValue(
    handle,
    'ReceiptHandle',
    'Message does not exist or is not available for visibility timeout change.',
  )
}

export function totalVisibilityTimeoutTooLong(seconds: number): SqsError {
  return invalidValue(
    seconds,
    'VisibilityTimeout',
    'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
  )
}

export function queueDeletedRecently(seconds: number): SqsError {
  return new SqsError(
    'QueueDeletedRecently',
    `You must wait ${seconds} seconds after deleting a queue before you can create another with the same name.`,
  )
}

export function purgeQueueInProgress(queueName: string, seconds: number): SqsError {
  return new SqsError(
    'PurgeQueueInProgress',
    `Only one PurgeQueue operation on ${queueName} is allowed every ${seconds} seconds.`,
  )
}
