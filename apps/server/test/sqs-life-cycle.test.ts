import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { callJson, callQuery, element } from './helpers/sqs-clients.ts'
import { type SqsServer, startSqsServer } from './helpers/start-sqs-server.ts'

let server: SqsServer
let client: SQSClient
beforeAll(async () => {
  server = await startSqsServer()
  client = new SQSClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  })
})
afterAll(async () => {
  client.destroy()
  await server.stop()
})

async function newQueue(name: string, Attributes = {}): Promise<string> {
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes }))
  return QueueUrl
}

describe('an unmodified AWS SDK', () => {
  it('creates, finds, lists, changes, tags and deletes a queue', async () => {
    const url = await newQueue('managed', { VisibilityTimeout: '60' })
    expect(url).toBe(`${server.url}/${server.accountId}/managed`)
    expect(await newQueue('managed', { VisibilityTimeout: '60' })).toBe(url)
    await expect(newQueue('managed', { VisibilityTimeout: '61' })).rejects.toMatchObject({ name: 'QueueNameExists' })
    expect((await client.send(new GetQueueUrlCommand({ QueueName: 'managed' }))).QueueUrl).toBe(url)
    await newQueue('managed-2')
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: 'managed' }))).QueueUrls).toEqual([
      url,
      `${url}-2`,
    ])
    const page = await client.send(new ListQueuesCommand({ QueueNamePrefix: 'managed', MaxResults: 1 }))
    expect(page.QueueUrls).toEqual([url])
    expect(
      (
        await client.send(
          new ListQueuesCommand({ QueueNamePrefix: 'managed', MaxResults: 1, NextToken: page.NextToken }),
        )
      ).QueueUrls,
    ).toEqual([`${url}-2`])
    await client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: '5' } }))
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    )
    expect(Object.keys(Attributes).sort()).toEqual([
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesDelayed',
      'ApproximateNumberOfMessagesNotVisible',
      'CreatedTimestamp',
      'DelaySeconds',
      'LastModifiedTimestamp',
      'MaximumMessageSize',
      'MessageRetentionPeriod',
      'QueueArn',
      'ReceiveMessageWaitTimeSeconds',
      'SqsManagedSseEnabled',
      'VisibilityTimeout',
    ])
    expect(Attributes).toMatchObject({
      DelaySeconds: '5',
      VisibilityTimeout: '60',
      QueueArn: `arn:aws:sqs:eu-west-1:${server.accountId}:managed`,
    })
    await client.send(new TagQueueCommand({ QueueUrl: url, Tags: { team: 'shop', empty: '' } }))
    await client.send(new UntagQueueCommand({ QueueUrl: url, TagKeys: ['team', 'absent'] }))
    expect((await client.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags).toEqual({ empty: '' })
    await client.send(new DeleteQueueCommand({ QueueUrl: url }))
    await expect(client.send(new DeleteQueueCommand({ QueueUrl: url }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    })
  })

  it('G2 sends and receives bodies and attributes whose digests it checks', async () => {
    const QueueUrl = await newQueue('messages')
    const MessageBody = 'line\r\n"quoted" & <tagged> 🎉'
    const MessageAttributes = {
      order_type: { DataType: 'String', StringValue: 'priority' },
      attempt: { DataType: 'Number.int', StringValue: '3' },
      blob: { DataType: 'Binary.png', BinaryValue: new Uint8Array([0, 1, 2, 255]) },
    }
    const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }))
    expect(sent.MD5OfMessageAttributes).toBe('75c377d19d18e3e6879de32fc854cc30')
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['order.*', 'blob'],
        MessageSystemAttributeNames: ['All'],
      }),
    )
    expect(Messages).toHaveLength(1)
    expect(Messages[0]).toMatchObject({ MessageId: sent.MessageId, Body: MessageBody })
    expect(Object.keys(Messages[0]?.MessageAttributes ?? {}).sort()).toEqual(['blob', 'order_type'])
    expect(Messages[0]?.Attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
    })
    const ReceiptHandle = Messages[0]?.ReceiptHandle
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }))
    const again = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['ApproximateReceiveCount'] }),
    )
    expect(again.Messages?.[0]?.Attributes).toEqual({ ApproximateReceiveCount: '2' })
    expect(again.Messages?.[0]).not.toHaveProperty('MessageAttributes')
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again.Messages?.[0]?.ReceiptHandle }))
    expect((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined()
  })

  it('works in batches, entry by entry', async () => {
    const QueueUrl = await newQueue('batches', { MaximumMessageSize: '1024' })
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: 'a' },
          { Id: 'long', MessageBody: 'x'.repeat(1025) },
          { Id: 'b', MessageBody: 'b', DelaySeconds: 901 },
          { Id: 'c', MessageBody: 'c' },
        ],
      }),
    )
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'c'])
    expect(sent.Failed).toEqual([
      {
        Id: 'long',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message: 'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
      },
      {
        Id: 'b',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message: 'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
      },
    ])
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
    const [a, c] = Messages.map(({ ReceiptHandle }) => ReceiptHandle)
    const changed = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: [
          { Id: '1', ReceiptHandle: a, VisibilityTimeout: 100 },
          { Id: '2', ReceiptHandle: 'nonsense', VisibilityTimeout: 100 },
        ],
      }),
    )
    expect(changed.Successful).toEqual([{ Id: '1' }])
    expect(changed.Failed).toMatchObject([{ Id: '2', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }])
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: '1', ReceiptHandle: a },
          { Id: '2', ReceiptHandle: c },
          { Id: '3', ReceiptHandle: 'nonsense' },
        ],
      }),
    )
    expect(deleted.Successful).toEqual([{ Id: '1' }, { Id: '2' }])
    expect(deleted.Failed).toEqual([
      {
        Id: '3',
        SenderFault: true,
        Code: 'ReceiptHandleIsInvalid',
        Message: 'The input receipt handle "nonsense" is not a valid receipt handle.',
      },
    ])
  })

  it('G27 long polls until a message comes, and purges', async () => {
    const QueueUrl = await newQueue('polled')
    const received = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'late' }))
    expect((await received).Messages?.[0]?.Body).toBe('late')
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'purged' }))
    await client.send(new PurgeQueueCommand({ QueueUrl }))
    expect((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined()
  })
})

describe('the Query protocol', () => {
  it('goes through the life cycle at / and at the queue itself', async () => {
    const created = await callQuery(server, {
      Action: 'CreateQueue',
      QueueName: 'query',
      'Attribute.1.Name': 'DelaySeconds',
      'Attribute.1.Value': '0',
    })
    expect(created.headers.get('content-type')).toMatch(/^text\/xml/)
    expect(created.text).toContain(
      '<CreateQueueResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><CreateQueueResult>',
    )
    expect(element(created.text, 'RequestId')).toBe(created.headers.get('x-amzn-requestid'))
    const path = `/${server.accountId}/query`
    const sent = await callQuery(server, { Action: 'SendMessage', MessageBody: 'a\r\nb' }, path)
    expect(element(sent.text, 'MD5OfMessageBody')).toBe('65d5f03c46e62e3f2babbe712d2ce464')
    const received = await callQuery(server, { Action: 'ReceiveMessage', 'AttributeName.1': 'All' }, path)
    expect(received.text).toContain('<Body>a&#xD;\nb</Body>')
    const handle = element(received.text, 'ReceiptHandle') ?? ''
    const deleted = await callQuery(server, {
      Action: 'DeleteMessage',
      ReceiptHandle: handle,
      QueueUrl: `http://elsewhere:1${path}`,
    })
    expect(deleted.text).not.toContain('Result')
    expect((await callQuery(server, { Action: 'ReceiveMessage' }, path)).text).toContain('<ReceiveMessageResult/>')
    const response = await fetch(`${server.url}/?Action=ListQueues&QueueNamePrefix=query`)
    expect(element(await response.text(), 'QueueUrl')).toBe(`${server.url}${path}`)
  })

  it('words a missing queue as only this protocol does', async () => {
    const form = { Action: 'SendMessage', MessageBody: 'x', QueueUrl: `${server.url}/${server.accountId}/none` }
    expect(await callQuery(server, form)).toMatchObject({
      status: 400,
      code: 'AWS.SimpleQueueService.NonExistentQueue',
      message: 'The specified queue does not exist for this wsdl version.',
    })
    expect(await callJson(server, 'SendMessage', JSON.stringify({ ...form, Action: undefined }))).toMatchObject({
      status: 400,
      code: 'AWS.SimpleQueueService.NonExistentQueue',
      message: 'The specified queue does not exist.',
    })
  })
})
