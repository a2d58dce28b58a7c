import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'

/** Differs from a client of AWS in its endpoint alone. */
export const sqs = new SQSClient({
  endpoint: process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:9324',
  region: 'us-east-1',
  // The SDK sends nothing without credentials; any will do, because the server checks none.
  credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
})

/** Creates the queue, or finds it when it is there already, and answers its URL. */
export async function openQueue(): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: process.env.QUEUE_NAME ?? 'orders' }))
  if (QueueUrl === undefined) throw new Error('The server answered no queue URL.')
  return QueueUrl
}
