import { createHash, randomUUID } from 'node:crypto'
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { callJson, callQuery, element, type RawAnswer } from './helpers/sqs-clients.ts'
import { type SqsServer, startSqsServer } from './helpers/start-sqs-server.ts'

let server: SqsServer
let sqs: SQSClient

beforeAll(async () => {
  server = await startSqsServer()
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' }
  sqs = new SQSClient({ endpoint: server.url, region: 'eu-west-1', credentials, maxAttempts: 1 })
})

afterAll(async () => {
  sqs.destroy()
  await server.stop()
})

async function newFifo(attributes: Partial<Record<QueueAttributeName, string>> = {}): Promise<string> {
  const QueueName = `${randomUUID()}.fifo`
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true', ...attributes } }),
  )
  return QueueUrl
}

async function attributesOf(QueueUrl: string, ...names: QueueAttributeName[]) {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names }))
  return Attributes
}

const receive = async (QueueUrl: string, input: object = {}) => {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...input })
  return (await sqs.send(command)).Messages ?? []
}

/** Sends the same input over both protocols and expects one error of both. */
async function expectRefused(action: string, input: Record<string, unknown>, code: string, message: string) {
  const form: Record<string, string> = { Action: action }
  for (const [name, value] of Object.entries(input)) {
    if (name !== 'Attributes') form[name] = String(value)
    else {
      Object.entries(value as object).forEach(([attribute, text], index) => {
        form[`Attribute.${index + 1}.Name`] = attribute
        form[`Attribute.${index + 1}.Value`] = text
      })
    }
  }
  const answers: RawAnswer[] = [await callJson(server, action, JSON.stringify(input)), await callQuery(server, form)]
  expect(answers.map((answer) => [answer.status, answer.code, answer.message])).toEqual(
    answers.map(() => [400, code, message]),
  )
}

const FIFO_NAME =
  'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.'
const PLAIN_NAME = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length'
const SCOPE =
  'Invalid value for the parameter FifoThroughputLimit. Reason: To set FifoThroughputLimit to perMessageGroupId, the DeduplicationScope must be messageGroup.'
const NO_DEDUPLICATION_ID =
  'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly'

describe('CreateQueue', () => {
  it('makes a FIFO queue that shows sixteen attributes, and a standard queue shows none of theirs', async () => {
    const QueueUrl = await newFifo({ ContentBasedDeduplication: 'True' })
    const attributes = await attributesOf(QueueUrl, 'All')
    expect(Object.keys(attributes ?? {})).toHaveLength(16)
    expect(attributes).toMatchObject({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    })
    const plain = await sqs.send(new CreateQueueCommand({ QueueName: randomUUID() }))
    const names = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'] as const
    expect(await attributesOf(plain.QueueUrl ?? '', ...names)).toBeUndefined()
  })

  it.each([
    ['x.fifo', {}, 'InvalidParameterValue', PLAIN_NAME],
    ['x.fifo', { FifoQueue: 'false' }, 'InvalidParameterValue', PLAIN_NAME],
    ['x.fifo', { ContentBasedDeduplication: 'true' }, 'InvalidParameterValue', PLAIN_NAME],
    ['x', { FifoQueue: 'true' }, 'InvalidParameterValue', FIFO_NAME],
    ['.fifo', { FifoQueue: 'true' }, 'InvalidParameterValue', FIFO_NAME],
    [`${'x'.repeat(76)}.fifo`, { FifoQueue: 'true' }, 'InvalidParameterValue', FIFO_NAME],
    ['x', { FifoQueue: 'false' }, 'InvalidAttributeName', 'Unknown Attribute FifoQueue.'],
    [
      'x',
      { ContentBasedDeduplication: 'false' },
      'InvalidAttributeName',
      'Unknown Attribute ContentBasedDeduplication.',
    ],
    [
      'x',
      { DeduplicationScope: 'queue' },
      'InvalidAttributeName',
      'You can specify the DeduplicationScope only when FifoQueue is set to true.',
    ],
    ['x.fifo', { FifoQueue: 'true', FifoThroughputLimit: 'perMessageGroupId' }, 'InvalidAttributeValue', SCOPE],
    [
      'x.fifo',
      { FifoQueue: 'true', ContentBasedDeduplication: '1' },
      'InvalidAttributeValue',
      'Invalid value for the parameter ContentBasedDeduplication.',
    ],
    [
      'x.fifo',
      { FifoQueue: 'true', DelaySeconds: '901' },
      'InvalidAttributeValue',
      'Invalid value for the parameter DelaySeconds.',
    ],
  ])('refuses %s with %j and creates nothing', async (QueueName, Attributes, code, message) => {
    await expectRefused('CreateQueue', { QueueName, Attributes }, code, message)
    expect((await callJson(server, 'GetQueueUrl', JSON.stringify({ QueueName }))).code).toBe(
      'AWS.SimpleQueueService.NonExistentQueue',
    )
  })

  it('compares what a repeated call gives with what holds now, and names the attribute that differs', async () => {
    const QueueName = `${randomUUID()}.fifo`
    const create = (Attributes: Partial<Record<QueueAttributeName, string>>) =>
      sqs.send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true', ...Attributes } }))
    const { QueueUrl } = await create({})
    const high = { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' }
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: high }))
    for (const given of [
      {},
      high,
      { FifoThroughputLimit: 'perMessageGroupId' },
      { ContentBasedDeduplication: 'false' },
    ]) {
      expect((await create(given)).QueueUrl).toBe(QueueUrl)
    }
    for (const [name, value] of [
      ['ContentBasedDeduplication', 'true'],
      ['DeduplicationScope', 'queue'],
      ['FifoThroughputLimit', 'perQueue'],
      ['VisibilityTimeout', '31'],
    ] as const) {
      await expect(create({ [name]: value })).rejects.toMatchObject({
        name: 'QueueNameExists',
        message: `A queue already exists with the same name and a different value for attribute ${name}`,
      })
    }
  })
})

describe('SetQueueAttributes', () => {
  it('changes all but the kind, and all or nothing', async () => {
    const QueueUrl = await newFifo()
    const set = (Attributes: Record<string, string>) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }))
    await set({ FifoQueue: 'true', ContentBasedDeduplication: 'true', DeduplicationScope: 'messageGroup' })
    await set({ FifoThroughputLimit: 'perMessageGroupId' })
    const refused: [Record<string, string>, string][] = [
      [
        { FifoQueue: 'false' },
        'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
      ],
      [{ DeduplicationScope: 'group' }, 'Invalid value for the parameter DeduplicationScope.'],
      // It would leave the limit without the scope that it needs.
      [{ DeduplicationScope: 'queue' }, SCOPE],
    ]
    for (const [attributes, message] of refused) {
      const Attributes = { ContentBasedDeduplication: 'false', ...attributes }
      await expectRefused('SetQueueAttributes', { QueueUrl, Attributes }, 'InvalidAttributeValue', message)
    }
    expect(await attributesOf(QueueUrl, 'All')).toMatchObject({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    })
  })

  it('knows no attributes of FIFO queues on a standard queue', async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: randomUUID() }))
    const unknown = { QueueUrl, Attributes: { FifoQueue: 'true' } }
    await expectRefused('SetQueueAttributes', unknown, 'InvalidAttributeName', 'Unknown Attribute FifoQueue.')
  })
})

describe('SendMessage', () => {
  it('answers a sequence number, and the first answer again for a duplicate', async () => {
    const QueueUrl = await newFifo()
    const ids = { QueueUrl, MessageGroupId: 'g', MessageDeduplicationId: 'd' }
    const first = await sqs.send(new SendMessageCommand({ ...ids, MessageBody: 'one' }))
    expect(first.SequenceNumber).toMatch(/^\d{20}$/)
    const form = { Action: 'SendMessage', ...ids, MessageBody: 'two' }
    const { text } = await callQuery(server, form)
    expect([element(text, 'MessageId'), element(text, 'SequenceNumber')]).toEqual([
      first.MessageId,
      first.SequenceNumber,
    ])
    // Clients hold the digest against what they have just sent.
    expect(element(text, 'MD5OfMessageBody')).toBe(createHash('md5').update('two').digest('hex'))
    const [message, ...others] = await receive(QueueUrl, { MessageSystemAttributeNames: ['All'] })
    expect(others).toEqual([])
    expect(message).toMatchObject({
      Body: 'one',
      Attributes: { MessageGroupId: 'g', MessageDeduplicationId: 'd', SequenceNumber: first.SequenceNumber },
    })
  })

  it('takes the SHA-256 of the body as the id, where the queue is told to', async () => {
    const QueueUrl = await newFifo({ ContentBasedDeduplication: 'true' })
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageGroupId: 'g', DelaySeconds: 0 }))
    const [message] = await receive(QueueUrl, { AttributeNames: ['MessageDeduplicationId'] })
    expect(message?.Attributes).toEqual({ MessageDeduplicationId: createHash('sha256').update('x').digest('hex') })
  })

  it.each([
    [{ MessageDeduplicationId: 'd' }, 'MissingParameter', 'The request must contain the parameter MessageGroupId.'],
    [{ MessageGroupId: 'g' }, 'InvalidParameterValue', NO_DEDUPLICATION_ID],
    [
      { MessageGroupId: 'a b', MessageDeduplicationId: 'd' },
      'InvalidParameterValue',
      'Value a b for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    ],
    [
      { MessageGroupId: 'g', MessageDeduplicationId: '' },
      'InvalidParameterValue',
      'Value  for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    ],
    [
      { MessageGroupId: 'g', MessageDeduplicationId: 'd', DelaySeconds: 5 },
      'InvalidParameterValue',
      'Value 5 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    ],
  ])('refuses %j, stores nothing and takes no id', async (ids, code, message) => {
    const QueueUrl = await newFifo()
    await expectRefused('SendMessage', { QueueUrl, MessageBody: 'x', ...ids }, code, message)
    expect(await receive(QueueUrl)).toEqual([])
    const good = { MessageGroupId: 'g', MessageDeduplicationId: 'd' }
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', ...good }))
    expect(await receive(QueueUrl)).toHaveLength(1)
  })

  it('says of a queue that is not there that it is not there, whatever else is missing', async () => {
    const QueueUrl = `${server.url}/${server.accountId}/none.fifo`
    for (const ids of [{}, { MessageGroupId: 'a b' }]) {
      const answer = await callJson(server, 'SendMessage', JSON.stringify({ QueueUrl, MessageBody: 'x', ...ids }))
      expect(answer.code).toBe('AWS.SimpleQueueService.NonExistentQueue')
    }
  })
})

describe('SendMessageBatch', () => {
  const good = { Id: 'a', MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd1' }
  const other = { ...good, Id: 'b', MessageDeduplicationId: 'd2' }

  it.each([
    ['no group', { MessageGroupId: undefined }, 'The request must contain the parameter MessageGroupId.'],
    ['no deduplication id', { MessageDeduplicationId: undefined }, NO_DEDUPLICATION_ID],
    [
      'a delay',
      { DelaySeconds: 1 },
      'Value 1 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    ],
    [
      'a group of the wrong form',
      { MessageGroupId: 'a b' },
      'Value a b for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    ],
    [
      'more bytes than the queue takes',
      { MessageBody: 'x'.repeat(1_025) },
      'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
    ],
  ])('is refused whole for an entry with %s', async (_what, bad, text) => {
    const QueueUrl = await newFifo({ MaximumMessageSize: '1024' })
    const send = sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [good, { ...other, ...bad }] }))
    await expect(send).rejects.toMatchObject({ name: 'InvalidParameterValue', message: text })
    expect(await receive(QueueUrl)).toEqual([])
  })

  it('is refused whole for an entry without a body', async () => {
    const QueueUrl = await newFifo()
    const send = sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [good, { ...other, MessageBody: '' }] }))
    await expect(send).rejects.toMatchObject({
      name: 'MissingParameter',
      message: 'The request must contain the parameter SendMessageBatchRequestEntry.2.MessageBody.',
    })
    expect(await receive(QueueUrl)).toEqual([])
  })

  it('refuses an entry alone for what is wrong with its text or its attributes', async () => {
    const QueueUrl = await newFifo()
    const Entries = [
      { ...good, MessageBody: 'a\u0000b' },
      other,
      {
        ...other,
        Id: 'c',
        MessageDeduplicationId: 'd3',
        MessageAttributes: { n: { DataType: 'Number', StringValue: 'x' } },
      },
    ]
    const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
    expect(Successful).toMatchObject([{ Id: 'b', SequenceNumber: expect.stringMatching(/^\d{20}$/) }])
    expect(Failed?.map(({ Id, Code }) => [Id, Code])).toEqual([
      ['a', 'InvalidMessageContents'],
      ['c', 'InvalidParameterValue'],
    ])
  })
})

describe('ReceiveMessage', () => {
  const take = (QueueUrl: string, ReceiveRequestAttemptId: string) => receive(QueueUrl, { ReceiveRequestAttemptId })

  it('answers the same messages and handles to the same attempt, and nothing to another', async () => {
    const QueueUrl = await newFifo({ ContentBasedDeduplication: 'true' })
    const Entries = ['1', '2'].map((Id) => ({ Id, MessageBody: Id, MessageGroupId: 'g' }))
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
    const first = await take(QueueUrl, 'attempt-1')
    expect(first.map(({ Body }) => Body)).toEqual(['1', '2'])
    expect(await take(QueueUrl, 'attempt-2')).toEqual([])
    expect(await take(QueueUrl, 'attempt-1')).toEqual(first)
  })

  it.each(['', 'a b', 'x'.repeat(129)])('refuses the attempt %j on queues of both kinds', async (attempt) => {
    const plain = await sqs.send(new CreateQueueCommand({ QueueName: randomUUID() }))
    for (const QueueUrl of [await newFifo(), plain.QueueUrl]) {
      const input = { QueueUrl, ReceiveRequestAttemptId: attempt }
      const reason =
        'ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.'
      const text = `Value ${attempt} for parameter ReceiveRequestAttemptId is invalid. Reason: ${reason}`
      await expectRefused('ReceiveMessage', input, 'InvalidParameterValue', text)
    }
  })

  it('ignores the attempt on a standard queue', async () => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: randomUUID() }))
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
    expect(await take(QueueUrl, 'attempt-1')).toHaveLength(1)
    expect(await take(QueueUrl, 'attempt-1')).toEqual([])
  })
})

describe('a handle whose delivery is over', () => {
  it('is refused by a delete and by a change, each in its own words, and keeps the message', async () => {
    const QueueUrl = await newFifo({ ContentBasedDeduplication: 'true' })
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageGroupId: 'g' }))
    const [first] = await receive(QueueUrl, { VisibilityTimeout: 0 })
    const ReceiptHandle = first?.ReceiptHandle ?? ''
    const invalid = `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason:`
    const expired = `${invalid} The receipt handle has expired.`
    const input = { QueueUrl, ReceiptHandle }
    await expectRefused('DeleteMessage', input, 'InvalidParameterValue', expired)
    await expectRefused(
      'ChangeMessageVisibility',
      { ...input, VisibilityTimeout: 9 },
      'InvalidParameterValue',
      `${invalid} Message does not exist or is not available for visibility timeout change.`,
    )
    const [second] = await receive(QueueUrl)
    expect(second?.Body).toBe('x')
    const Entries = [
      { Id: 'old', ReceiptHandle },
      { Id: 'new', ReceiptHandle: second?.ReceiptHandle },
    ]
    expect(await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))).toMatchObject({
      Successful: [{ Id: 'new' }],
      Failed: [{ Id: 'old', SenderFault: true, Code: 'InvalidParameterValue', Message: expired }],
    })
  })
})

describe('the life of a group', () => {
  it('goes on when the message at its front is deleted, and starts again when it is released', async () => {
    const QueueUrl = await newFifo({ ContentBasedDeduplication: 'true' })
    const Entries = ['1', '2', '3'].map((Id) => ({ Id, MessageBody: Id, MessageGroupId: 'g' }))
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
    const [first] = await receive(QueueUrl, { MaxNumberOfMessages: 1 })
    expect(first?.Body).toBe('1')
    expect(await receive(QueueUrl)).toEqual([])
    expect(
      await attributesOf(QueueUrl, 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'),
    ).toEqual({ ApproximateNumberOfMessages: '2', ApproximateNumberOfMessagesNotVisible: '1' })
    const handle = { QueueUrl, ReceiptHandle: first?.ReceiptHandle }
    await sqs.send(new ChangeMessageVisibilityCommand({ ...handle, VisibilityTimeout: 0 }))
    const [again] = await receive(QueueUrl, { MaxNumberOfMessages: 1 })
    expect(again?.Body).toBe('1')
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again?.ReceiptHandle }))
    expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['2', '3'])
  })
})
