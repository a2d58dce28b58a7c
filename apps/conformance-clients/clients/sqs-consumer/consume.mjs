// A worker on sqs-consumer, which is itself on the AWS SDK for JavaScript v3 (it checks the MD5 of bodies).
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { Consumer } from 'sqs-consumer'

// docs: sqs-consumer
const sqs = new SQSClient({
  endpoint: process.env.ENDPOINT_URL,
  region: process.env.AWS_REGION,
  credentials: {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  },
})
const consume = (queueUrl, options) => Consumer.create({ sqs, queueUrl, waitTimeSeconds: 5, ...options })
// docs: end

const { version } = JSON.parse(
  readFileSync(new URL('./node_modules/sqs-consumer/package.json', import.meta.url), 'utf8'),
)
console.log(`using sqs-consumer ${version}`)

const prefix = process.env.QUEUE_PREFIX

/** Tells the runner what happened. */
async function step(name, body) {
  try {
    await body()
    console.log(`ok ${name}`)
  } catch (error) {
    console.log(`not ok ${name}: ${String(error).replace(/\s+/g, ' ')}`)
    console.log(error.stack)
    process.exitCode = 1
  }
}

async function create(name, attributes = {}) {
  const command = new CreateQueueCommand({ QueueName: prefix + name, Attributes: attributes })
  return (await sqs.send(command)).QueueUrl
}

async function attributesOf(url) {
  return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }))).Attributes
}

async function assertEmpty(url) {
  const found = await attributesOf(url)
  assert.equal(found.ApproximateNumberOfMessages, '0')
  assert.equal(found.ApproximateNumberOfMessagesNotVisible, '0')
}

const send = (url, body, more = {}) => sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, ...more }))

/** Starts a consumer, waits until `done` says so after a message or a batch, and stops it when its work is deleted. */
async function work(url, options, done) {
  const consumer = consume(url, options)
  const problems = []
  consumer.on('processing_error', (error) => problems.push(error))
  const finished = new Promise((resolve, reject) => {
    consumer.on('error', reject)
    consumer.on('response_processed', () => done() && resolve())
    setTimeout(() => reject(new Error('the messages did not come in time')), 20_000).unref()
  })
  const stopped = once(consumer, 'stopped')
  consumer.start()
  try {
    await finished
  } finally {
    consumer.stop({ abort: true })
    await stopped
  }
  return problems
}

await step('consume', async () => {
  const url = await create('jobs')
  await send(url, 'grün', {
    MessageAttributes: { seal: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) } },
  })
  const messages = []
  // What a handler gives back is deleted.
  const handleMessage = async (message) => {
    messages.push(message)
    return message
  }
  const options = { handleMessage, messageAttributeNames: ['All'], messageSystemAttributeNames: ['All'] }
  await work(url, options, () => messages.length === 1)
  const [message] = messages
  assert.equal(message.Body, 'grün')
  assert.deepEqual([...message.MessageAttributes.seal.BinaryValue], [0, 255])
  assert.equal(message.Attributes.ApproximateReceiveCount, '1')
  await assertEmpty(url)
})

await step('consume-batch', async () => {
  const url = await create('batches')
  const bodies = Array.from({ length: 10 }, (_, i) => `m${i}`)
  const entries = bodies.map((body) => ({ Id: body, MessageBody: body }))
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }))
  const seen = []
  const handleMessageBatch = async (messages) => {
    seen.push(...messages.map(({ Body }) => Body))
    return messages
  }
  await work(url, { handleMessageBatch, batchSize: 10 }, () => seen.length === bodies.length)
  assert.deepEqual(seen.sort(), bodies)
  await assertEmpty(url)
})

await step('retry', async () => {
  const url = await create('retries')
  await send(url, 'twice')
  const counts = []
  const handleMessage = async (message) => {
    counts.push(message.Attributes.ApproximateReceiveCount)
    if (counts.length === 1) throw new Error('not yet')
    return message
  }
  // The message is put back at once, by ChangeMessageVisibility.
  const options = { handleMessage, terminateVisibilityTimeout: true, messageSystemAttributeNames: ['All'] }
  const problems = await work(url, options, () => counts.length === 2)
  assert.deepEqual(counts, ['1', '2'])
  assert.equal(problems.length, 1)
  await assertEmpty(url)
})

await step('heartbeat', async () => {
  const url = await create('slow')
  await send(url, 'takes long')
  let inFlight
  // Longer than the visibility timeout of 2 seconds, which each beat sets again.
  const handleMessage = async (message) => {
    await new Promise((resolve) => setTimeout(resolve, 3_500))
    inFlight = (await attributesOf(url)).ApproximateNumberOfMessagesNotVisible
    return message
  }
  await work(url, { handleMessage, visibilityTimeout: 2, heartbeatInterval: 1 }, () => inFlight !== undefined)
  assert.equal(inFlight, '1')
  await assertEmpty(url)
})

await step('missing-queue', async () => {
  const consumer = consume(`${await create('gone')}-missing`, { handleMessage: async () => {} })
  const failed = once(consumer, 'error')
  consumer.start()
  const [error] = await failed
  consumer.stop({ abort: true })
  assert.equal(error.code, 'QueueDoesNotExist')
})

await step('fifo', async () => {
  const url = await create('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' })
  const bodies = ['o1', 'o2', 'o3', 'o4']
  for (const body of [...bodies, 'o1']) await send(url, body, { MessageGroupId: 'red' })
  const seen = []
  const handleMessage = async (message) => {
    seen.push(message.Body)
    return message
  }
  await work(url, { handleMessage, suppressFifoWarning: true }, () => seen.length === bodies.length)
  assert.deepEqual(seen, bodies)
  await assertEmpty(url)
})

await step('dead-letters', async () => {
  const dead = await create('dead')
  const { QueueArn: deadLetterTargetArn } = await attributesOf(dead)
  const url = await create('fragile', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }) })
  await send(url, 'poison')
  let tries = 0
  const handleMessage = async () => {
    tries += 1
    throw new Error('never')
  }
  const isDead = async () => (await attributesOf(dead)).ApproximateNumberOfMessages === '1'
  const consumer = consume(url, { handleMessage, terminateVisibilityTimeout: true, waitTimeSeconds: 1 })
  consumer.on('processing_error', () => {})
  consumer.start()
  for (let i = 0; i < 100 && !(await isDead()); i++) await new Promise((resolve) => setTimeout(resolve, 100))
  consumer.stop({ abort: true })
  assert.equal(tries, 2)
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: dead, WaitTimeSeconds: 5 }))
  assert.deepEqual(
    Messages.map(({ Body }) => Body),
    ['poison'],
  )
})

const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix }))
for (const QueueUrl of QueueUrls) await sqs.send(new DeleteQueueCommand({ QueueUrl }))
