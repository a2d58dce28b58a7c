import { SendMessageBatchCommand } from '@aws-sdk/client-sqs'
import type { Order } from './order.ts'
import { openQueue, sqs } from './queue.ts'

/** Sends orders: `node producer.ts [how many]`. */

/** SQS takes no more messages than this in one request. */
const BATCH_ENTRIES_MAX = 10

const orderCount = Number(process.argv[2] ?? 25)
const orders = Array.from({ length: orderCount }, (_, index): Order => ({ number: index + 1, item: 'lamp' }))

const queueUrl = await openQueue()
for (let start = 0; start < orders.length; start += BATCH_ENTRIES_MAX) {
  await send(orders.slice(start, start + BATCH_ENTRIES_MAX))
}

async function send(batch: readonly Order[]): Promise<void> {
  const { Successful = [], Failed = [] } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: batch.map((order) => ({ Id: String(order.number), MessageBody: JSON.stringify(order) })),
    }),
  )
  console.log(`sent ${Successful.length} orders, ${batch[0]?.number} to ${batch.at(-1)?.number}`)
  // A batch that is answered with 200 can still hold messages that were refused: each has an outcome of its own.
  for (const { Id, Message } of Failed) console.error(`order ${Id} was refused: ${Message}`)
  if (Failed.length > 0) process.exitCode = 1
}
