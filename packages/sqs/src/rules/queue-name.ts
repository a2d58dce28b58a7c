import { invalidParameter, invalidQueueName } from '../errors/error-texts.ts'

const QUEUE_NAME = /^[A-Za-z0-9_-]{1,80}$/
const FIFO_QUEUE_NAME = /^[A-Za-z0-9_-]{1,75}\.fifo$/

/** Whether a queue can have this name. */
export function isQueueName(name: string): boolean {
  return QUEUE_NAME.test(name) || isFifoQueueName(name)
}

/** Whether a queue of this name is a FIFO queue: the name alone says so. */
export function isFifoQueueName(name: string): boolean {
  return FIFO_QUEUE_NAME.test(name)
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
 * @throws SqsError `InvalidParameterValueException`
 */
export function checkNewQueueName(name: string, isFifo: boolean): void {
  if (isFifo ? isFifoQueueName(name) : QUEUE_NAME.test(name)) return
  throw invalidQueueName(isFifo)
}
