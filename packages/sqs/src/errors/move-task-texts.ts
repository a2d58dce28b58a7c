import { invalidParameter } from './error-texts.ts'
import { SqsError } from './sqs-error.ts'

/** @param parameter the one whose ARN means no queue of the caller */
export function missingResource(parameter: 'SourceArn' | 'DestinationArn'): SqsError {
  return new SqsError(
    'ResourceNotFoundException',
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
  )
}

export function missingMoveTask(): SqsError {
  return new SqsError('ResourceNotFoundException', 'Task does not exist.')
}

export function notDeadLetterQueue(): SqsError {
  return invalidParameter('Source queue must be configured as a Dead Letter Queue.')
}

export function moveToItself(): SqsError {
  return invalidParameter('Source queue arn and destination queue arn cannot be the same.')
}

export function moveToOtherKind(): SqsError {
  return invalidParameter('The source queue and destination queue must be of the same queue type.')
}

export function invalidMoveRate(): SqsError {
  return invalidParameter(
    "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a number that's between 1 and 500.",
  )
}

export function moveTaskRunning(): SqsError {
  return invalidParameter(
    'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
  )
}

export function moveTaskEnded(): SqsError {
  return invalidParameter('Only active tasks can be cancelled.')
}
