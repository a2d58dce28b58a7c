import { setTimeout } from 'node:timers/promises'
import type { Message } from '@aws-sdk/client-sqs'
import { Consumer } from 'sqs-consumer'
import type { Order } from './order.ts'
import { openQueue, sqs } from './queue.ts'

/** Works on orders until it is told to stop: `node worker.ts`. Start as many as you like. */

/** Orders in hand get this long to finish after a signal. */
const STOP_TIMEOUT_MS = 25_000
const RETRY_DELAY_SECONDS_MAX = 900

/** How often this message was delivered, this time included. */
const attemptOf = (message: Message | undefined) => Number(message?.Attributes?.ApproximateReceiveCount ?? 1)

const orderOf = (message: Message): Order => JSON.parse(message.Body ?? '')

/** A message that failed comes again after 1, 2, 4, ... seconds instead of the visibility timeout. */
const retryDelaySeconds = (message: Message | undefined) =>
  Math.min(2 ** (attemptOf(message) - 1), RETRY_DELAY_SECONDS_MAX)

/** Your work goes here. A queue delivers at least once: doing the same order twice must do no harm. */
async function ship(order: Order, attempt: number): Promise<void> {
  console.log(`shipping order ${order.number} (attempt ${attempt})`)
  await setTimeout(100)
  if (order.number % 7 === 0 && attempt === 1) throw new Error('the carrier did not answer')
}

const worker = Consumer.create({
  sqs,
  queueUrl: await openQueue(),
  batchSize: 10,
  messageSystemAttributeNames: ['ApproximateReceiveCount'],
  terminateVisibilityTimeout: ([message]) => retryDelaySeconds(message),
  pollingCompleteWaitTimeMs: STOP_TIMEOUT_MS,
  async handleMessage(message) {
    const order = orderOf(message)
    await ship(order, attemptOf(message))
    // What a handler returns is deleted; what it throws on comes again.
    return message
  },
})

worker.on('message_processed', (message) => {
  console.log(`shipped order ${orderOf(message).number} (attempt ${attemptOf(message)})`)
})
worker.on('processing_error', (error, message) => {
  console.error(`${error.message} (${message.Body}; again in ${retryDelaySeconds(message)} s)`)
})

let inHand = false
let stopping = false

worker.on('message_received', () => {
  inHand = true
})
// Only now everything that was received together is deleted or given back.
worker.on('response_processed', () => {
  inHand = false
})
worker.on('error', (error) => {
  // A receive that is cut short fails, as it should.
  if (!stopping || inHand) console.error(error.message)
})

/** Finishes what is in hand; when that is nothing, cuts the wait for messages short. */
function stop(): void {
  stopping = true
  worker.stop({ abort: !inHand })
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
worker.on('stopped', () => {
  // Closes the connections, which lets the process end.
  sqs.destroy()
  console.log('stopped')
})

worker.start()
console.log('waiting for orders')
