import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { callJson, callQuery, type RawAnswer } from './helpers/sqs-clients.ts'
import { type SqsServer, startSqsServer } from './helpers/start-sqs-server.ts'

let server: SqsServer
let QueueUrl = ''
beforeAll(async () => {
  server = await startSqsServer()
  await server.engine.createQueue({ accountId: server.accountId, name: 'bad' })
  QueueUrl = `${server.url}/${server.accountId}/bad`
})
afterAll(() => server.stop())

/** Nothing was stored, created, changed or leased by whatever a test did. */
async function expectNothingHappened(): Promise<void> {
  const key = { accountId: server.accountId, name: 'bad' }
  expect(await server.engine.countMessages(key)).toEqual({
    visible: 0,
    inFlight: 0,
    delayed: 0,
    oldestMessageAgeSeconds: null,
  })
  const { queues } = await server.engine.listQueues({ accountId: server.accountId, limit: 10 })
  expect(queues.map(({ name, tags, settings }) => [name, tags, settings.delaySeconds])).toEqual([['bad', {}, 0]])
}

function expectError(answer: RawAnswer, code: string): void {
  expect({ code: answer.code, text: answer.code === undefined ? answer.text : '' }).toEqual({ code, text: '' })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
  expect(answer.message).not.toBe('')
}

const A = 'AWS.SimpleQueueService.'
const MIB = 1_048_576
const entries = (count: number) => Array.from({ length: count }, (_, i) => ({ Id: `e${i}`, MessageBody: 'x' }))

/** JSON inputs that every one of these actions refuses, with the query code of the answer. */
const JSON_CASES: [action: string, input: Record<string, unknown>, code: string][] = [
  ['CreateQueue', {}, 'InvalidParameterValue'],
  ['CreateQueue', { QueueName: '' }, 'InvalidParameterValue'],
  ['CreateQueue', { QueueName: 'a'.repeat(81) }, 'InvalidParameterValue'],
  ['CreateQueue', { QueueName: 'a b' }, 'InvalidParameterValue'],
  ['CreateQueue', { QueueName: 'a\u0000' }, 'InvalidParameterValue'],
  ['CreateQueue', { QueueName: [] }, 'MalformedInput'],
  ['CreateQueue', { QueueName: 'x', Attributes: { Nonsense: '1' } }, 'InvalidAttributeName'],
  ['CreateQueue', { QueueName: 'x', Attributes: { VisibilityTimeout: '43201' } }, 'InvalidAttributeValue'],
  ['CreateQueue', { QueueName: 'x', Attributes: { VisibilityTimeout: String(2 ** 63) } }, 'InvalidAttributeValue'],
  ['CreateQueue', { QueueName: 'x', Attributes: { DelaySeconds: '1.5' } }, 'InvalidAttributeValue'],
  ['CreateQueue', { QueueName: 'x', Attributes: { DelaySeconds: '' } }, 'InvalidAttributeValue'],
  ['CreateQueue', { QueueName: 'x', Attributes: [] }, 'MalformedInput'],
  ['SetQueueAttributes', { QueueUrl: 'bad' }, 'MissingParameter'],
  [
    'SetQueueAttributes',
    { QueueUrl: 'bad', Attributes: { DelaySeconds: '5', MessageRetentionPeriod: '59' } },
    'InvalidAttributeValue',
  ],
  ['SetQueueAttributes', { QueueUrl: 'bad', Attributes: { DelaySeconds: '5', QueueArn: 'x' } }, 'InvalidAttributeName'],
  ['GetQueueAttributes', { QueueUrl: 'bad', AttributeNames: ['Nonsense'] }, 'InvalidAttributeName'],
  ['GetQueueUrl', { QueueName: 'missing' }, `${A}NonExistentQueue`],
  ['ListQueues', { MaxResults: 0 }, 'InvalidParameterValue'],
  ['ListQueues', { MaxResults: 1001 }, 'InvalidParameterValue'],
  ['ListQueues', { NextToken: 'x' }, 'InvalidParameterValue'],
  ['TagQueue', { QueueUrl: 'bad' }, 'MissingParameter'],
  ['TagQueue', { QueueUrl: 'bad', Tags: { 'aws:x': '1' } }, 'InvalidParameterValue'],
  ['TagQueue', { QueueUrl: 'bad', Tags: { ['k'.repeat(129)]: '1' } }, 'InvalidParameterValue'],
  ['UntagQueue', { QueueUrl: 'bad' }, 'MissingParameter'],
  ['SendMessage', { QueueUrl: 'bad' }, 'MissingParameter'],
  ['SendMessage', { QueueUrl: 'bad', MessageBody: '' }, 'MissingParameter'],
  ['SendMessage', { QueueUrl: 'bad', MessageBody: 'a\u0000b' }, 'InvalidMessageContents'],
  ['SendMessage', { QueueUrl: 'bad', MessageBody: '\uffff' }, 'InvalidMessageContents'],
  ['SendMessage', { QueueUrl: 'bad', MessageBody: 'x'.repeat(MIB + 1) }, 'InvalidParameterValue'],
  ['SendMessage', { QueueUrl: 'bad', MessageBody: {} }, 'MalformedInput'],
  ['SendMessage', { QueueUrl: 'bad', MessageBody: ['x'] }, 'MalformedInput'],
  ['SendMessage', { QueueUrl: 'bad', MessageBody: 'x', DelaySeconds: 901 }, 'InvalidParameterValue'],
  ['SendMessage', { QueueUrl: 'bad', MessageBody: 'x', DelaySeconds: -1 }, 'InvalidParameterValue'],
  ['SendMessage', { QueueUrl: 'bad', MessageBody: 'x', DelaySeconds: 'soon' }, 'MalformedInput'],
  ['SendMessage', { QueueUrl: 'bad', MessageBody: 'x', DelaySeconds: true }, 'MalformedInput'],
  [
    'SendMessage',
    { QueueUrl: 'bad', MessageBody: 'x', MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
    'InvalidParameterValue',
  ],
  [
    'SendMessage',
    { QueueUrl: 'bad', MessageBody: 'x', MessageAttributes: { a: { DataType: 'Text', StringValue: 'v' } } },
    'InvalidParameterValue',
  ],
  [
    'SendMessage',
    { QueueUrl: 'bad', MessageBody: 'x', MessageAttributes: { 'AWS.a': { DataType: 'String', StringValue: 'v' } } },
    'InvalidParameterValue',
  ],
  [
    'SendMessage',
    { QueueUrl: 'bad', MessageBody: 'x', MessageAttributes: { a: { DataType: 'Number', StringValue: 'v' } } },
    'InvalidParameterValue',
  ],
  ['SendMessageBatch', { QueueUrl: 'bad', Entries: [] }, `${A}EmptyBatchRequest`],
  ['SendMessageBatch', { QueueUrl: 'bad' }, 'MissingParameter'],
  ['SendMessageBatch', { QueueUrl: 'bad', Entries: entries(11) }, `${A}TooManyEntriesInBatchRequest`],
  ['SendMessageBatch', { QueueUrl: 'bad', Entries: [...entries(1), ...entries(1)] }, `${A}BatchEntryIdsNotDistinct`],
  ['SendMessageBatch', { QueueUrl: 'bad', Entries: [{ Id: 'a b', MessageBody: 'x' }] }, `${A}InvalidBatchEntryId`],
  [
    'SendMessageBatch',
    {
      QueueUrl: 'bad',
      Entries: [
        { Id: 'a', MessageBody: 'x'.repeat(MIB) },
        { Id: 'b', MessageBody: 'x' },
      ],
    },
    `${A}BatchRequestTooLong`,
  ],
  ['ReceiveMessage', { QueueUrl: 'bad', MaxNumberOfMessages: 0 }, 'InvalidParameterValue'],
  ['ReceiveMessage', { QueueUrl: 'bad', MaxNumberOfMessages: 11 }, 'InvalidParameterValue'],
  ['ReceiveMessage', { QueueUrl: 'bad', WaitTimeSeconds: 21 }, 'InvalidParameterValue'],
  ['ReceiveMessage', { QueueUrl: 'bad', VisibilityTimeout: 43_201 }, 'InvalidParameterValue'],
  ['DeleteMessage', { QueueUrl: 'bad' }, 'MissingParameter'],
  ['DeleteMessage', { QueueUrl: 'bad', ReceiptHandle: 'garbage' }, 'ReceiptHandleIsInvalid'],
  ['DeleteMessageBatch', { QueueUrl: 'bad', Entries: [] }, `${A}EmptyBatchRequest`],
  [
    'ChangeMessageVisibility',
    { QueueUrl: 'bad', ReceiptHandle: 'garbage', VisibilityTimeout: 0 },
    'ReceiptHandleIsInvalid',
  ],
  [
    'ChangeMessageVisibility',
    { QueueUrl: 'bad', ReceiptHandle: 'garbage', VisibilityTimeout: 43_201 },
    'InvalidParameterValue',
  ],
  ['ChangeMessageVisibilityBatch', { QueueUrl: 'bad', Entries: [] }, `${A}EmptyBatchRequest`],
  ['PurgeQueue', { QueueUrl: `http://x/${'9'.repeat(12)}/bad` }, `${A}NonExistentQueue`],
  ['DeleteQueue', { QueueUrl: 'missing' }, `${A}NonExistentQueue`],
  ['ListQueueTags', { QueueUrl: 'missing' }, `${A}NonExistentQueue`],
]

describe('AWS JSON 1.0', () => {
  it.each(
    JSON_CASES.map(([action, input, code]) => [action, JSON.stringify(input).slice(0, 90), code, input] as const),
  )('G36 %s %s → %s', async (action, _text, code, input) => {
    expectError(await callJson(server, action, JSON.stringify(input)), code)
    await expectNothingHappened()
  })

  it.each(['', 'null', '[]', '"x"', '{', '{"QueueUrl":}', '\ufeff{}'])(
    'G36 refuses the body %j of every action',
    async (body) => {
      for (const action of ['CreateQueue', 'SendMessage', 'SendMessageBatch', 'ReceiveMessage', 'TagQueue']) {
        const answer = await callJson(server, action, body)
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(answer.status).toBeLessThan(500)
      }
      await expectNothingHappened()
    },
  )

  it('G36 refuses bytes that are not UTF-8, and lone surrogates', async () => {
    const raw = Buffer.concat([
      Buffer.from(`{"QueueUrl":"bad","MessageBody":"`),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ])
    expectError(await callJson(server, 'SendMessage', raw), 'MalformedInput')
    expectError(
      await callJson(server, 'SendMessage', '{"QueueUrl":"bad","MessageBody":"\\ud800"}'),
      'InvalidMessageContents',
    )
    await expectNothingHappened()
  })

  it('refuses values that make no sense, and actions that are none', async () => {
    for (const [action, input] of [
      [
        'CreateQueue',
        { QueueName: 'x', Attributes: { RedrivePolicy: '{"deadLetterTargetArn":"a","maxReceiveCount":1}' } },
      ],
      ['SetQueueAttributes', { QueueUrl: 'bad', Attributes: { Policy: '{}' } }],
      ['SendMessage', { QueueUrl: 'bad', MessageBody: 'x', MessageGroupId: 'g h' }],
      ['SendMessage', { QueueUrl: 'bad', MessageBody: 'x', MessageDeduplicationId: 'd' }],
    ] as const) {
      const answer = await callJson(server, action, JSON.stringify(input))
      expect(answer.status).toBe(400)
    }
    expectError(await callJson(server, 'FooBar', '{}'), 'InvalidAction')
    await expectNothingHappened()
  })
})

describe('the Query protocol', () => {
  it.each([
    ['SendMessage without a body', { Action: 'SendMessage' }, 'MissingParameter'],
    ['a NUL byte', { Action: 'SendMessage', MessageBody: 'a\u0000b' }, 'InvalidMessageContents'],
    ['1 MiB + 1', { Action: 'SendMessage', MessageBody: 'x'.repeat(MIB + 1) }, 'InvalidParameterValue'],
    ['a delay that is no number', { Action: 'SendMessage', MessageBody: 'x', DelaySeconds: 'soon' }, undefined],
    ['a delay of 2^63', { Action: 'SendMessage', MessageBody: 'x', DelaySeconds: String(2 ** 63) }, undefined],
    ['an empty batch', { Action: 'SendMessageBatch' }, undefined],
    [
      'eleven entries',
      Object.fromEntries([
        ['Action', 'SendMessageBatch'],
        ...entries(11).flatMap(({ Id, MessageBody }, i) => [
          [`SendMessageBatchRequestEntry.${i + 1}.Id`, Id],
          [`SendMessageBatchRequestEntry.${i + 1}.MessageBody`, MessageBody],
        ]),
      ]) as Record<string, string>,
      `${A}TooManyEntriesInBatchRequest`,
    ],
    ['eleven messages', { Action: 'ReceiveMessage', MaxNumberOfMessages: '11' }, 'InvalidParameterValue'],
    ['a foreign handle', { Action: 'DeleteMessage', ReceiptHandle: 'garbage' }, 'ReceiptHandleIsInvalid'],
    ['an unknown action', { Action: 'FooBar' }, 'InvalidAction'],
  ])('G36 refuses %s', async (_name, form, code) => {
    const answer = await callQuery(server, form as Record<string, string>, `/${server.accountId}/bad`)
    if (code === undefined) expect(answer.status).toBe(400)
    else expectError(answer, code)
    await expectNothingHappened()
  })

  it('G36 refuses percent-encoding that is not UTF-8, or broken', async () => {
    for (const body of ['%c3%28', '%ed%a0%80', '%zz', '%']) {
      const answer = await callQuery(server, `Action=SendMessage&MessageBody=${body}`, `/${server.accountId}/bad`)
      expect(answer.status).toBe(400)
    }
    await expectNothingHappened()
  })

  it('answers what names no action as SQS does', async () => {
    const response = await fetch(`${server.url}/`)
    expect([response.status, await response.text()]).toEqual([
      404,
      expect.stringContaining('<UnknownOperationException/>'),
    ])
  })
})

describe('a batch with bad entries', () => {
  it('G22 stores the good ones and names the others', async () => {
    const bad = [
      { MessageBody: '' },
      { MessageBody: 'a\u0000b' },
      { MessageBody: 'x', DelaySeconds: 901 },
      { MessageBody: 'x', MessageAttributes: { 'a..b': { DataType: 'String', StringValue: 'v' } } },
    ]
    const Entries = bad.flatMap((entry, i) => [
      { Id: `bad${i}`, ...entry },
      { Id: `good${i}`, MessageBody: `good ${i}` },
    ])
    const answer = await callJson(server, 'SendMessageBatch', JSON.stringify({ QueueUrl, Entries }))
    const { Successful, Failed } = JSON.parse(answer.text)
    expect(Successful.map(({ Id }: { Id: string }) => Id)).toEqual(['good0', 'good1', 'good2', 'good3'])
    expect(Failed.map(({ Id, SenderFault }: { Id: string; SenderFault: boolean }) => [Id, SenderFault])).toEqual(
      bad.map((_, i) => [`bad${i}`, true]),
    )
    const key = { accountId: server.accountId, name: 'bad' }
    const received = await server.engine.receiveMessages(key, { maxMessages: 10 })
    expect(received.map(({ body }) => body)).toEqual(['good 0', 'good 1', 'good 2', 'good 3'])
    await server.engine.purgeQueue(key)
  })
})
