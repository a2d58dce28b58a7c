/**
 * Everything that can go wrong in the engine, by name. A front door maps each code to its own status and wording in a
 * typed record, so a new code does not compile until every door has an answer for it.
 */
export type QueueErrorCode =
  /** No live queue has this name in this account. */
  | 'queueNotFound'
  /** A queue of this name exists with another value for `field`. */
  | 'queueExists'
  /** A queue of this name was deleted a moment ago, and its name rests; `details.limitSeconds` says for how long. */
  | 'queueDeletedRecently'
  /** The queue was purged a moment ago; `details.limitSeconds` says how far apart purges are. */
  | 'queuePurgedRecently'
  /** As many messages of the queue are in flight as may be. */
  | 'tooManyInFlight'
  /** The queue name breaks the naming rule. */
  | 'invalidQueueName'
  /** A setting, tag or argument is out of its range; `field` names it. */
  | 'invalidArgument'
  /** No live queue of this account has the name that is given for a dead-letter queue. */
  | 'deadLetterQueueNotFound'
  /** A dead-letter queue is of the same kind as the queue that names it: standard or FIFO. */
  | 'deadLetterQueueKindDiffers'
  /** The dead-letter queue does not allow this queue as a source. */
  | 'deadLetterQueueForbidden'
  /** Only a queue that another one names as its dead-letter queue can be the source of a move task. */
  | 'notDeadLetterQueue'
  /** No live queue of this account has the name that is given as a destination. */
  | 'destinationNotFound'
  /** A queue cannot move its messages to itself. */
  | 'destinationIsSource'
  /** Source and destination of a move task are both standard or both FIFO. */
  | 'destinationKindDiffers'
  /** A task of this queue is running. */
  | 'moveTaskRunning'
  /** The account has as many running tasks as it may. */
  | 'tooManyMoveTasks'
  /** The queue has no such task. */
  | 'moveTaskNotFound'
  /** Only a running task can be cancelled. */
  | 'moveTaskEnded'
  /** The queue has no message with this id, or has it no longer. */
  | 'messageNotFound'
  /** The body has no bytes. */
  | 'messageEmpty'
  /** Body or attribute text holds a character that is not allowed (control characters, lone surrogates, U+FFFE, U+FFFF). */
  | 'invalidCharacters'
  /** Body and attributes together exceed the queue's `messageBytesMax`; `details.limitBytes` says it. */
  | 'messageTooLarge'
  /** The receipt handle was never issued for this queue, or has been altered. */
  | 'invalidReceiptHandle'
  /** The handle is genuine, but its message is deleted, purged, expired, or (on standard queues) has been delivered again since. */
  | 'messageNotLeased'
  /** On FIFO queues: the handle's delivery is over, because its timeout ran out or the message was delivered again since. */
  | 'handleExpired'
  /** The extension would hide the message for longer than the limit in total; `details.limitSeconds` says it. */
  | 'visibilityTimeoutTooLong'
  /** The database is away, or refuses work; certainly nothing happened. */
  | 'unavailable'
  /** The connection broke while the work was under way: it may or may not have happened. */
  | 'outcomeUnknown'
  /** The work did not start in the database before its deadline; certainly nothing happened. */
  | 'deadlineExceeded'
  /** Too much work is waiting in this node; certainly nothing happened. */
  | 'overloaded'

/** What a {@link QueueError} may carry besides its text. */
export interface QueueErrorDetails {
  /** The field the error is about, in the engine's spelling (for example `delaySeconds`). */
  readonly field?: string
  readonly limitBytes?: number
  readonly limitSeconds?: number
  /** What was thrown underneath; for the log, never for the client. */
  readonly cause?: unknown
}

/** The one error type of the engine. `message` is safe to show to the client. */
export class QueueError extends Error {
  override readonly name = 'QueueError'
  readonly code: QueueErrorCode
  readonly details: QueueErrorDetails

  constructor(code: QueueErrorCode, message: string, details: QueueErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.details = details
  }
}
