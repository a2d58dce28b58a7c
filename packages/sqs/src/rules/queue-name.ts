import { invalidParameter, notSupportedYet } from '../errors/error-texts.ts'

const QUEUE_NAME = /^[A-Za-z0-9_-]{1,80}$/
const FIFO_QUEUE_NAME = /^[A-Za-z0-9_-]{1,75}\.fifo$/

/** Whether a standard queue can have this name. */
export function isQueueName(name: string): boolean {
  return QUEUE_NAME.test(name)
}

/**
 * The name of a queue that is asked for.
 * @throws SqsError `InvalidParameterValueException`
 */
export function requireQueueName(name: string | undefined): string {
  if (name === undefined) {
    throw invalidParameter('Value for parameter QueueName is invalid. Reason: Must specify a queue name.')
  }
  if (name === '') throw invalidParameter('Queue name cannot be empty')
  return name
}

/**
 * The name of a queue that is to be created.
 * @throws SqsError `InvalidParameterValueException`, `UnsupportedOperation` for the name of a FIFO queue
 */
export function checkNewQueueName(name: string): void {
  if (isQueueName(name)) return
  if (FIFO_QUEUE_NAME.test(name)) throw notSupportedYet('A FIFO queue (a name that ends in .fifo)')
  throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length')
}
