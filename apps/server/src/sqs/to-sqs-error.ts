import type { QueueError, QueueErrorCode } from '@stanchion/queue'
import {
  deduplicationIdMissing,
  invalidAttributeCharacters,
  invalidBodyCharacters,
  invalidMoveRate,
  invalidParameter,
  invalidQueueName,
  invalidValue,
  messageGroupMissing,
  messageNotAvailable,
  messageTooLong,
  missingMoveTask,
  missingParameter,
  missingResource,
  moveTaskEnded,
  moveTaskRunning,
  moveToItself,
  moveToOtherKind,
  notDeadLetterQueue,
  purgeQueueInProgress,
  queueDeletedRecently,
  queueDoesNotExist,
  queueNameExists,
  receiptHandleExpired,
  receiptHandleIsInvalid,
  SqsError,
  throughputLimitWithoutScope,
  totalVisibilityTimeoutTooLong,
} from '@stanchion/sqs'
import { attributeOfField } from './queue-settings.ts'

/** What an error is about, where its text repeats it. */
export interface ErrorSubject {
  readonly queueName?: string | undefined
  readonly receiptHandle?: string | undefined
  readonly visibilityTimeoutSeconds?: number | undefined
  /** The text of the attribute as it was given. */
  readonly redrivePolicy?: string | undefined
  /** Whether it is an entry of a batch. */
  readonly isEntry?: boolean
}

/** The SQS error of every engine error. */
const SQS_ERROR: Record<QueueErrorCode, (error: QueueError, subject: ErrorSubject) => SqsError> = {
  queueDeletedRecently: ({ details }) => queueDeletedRecently(details.limitSeconds ?? 0),
  queuePurgedRecently: ({ details }, { queueName = '' }) => purgeQueueInProgress(queueName, details.limitSeconds ?? 0),
  tooManyInFlight: ({ message }) => new SqsError('OverLimit', message),
  queueNotFound: queueDoesNotExist,
  queueExists: ({ details }) => queueNameExists(attributeOfField(details.field ?? '')),
  invalidQueueName: () => invalidQueueName(false),
  invalidArgument: ({ message, details }, { isEntry = false }) => {
    // Whatever else may be wrong with them has been looked at before the engine was asked.
    if (details.field === 'groupId') return messageGroupMissing(isEntry)
    if (details.field === 'deduplicationId') return deduplicationIdMissing()
    if (details.field === 'throughputLimit') return throughputLimitWithoutScope()
    if (details.field === 'messagesPerSecondMax') return invalidMoveRate()
    return invalidParameter(message)
  },
  notDeadLetterQueue,
  destinationNotFound: () => missingResource('DestinationArn'),
  destinationIsSource: moveToItself,
  destinationKindDiffers: moveToOtherKind,
  moveTaskRunning,
  tooManyMoveTasks: ({ message }) => invalidParameter(message),
  moveTaskNotFound: missingMoveTask,
  moveTaskEnded,
  deadLetterQueueNotFound: (_error, { redrivePolicy = '' }) =>
    invalidValue(redrivePolicy, 'RedrivePolicy', 'Dead letter target does not exist.'),
  // With two dots, as field reports have it.
  deadLetterQueueKindDiffers: (_error, { redrivePolicy = '' }) =>
    invalidValue(redrivePolicy, 'RedrivePolicy', 'Dead-letter queue must be same type of queue as the source..'),
  deadLetterQueueForbidden: (_error, { redrivePolicy = '' }) =>
    invalidValue(
      redrivePolicy,
      'RedrivePolicy',
      'The redrive allow policy of the dead-letter queue does not permit this source queue.',
    ),
  // No action of SQS asks for a message by its id.
  messageNotFound: ({ message }) => invalidParameter(message),
  messageEmpty: () => missingParameter('MessageBody'),
  invalidCharacters: ({ details }) =>
    details.field === 'body' ? invalidBodyCharacters() : invalidAttributeCharacters(),
  messageTooLarge: ({ details }, { isEntry = false }) => messageTooLong(details.limitBytes ?? 0, isEntry),
  invalidReceiptHandle: (_error, { receiptHandle = '' }) => receiptHandleIsInvalid(receiptHandle),
  messageNotLeased: (_error, { receiptHandle = '' }) => messageNotAvailable(receiptHandle),
  visibilityTimeoutTooLong: (_error, { visibilityTimeoutSeconds = 0 }) =>
    totalVisibilityTimeoutTooLong(visibilityTimeoutSeconds),
  // SQS words a late change as if the message were gone, and only a late delete as what it is.
  handleExpired: (_error, { receiptHandle = '', visibilityTimeoutSeconds }) =>
    visibilityTimeoutSeconds === undefined ? receiptHandleExpired(receiptHandle) : messageNotAvailable(receiptHandle),
  // SDKs repeat these by themselves: the first three as faults of the server, the last one as throttling.
  unavailable: ({ message }) => new SqsError('ServiceUnavailable', message),
  outcomeUnknown: ({ message }) => new SqsError('ServiceUnavailable', message),
  deadlineExceeded: ({ message }) => new SqsError('ServiceUnavailable', message),
  overloaded: ({ message }) => new SqsError('ThrottlingException', message),
}

/** Translates an engine error, which becomes the cause of the SQS error. */
export function toSqsError(error: QueueError, subject: ErrorSubject = {}): SqsError {
  const { shape, message } = SQS_ERROR[error.code](error, subject)
  return new SqsError(shape, message, error)
}
