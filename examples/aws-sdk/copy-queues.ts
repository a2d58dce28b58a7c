import { parseArgs } from 'node:util'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  type Message,
  paginateListQueues,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'

/**
 * Copies queues from one SQS service to another: settings, tags and dead-letter queues, and with --messages what is in them, which
 * leaves the source. It speaks nothing but SQS, so either side may be Amazon, ElasticMQ, LocalStack or Stanchion.
 */
const { values } = parseArgs({
  options: {
    /** Absent: Amazon. */
    from: { type: 'string' },
    to: { type: 'string', default: 'http://127.0.0.1:9324' },
    prefix: { type: 'string' },
    messages: { type: 'boolean', default: false },
  },
})

const clientOf = (endpoint: string | undefined) => new SQSClient(endpoint === undefined ? {} : { endpoint })
const source = clientOf(values.from)
const target = clientOf(values.to)

/** What a queue is created with; the rest of its attributes are its numbers, or name other queues. */
const SETTINGS = [
  'VisibilityTimeout',
  'DelaySeconds',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'MaximumMessageSize',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
]

interface Copied {
  readonly name: string
  readonly sourceUrl: string
  readonly targetUrl: string
  /** The name of its dead-letter queue, and after how many deliveries. */
  readonly deadLetter: { readonly name: string; readonly maxReceiveCount: number } | undefined
}

async function copyQueue(sourceUrl: string): Promise<Copied> {
  const name = new URL(sourceUrl).pathname.split('/').at(-1) as string
  const { Attributes = {} } = await source.send(
    new GetQueueAttributesCommand({ QueueUrl: sourceUrl, AttributeNames: ['All'] }),
  )
  const { Tags: tags } = await source.send(new ListQueueTagsCommand({ QueueUrl: sourceUrl }))
  const settings = Object.fromEntries(Object.entries(Attributes).filter(([key]) => SETTINGS.includes(key)))
  const { QueueUrl: targetUrl = '' } = await target.send(
    new CreateQueueCommand({ QueueName: name, Attributes: settings, ...(tags === undefined ? {} : { tags }) }),
  )
  const policy = Attributes.RedrivePolicy === undefined ? undefined : JSON.parse(Attributes.RedrivePolicy)
  const deadLetter =
    policy === undefined
      ? undefined
      : { name: policy.deadLetterTargetArn.split(':').at(-1), maxReceiveCount: Number(policy.maxReceiveCount) }
  return { name, sourceUrl, targetUrl, deadLetter }
}

/** The dead-letter queue has another ARN at the target, so it is looked up there. */
async function linkDeadLetters({ targetUrl, deadLetter }: Copied): Promise<void> {
  if (deadLetter === undefined) return
  const { QueueUrl } = await target.send(new GetQueueUrlCommand({ QueueName: deadLetter.name }))
  const { Attributes } = await target.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: Attributes?.QueueArn,
    maxReceiveCount: deadLetter.maxReceiveCount,
  })
  await target.send(new SetQueueAttributesCommand({ QueueUrl: targetUrl, Attributes: { RedrivePolicy } }))
}

/** Deletes a message at the source when the target has it, so a failure in between leaves it in both and in none missing. */
async function moveMessages({ sourceUrl, targetUrl }: Copied): Promise<number> {
  let moved = 0
  for (;;) {
    const { Messages = [] } = await source.send(
      new ReceiveMessageCommand({
        QueueUrl: sourceUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    )
    if (Messages.length === 0) return moved
    const { Failed = [] } = await target.send(
      new SendMessageBatchCommand({ QueueUrl: targetUrl, Entries: Messages.map(toEntry) }),
    )
    const [failure] = Failed
    if (failure !== undefined) throw new Error(`${targetUrl} refused a message: ${failure.Message}`)
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }))
    await source.send(new DeleteMessageBatchCommand({ QueueUrl: sourceUrl, Entries }))
    moved += Messages.length
  }
}

function toEntry({ Body, MessageAttributes, Attributes }: Message, i: number) {
  const { MessageGroupId, MessageDeduplicationId } = Attributes ?? {}
  return {
    Id: String(i),
    MessageBody: Body,
    ...(MessageAttributes === undefined ? {} : { MessageAttributes }),
    ...(MessageGroupId === undefined ? {} : { MessageGroupId }),
    ...(MessageDeduplicationId === undefined ? {} : { MessageDeduplicationId }),
  }
}

const copied: Copied[] = []
const request = values.prefix === undefined ? {} : { QueueNamePrefix: values.prefix }
for await (const { QueueUrls = [] } of paginateListQueues({ client: source, pageSize: 1_000 }, request)) {
  for (const url of QueueUrls) copied.push(await copyQueue(url))
}
for (const queue of copied) await linkDeadLetters(queue)
for (const queue of copied) {
  const moved = values.messages ? `, ${await moveMessages(queue)} messages moved` : ''
  console.log(`${queue.name} → ${queue.targetUrl}${moved}`)
}
console.log(`${copied.length} queues`)
