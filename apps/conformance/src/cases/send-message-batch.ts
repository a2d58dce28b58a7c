import type { Input } from '../api.ts'
import { type CaseDraft, defineCases } from '../case.ts'
import { md5Hex, md5OfAttributes } from '../digests.ts'
import { equal, fails, matches } from '../expect.ts'

const MIB = 1_048_576

type Entry = NonNullable<Input<'SendMessageBatch'>['Entries']>[number]

const attribute = { DataType: 'String', StringValue: 'v' }

/** Entries that fail alone: the other entry of the batch is sent. */
const BAD_ENTRIES: readonly (readonly [
  what: string,
  entry: Entry,
  code: string,
  text: string | RegExp,
  evidence?: 'R' | 'S',
])[] = [
  [
    'an empty body',
    { MessageBody: '' },
    'MissingParameter',
    'The request must contain the parameter SendMessageBatchRequestEntry.2.MessageBody.',
  ],
  [
    'no body',
    {},
    'MissingParameter',
    'The request must contain the parameter SendMessageBatchRequestEntry.2.MessageBody.',
  ],
  [
    "a body over the queue's limit",
    { MessageBody: 'x'.repeat(1_025) },
    'InvalidParameterValue',
    'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
    'R',
  ],
  ['forbidden characters', { MessageBody: 'a\u0000' }, 'InvalidMessageContents', /^Invalid characters found\./, 'R'],
  [
    'DelaySeconds -1',
    { MessageBody: 'x', DelaySeconds: -1 },
    'InvalidParameterValue',
    /^Value -1 for parameter DelaySeconds is invalid\. Reason: DelaySeconds must be >= 0 and <= \d+\.$/,
  ],
  [
    'a MessageDeduplicationId',
    { MessageBody: 'x', MessageDeduplicationId: 'd' },
    'InvalidParameterValue',
    'Value d for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.',
  ],
  [
    'a bad message attribute',
    { MessageBody: 'x', MessageAttributes: { 'AWS.a': attribute } },
    'InvalidParameterValue',
    /^You can't use message attribute names beginning with/,
  ],
]

const batchOf = (count: number) => Array.from({ length: count }, (_, i) => ({ Id: `e${i}`, MessageBody: `m${i}` }))

const BAD_ID =
  'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.'

/** Rules of SendMessageBatch on standard queues. */
export const sendMessageBatchCases = defineCases({ covers: ['SendMessageBatch', 'SendMessageBatch.Entries'] }, [
  ...[1, 10].map(
    (count): CaseDraft => ({
      name: `SendMessageBatch takes ${count === 1 ? 'one entry' : 'ten entries'} and answers in the order of the request`,
      async run({ sqs, queue, receive, until }) {
        const QueueUrl = await queue()
        const Entries = batchOf(count)
        const { Successful = [], Failed } = await sqs.sendMessageBatch({ QueueUrl, Entries })
        equal(Failed, undefined, 'Failed')
        equal(
          Successful.map(({ Id, MD5OfMessageBody }) => [Id, MD5OfMessageBody]),
          Entries.map(({ Id, MessageBody }) => [Id, md5Hex(MessageBody)]),
          'Id and MD5OfMessageBody of the results',
        )
        equal(new Set(Successful.map(({ MessageId }) => MessageId)).size, count, 'different MessageIds')
        const bodies: (string | undefined)[] = []
        await until('all are received', 10, async () => {
          bodies.push(...(await receive(QueueUrl)).map(({ Body }) => Body))
          return bodies.length === count ? true : undefined
        })
        equal(bodies.sort(), Entries.map(({ MessageBody }) => MessageBody).sort(), 'the bodies')
      },
    }),
  ),
  {
    name: 'SendMessageBatch gives every entry its delay and its attributes',
    async run({ sqs, queue, receive, receiveNothing }) {
      const QueueUrl = await queue()
      const MessageAttributes = { a: attribute, b: { DataType: 'Number', StringValue: '1.50' } }
      const { Successful = [] } = await sqs.sendMessageBatch({
        QueueUrl,
        Entries: [
          { Id: 'later', MessageBody: 'later', DelaySeconds: 900 },
          { Id: 'now', MessageBody: 'now', MessageAttributes },
        ],
      })
      const digests = Successful.map(({ MD5OfMessageAttributes }) => MD5OfMessageAttributes)
      equal(digests, [undefined, md5OfAttributes(MessageAttributes)], 'MD5OfMessageAttributes')
      const messages = await receive(QueueUrl, { MessageAttributeNames: ['All'] })
      equal(
        messages.map(({ Body }) => Body),
        ['now'],
        'the bodies',
      )
      equal(messages[0]?.MD5OfMessageAttributes, digests[1], 'MD5OfMessageAttributes of the receive')
      await receiveNothing(QueueUrl)
    },
  },
  ...BAD_ENTRIES.map(
    ([what, bad, code, text, evidence = 'S']): CaseDraft => ({
      name: `An entry with ${what} fails alone, with SenderFault and the query code ${code}`,
      evidence,
      async run({ sqs, queue, receive }) {
        const QueueUrl = await queue({ MaximumMessageSize: '1024' })
        const Entries = [
          { Id: 'good', MessageBody: 'good' },
          { Id: 'bad', ...bad },
        ]
        const { Successful, Failed = [] } = await sqs.sendMessageBatch({ QueueUrl, Entries })
        equal(
          Successful?.map(({ Id }) => Id),
          ['good'],
          'Successful',
        )
        const failed = Failed.map(({ Id, Code, SenderFault }) => ({ Id, Code, SenderFault }))
        equal(failed, [{ Id: 'bad', Code: code, SenderFault: true }], 'Failed')
        if (typeof text === 'string') equal(Failed[0]?.Message, text, 'Message of the failed entry')
        else matches(Failed[0]?.Message, text, 'Message of the failed entry')
        equal(
          (await receive(QueueUrl)).map(({ Body }) => Body),
          ['good'],
          'what was sent',
        )
      },
    }),
  ),
  {
    name: 'SendMessageBatch in which all fail answers 200 and has no Successful',
    evidence: 'R',
    async run({ sqs, queue }) {
      const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: '\u0000' }))
      const output = await sqs.sendMessageBatch({ QueueUrl: await queue(), Entries })
      equal(output.Successful, undefined, 'Successful')
      equal(
        output.Failed?.map(({ Id }) => Id),
        ['a', 'b'],
        'Failed',
      )
    },
  },
  {
    name: 'SendMessageBatch without entries is EmptyBatchRequest',
    evidence: 'R',
    protocols: ['json'],
    async run({ sqs, queue }) {
      const text = 'There should be at least one SendMessageBatchRequestEntry in the request.'
      await fails(sqs.sendMessageBatch({ QueueUrl: await queue(), Entries: [] }), 'EmptyBatchRequest', text)
    },
  },
  {
    name: 'SendMessageBatch without Entries at all is a MissingParameter',
    evidence: 'S',
    async run({ sqs, queue }) {
      await fails(sqs.sendMessageBatch({ QueueUrl: await queue() }), 'MissingRequiredParameterException', {
        json: 'The request must contain the parameter Entries.',
        query: 'The request must contain the parameter SendMessageBatchRequestEntry.',
      })
    },
  },
  {
    name: 'SendMessageBatch with eleven entries is TooManyEntriesInBatchRequest, and nothing is sent',
    evidence: 'R',
    async run({ sqs, queue, receiveNothing }) {
      const QueueUrl = await queue()
      const text = 'Maximum number of entries per request are 10. You have sent 11.'
      await fails(sqs.sendMessageBatch({ QueueUrl, Entries: batchOf(11) }), 'TooManyEntriesInBatchRequest', text)
      await receiveNothing(QueueUrl)
    },
  },
  {
    name: 'SendMessageBatch with a repeated id names the first that is found repeated, and nothing is sent',
    evidence: 'R',
    async run({ sqs, queue, receiveNothing }) {
      const QueueUrl = await queue()
      const Entries = ['a', 'b', 'b', 'a'].map((Id) => ({ Id, MessageBody: 'x' }))
      await fails(sqs.sendMessageBatch({ QueueUrl, Entries }), 'BatchEntryIdsNotDistinct', 'Id b repeated.')
      await receiveNothing(QueueUrl)
    },
  },
  {
    name: 'Batch entry ids may have 80 letters, digits, - and _',
    async run({ sqs, queue }) {
      const Id = 'Az09_-'.padEnd(80, 'x')
      const { Successful } = await sqs.sendMessageBatch({
        QueueUrl: await queue(),
        Entries: [{ Id, MessageBody: 'x' }],
      })
      equal(
        Successful?.map((result) => result.Id),
        [Id],
        'Successful',
      )
    },
  },
  ...['', 'a b', 'a.b', 'ä', 'x'.repeat(81)].map(
    (Id): CaseDraft => ({
      name: `SendMessageBatch refuses the id ${Id.length > 80 ? 'of 81 characters' : JSON.stringify(Id)}`,
      evidence: 'R',
      async run({ sqs, queue, receiveNothing }) {
        const QueueUrl = await queue()
        const Entries = [
          { Id: 'good', MessageBody: 'x' },
          { Id, MessageBody: 'x' },
        ]
        await fails(sqs.sendMessageBatch({ QueueUrl, Entries }), 'InvalidBatchEntryId', BAD_ID)
        await receiveNothing(QueueUrl)
      },
    }),
  ),
  {
    name: 'An entry without Id is a MissingParameter of the whole batch',
    evidence: 'S',
    async run({ sqs, queue }) {
      await fails(
        sqs.sendMessageBatch({ QueueUrl: await queue(), Entries: [{ MessageBody: 'x' }] }),
        'MissingRequiredParameterException',
        'The request must contain the parameter SendMessageBatchRequestEntry.1.Id.',
      )
    },
  },
  {
    name: "A batch may have 1,048,576 bytes in all, whatever the queue's own limit",
    evidence: 'R',
    covers: ['SendMessageBatch.Entries', 'attribute.MaximumMessageSize'],
    async run({ sqs, queue }) {
      const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: Id.repeat(MIB / 2) }))
      const whole = await sqs.sendMessageBatch({ QueueUrl: await queue(), Entries })
      equal(whole.Successful?.length, 2, 'results')
      const small = batchOf(10).map((entry) => ({ ...entry, MessageBody: 'x'.repeat(1_024) }))
      const output = await sqs.sendMessageBatch({
        QueueUrl: await queue({ MaximumMessageSize: '1024' }),
        Entries: small,
      })
      equal(output.Successful?.length, 10, 'results of ten entries of 1,024 bytes on a queue for 1,024 bytes')
    },
  },
  {
    name: 'A batch of 1,048,577 bytes, attributes counted, is BatchRequestTooLong, and nothing is sent',
    evidence: 'R',
    async run({ sqs, queue, receiveNothing }) {
      const QueueUrl = await queue()
      const attributeBytes = 1 + 'String'.length + 1
      const Entries = [
        { Id: 'a', MessageBody: 'x'.repeat(MIB / 2), MessageAttributes: { n: attribute } },
        { Id: 'b', MessageBody: 'x'.repeat(MIB / 2 - attributeBytes + 1) },
      ]
      const text = 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.'
      await fails(sqs.sendMessageBatch({ QueueUrl, Entries }), 'BatchRequestTooLong', text)
      await receiveNothing(QueueUrl)
    },
  },
  {
    name: 'One entry over 1 MiB makes the batch too long, since the total is checked first',
    evidence: 'R',
    async run({ sqs, queue }) {
      const Entries = [{ Id: 'a', MessageBody: 'x'.repeat(MIB + 1) }]
      await fails(sqs.sendMessageBatch({ QueueUrl: await queue(), Entries }), 'BatchRequestTooLong')
    },
  },
  {
    name: 'A batch of ten entries with ten attributes each is taken',
    async run({ sqs, queue }) {
      const MessageAttributes = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`a${i}`, attribute]))
      const Entries = batchOf(10).map((entry) => ({ ...entry, MessageAttributes }))
      const { Successful = [] } = await sqs.sendMessageBatch({ QueueUrl: await queue(), Entries })
      const digest = md5OfAttributes(MessageAttributes)
      equal(
        Successful.map((result) => result.MD5OfMessageAttributes),
        Array(10).fill(digest),
        'MD5OfMessageAttributes',
      )
    },
  },
  {
    name: 'A batch of 1 MiB of characters that escape to three times their size is taken',
    async run({ sqs, queue }) {
      const Entries = batchOf(10).map(({ Id }) => ({ Id, MessageBody: '"%'.repeat(52_000) }))
      const { Successful } = await sqs.sendMessageBatch({ QueueUrl: await queue(), Entries })
      equal(Successful?.length, 10, 'results')
    },
  },
])
