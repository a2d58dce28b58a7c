import { createHash } from 'node:crypto'
import { type CaseDraft, defineCases } from '../case.ts'
import { md5Hex } from '../digests.ts'
import { check, equal, fails, matches } from '../expect.ts'

const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

const CONTENT_BASED = { ContentBasedDeduplication: 'true' }

const badToken = (name: string, value: string) =>
  `Value ${value} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`

const NO_DEDUPLICATION =
  'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const ATTRIBUTES = ['MessageGroupId', 'MessageDeduplicationId', 'SequenceNumber']

/** Rules of sending to FIFO queues: ids and deduplication. */
export const fifoSendCases = defineCases({ feature: 'fifo', covers: ['SendMessage', 'SendMessage.MessageGroupId'] }, [
  {
    name: 'SendMessage to a FIFO queue answers a SequenceNumber of 20 digits, which the receive repeats',
    covers: [
      'SendMessage',
      'SendMessage.MessageGroupId',
      'SendMessage.MessageDeduplicationId',
      'ReceiveMessage.MessageSystemAttributeNames',
    ],
    async run({ sqs, fifo, receiveOne }) {
      const QueueUrl = await fifo()
      const ids = { MessageGroupId: 'g1', MessageDeduplicationId: 'd-1' }
      const sent = await sqs.sendMessage({ QueueUrl, MessageBody: 'hello world', ...ids })
      equal(sent.MD5OfMessageBody, '5eb63bbbe01eeed093cb22bb8f5acdc3', 'MD5OfMessageBody')
      matches(sent.SequenceNumber, /^\d{20}$/, 'SequenceNumber')
      const { Attributes } = await receiveOne(QueueUrl, { MessageSystemAttributeNames: ATTRIBUTES })
      equal(Attributes, { ...ids, SequenceNumber: sent.SequenceNumber }, 'Attributes')
    },
  },
  {
    name: 'MessageSystemAttributeNames All of a FIFO message has seven attributes',
    covers: ['ReceiveMessage.MessageSystemAttributeNames'],
    async run({ sqs, fifo, receiveOne }) {
      const QueueUrl = await fifo()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' })
      const { Attributes = {} } = await receiveOne(QueueUrl, { MessageSystemAttributeNames: ['All'] })
      const timeless = ['ApproximateFirstReceiveTimestamp', 'ApproximateReceiveCount', 'SenderId', 'SentTimestamp']
      equal(Object.keys(Attributes).sort(), [...timeless, ...ATTRIBUTES].sort(), 'the names')
    },
  },
  {
    name: 'Sequence numbers rise within a group, also as text',
    async run({ sqs, fifo }) {
      const QueueUrl = await fifo(CONTENT_BASED)
      const numbers: string[] = []
      for (const MessageBody of ['a', 'b', 'c']) {
        numbers.push((await sqs.sendMessage({ QueueUrl, MessageBody, MessageGroupId: 'g' })).SequenceNumber ?? '')
      }
      equal(new Set(numbers).size, 3, 'different numbers')
      equal([...numbers].sort(), numbers, 'the numbers in the order of the text')
    },
  },
  {
    name: 'SendMessage to a FIFO queue without MessageGroupId is a MissingParameter',
    evidence: 'R',
    async run({ sqs, fifo }) {
      const call = sqs.sendMessage({ QueueUrl: await fifo(), MessageBody: 'x', MessageDeduplicationId: 'd' })
      const text = 'The request must contain the parameter MessageGroupId.'
      await fails(call, 'MissingRequiredParameterException', text)
    },
  },
  {
    name: 'SendMessage to a FIFO queue without a deduplication id is an InvalidParameterValue',
    evidence: 'R',
    covers: ['SendMessage.MessageDeduplicationId'],
    async run({ sqs, fifo }) {
      const call = sqs.sendMessage({ QueueUrl: await fifo(), MessageBody: 'x', MessageGroupId: 'g' })
      await fails(call, 'InvalidParameterValueException', NO_DEDUPLICATION)
    },
  },
  // Of the empty text it is not known whether it is absent or illegal.
  ...(['MessageGroupId', 'MessageDeduplicationId'] as const).flatMap((name): readonly CaseDraft[] => [
    {
      name: `${name} takes 128 characters and all punctuation`,
      covers: [`SendMessage.${name}`],
      async run({ sqs, fifo, receiveOne }) {
        const QueueUrl = await fifo()
        for (const value of ['x'.repeat(128), PUNCTUATION]) {
          const ids = { MessageGroupId: value, MessageDeduplicationId: value, [name]: value }
          await sqs.sendMessage({ QueueUrl, MessageBody: 'x', ...ids })
          const message = await receiveOne(QueueUrl, { MessageSystemAttributeNames: [name] })
          equal(message.Attributes, { [name]: value }, name)
          await sqs.deleteMessage({ QueueUrl, ReceiptHandle: message.ReceiptHandle })
        }
      },
    },
    ...['x'.repeat(129), 'a b', 'ä', 'a\n'].map(
      (value): CaseDraft => ({
        name: `${name} refuses ${value.length > 128 ? '129 characters' : JSON.stringify(value)}`,
        evidence: 'R',
        covers: [`SendMessage.${name}`],
        async run({ sqs, fifo }) {
          const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd', [name]: value }
          const call = sqs.sendMessage({ QueueUrl: await fifo(), MessageBody: 'x', ...ids })
          await fails(call, 'InvalidParameterValueException', badToken(name, value))
        },
      }),
    ),
  ]),
  {
    name: 'DelaySeconds 0 on a FIFO queue is taken, and means the delay of the queue',
    evidence: 'R',
    covers: ['SendMessage.DelaySeconds'],
    async run({ sqs, fifo, attribute, receiveNothing }) {
      const QueueUrl = await fifo({ ...CONTENT_BASED, DelaySeconds: '600' })
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageGroupId: 'g', DelaySeconds: 0 })
      await receiveNothing(QueueUrl)
      equal(await attribute(QueueUrl, 'ApproximateNumberOfMessagesDelayed'), '1', 'delayed')
    },
  },
  {
    name: 'DelaySeconds above 0 on a FIFO queue is refused',
    evidence: 'R',
    covers: ['SendMessage.DelaySeconds'],
    async run({ sqs, fifo }) {
      const QueueUrl = await fifo(CONTENT_BASED)
      const call = sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageGroupId: 'g', DelaySeconds: 1 })
      const text =
        'Value 1 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.'
      await fails(call, 'InvalidParameterValueException', text)
    },
  },
  ...defineCases({ feature: 'fifo', covers: ['SendMessage.MessageDeduplicationId'] }, [
    {
      name: 'A duplicate is answered with the MessageId of the first, and is not stored',
      evidence: 'R',
      async run({ sqs, fifo, receive, receiveNothing }) {
        const QueueUrl = await fifo()
        const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' }
        const first = await sqs.sendMessage({ QueueUrl, MessageBody: 'one', ...ids })
        const second = await sqs.sendMessage({ QueueUrl, MessageBody: 'one', ...ids })
        equal(second, first, 'the answer')
        equal((await receive(QueueUrl)).length, 1, 'messages')
        await receiveNothing(QueueUrl)
      },
    },
    {
      name: 'A duplicate with another body is a duplicate; its digest is that of the request',
      evidence: 'U',
      async run({ sqs, fifo, receiveOne }) {
        const QueueUrl = await fifo()
        const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' }
        const first = await sqs.sendMessage({ QueueUrl, MessageBody: 'one', ...ids })
        const second = await sqs.sendMessage({ QueueUrl, MessageBody: 'two', ...ids })
        equal(second.MessageId, first.MessageId, 'MessageId')
        equal(second.MD5OfMessageBody, md5Hex('two'), 'MD5OfMessageBody')
        equal((await receiveOne(QueueUrl)).Body, 'one', 'the body')
      },
    },
    {
      name: 'A deduplication id stays taken after the message was deleted',
      evidence: 'R',
      async run({ sqs, fifo, receiveOne, receiveNothing }) {
        const QueueUrl = await fifo()
        const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' }
        const first = await sqs.sendMessage({ QueueUrl, MessageBody: 'x', ...ids })
        const { ReceiptHandle } = await receiveOne(QueueUrl)
        await sqs.deleteMessage({ QueueUrl, ReceiptHandle })
        equal((await sqs.sendMessage({ QueueUrl, MessageBody: 'x', ...ids })).MessageId, first.MessageId, 'MessageId')
        await receiveNothing(QueueUrl)
      },
    },
    {
      name: 'The same deduplication id in another group is a duplicate by default',
      evidence: 'R',
      covers: ['SendMessage.MessageDeduplicationId', 'attribute.DeduplicationScope'],
      async run({ sqs, fifo }) {
        const QueueUrl = await fifo()
        const input = { QueueUrl, MessageBody: 'x', MessageDeduplicationId: 'd' }
        const first = await sqs.sendMessage({ ...input, MessageGroupId: 'g1' })
        const second = await sqs.sendMessage({ ...input, MessageGroupId: 'g2' })
        equal(second.MessageId, first.MessageId, 'MessageId')
      },
    },
    {
      name: 'With DeduplicationScope messageGroup the same id in another group is none',
      evidence: 'R',
      covers: ['SendMessage.MessageDeduplicationId', 'attribute.DeduplicationScope'],
      async run({ sqs, fifo, receive }) {
        const QueueUrl = await fifo({ DeduplicationScope: 'messageGroup' })
        const input = { QueueUrl, MessageBody: 'x', MessageDeduplicationId: 'd' }
        const first = await sqs.sendMessage({ ...input, MessageGroupId: 'g1' })
        const second = await sqs.sendMessage({ ...input, MessageGroupId: 'g2' })
        const again = await sqs.sendMessage({ ...input, MessageGroupId: 'g1' })
        check(second.MessageId !== first.MessageId, 'another MessageId', second.MessageId)
        equal(again.MessageId, first.MessageId, 'MessageId of the duplicate within a group')
        equal((await receive(QueueUrl)).length, 2, 'messages')
      },
    },
    {
      name: 'Content-based deduplication takes the SHA-256 of the body',
      covers: ['SendMessage.MessageDeduplicationId', 'attribute.ContentBasedDeduplication'],
      async run({ sqs, fifo, receiveOne }) {
        const QueueUrl = await fifo(CONTENT_BASED)
        await sqs.sendMessage({ QueueUrl, MessageBody: 'hello world', MessageGroupId: 'g' })
        const { Attributes } = await receiveOne(QueueUrl, { MessageSystemAttributeNames: ['MessageDeduplicationId'] })
        const hash = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9'
        equal(Attributes, { MessageDeduplicationId: hash }, 'Attributes')
      },
    },
    {
      name: 'Content-based deduplication looks at the body alone, not at the attributes',
      covers: ['SendMessage.MessageDeduplicationId', 'attribute.ContentBasedDeduplication'],
      async run({ sqs, fifo, receive }) {
        const QueueUrl = await fifo(CONTENT_BASED)
        const input = { QueueUrl, MessageBody: 'x', MessageGroupId: 'g' }
        const first = await sqs.sendMessage(input)
        const MessageAttributes = { a: { DataType: 'String', StringValue: 'v' } }
        equal((await sqs.sendMessage({ ...input, MessageAttributes })).MessageId, first.MessageId, 'MessageId')
        equal((await receive(QueueUrl)).length, 1, 'messages')
      },
    },
    {
      name: 'An explicit id beats the hash, and one that is the hash of an earlier body is its duplicate',
      evidence: 'R',
      covers: ['SendMessage.MessageDeduplicationId', 'attribute.ContentBasedDeduplication'],
      async run({ sqs, fifo }) {
        const QueueUrl = await fifo(CONTENT_BASED)
        const input = { QueueUrl, MessageBody: 'x', MessageGroupId: 'g' }
        const first = await sqs.sendMessage(input)
        const other = await sqs.sendMessage({ ...input, MessageDeduplicationId: 'other' })
        check(other.MessageId !== first.MessageId, 'another MessageId', other.MessageId)
        const hashed = await sqs.sendMessage({ ...input, MessageBody: 'y', MessageDeduplicationId: sha256('x') })
        equal(hashed.MessageId, first.MessageId, 'MessageId')
      },
    },
    {
      name: 'After ContentBasedDeduplication is turned off, sends need explicit ids',
      evidence: 'R',
      covers: ['SendMessage.MessageDeduplicationId', 'attribute.ContentBasedDeduplication'],
      async run({ sqs, fifo }) {
        const QueueUrl = await fifo(CONTENT_BASED)
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageGroupId: 'g' })
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { ContentBasedDeduplication: 'false' } })
        const call = sqs.sendMessage({ QueueUrl, MessageBody: 'y', MessageGroupId: 'g' })
        await fails(call, 'InvalidParameterValueException', NO_DEDUPLICATION)
      },
    },
    {
      name: 'A rejected send leaves no deduplication id behind',
      async run({ sqs, fifo, receive }) {
        const QueueUrl = await fifo()
        const ids = { QueueUrl, MessageGroupId: 'g', MessageDeduplicationId: 'd' }
        await fails(sqs.sendMessage({ ...ids, MessageBody: '\u0000' }), 'InvalidMessageContents')
        await sqs.sendMessage({ ...ids, MessageBody: 'x' })
        equal((await receive(QueueUrl)).length, 1, 'messages')
      },
    },
    {
      name: 'A later change of DeduplicationScope is shown and changes nothing',
      evidence: 'R',
      covers: ['SendMessage.MessageDeduplicationId', 'attribute.DeduplicationScope'],
      async run({ sqs, fifo, attribute }) {
        const QueueUrl = await fifo()
        const input = { QueueUrl, MessageBody: 'x', MessageDeduplicationId: 'd' }
        const first = await sqs.sendMessage({ ...input, MessageGroupId: 'g1' })
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { DeduplicationScope: 'messageGroup' } })
        equal(await attribute(QueueUrl, 'DeduplicationScope'), 'messageGroup', 'DeduplicationScope')
        const second = await sqs.sendMessage({ ...input, MessageGroupId: 'g2' })
        equal(second.MessageId, first.MessageId, 'MessageId')
      },
    },
    {
      name: 'PurgeQueue clears the deduplication memory, and unblocks groups',
      evidence: 'R',
      covers: ['PurgeQueue'],
      async run({ sqs, fifo, receiveOne }) {
        const QueueUrl = await fifo()
        const input = { QueueUrl, MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' }
        const first = await sqs.sendMessage(input)
        await receiveOne(QueueUrl)
        await sqs.purgeQueue({ QueueUrl })
        const second = await sqs.sendMessage(input)
        check(second.MessageId !== first.MessageId, 'another MessageId', second.MessageId)
        await receiveOne(QueueUrl)
      },
    },
  ]),
  ...defineCases({ feature: 'fifo', covers: ['SendMessageBatch.Entries'] }, [
    {
      name: 'A FIFO batch is enqueued in the order of the request, each entry with its SequenceNumber',
      async run({ sqs, fifo, receive }) {
        const QueueUrl = await fifo(CONTENT_BASED)
        const bodies = Array.from({ length: 10 }, (_, i) => `m${i}`)
        const Entries = bodies.map((MessageBody, i) => ({ Id: `e${9 - i}`, MessageBody, MessageGroupId: 'g' }))
        const { Successful = [] } = await sqs.sendMessageBatch({ QueueUrl, Entries })
        const numbers = Successful.map(({ SequenceNumber }) => SequenceNumber ?? '')
        equal([...numbers].sort(), numbers, 'rising sequence numbers')
        equal(new Set(numbers).size, 10, 'different sequence numbers')
        equal(
          (await receive(QueueUrl)).map(({ Body }) => Body),
          bodies,
          'the bodies',
        )
      },
    },
    {
      name: 'Entries of a FIFO batch are deduplicated among each other',
      async run({ sqs, fifo, receive }) {
        const QueueUrl = await fifo()
        const entry = { MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' }
        const Entries = ['a', 'b'].map((Id) => ({ Id, ...entry }))
        const { Successful = [] } = await sqs.sendMessageBatch({ QueueUrl, Entries })
        equal(
          Successful.map(({ Id }) => Id),
          ['a', 'b'],
          'ids',
        )
        equal(Successful[1]?.MessageId, Successful[0]?.MessageId, 'MessageId')
        equal((await receive(QueueUrl)).length, 1, 'messages')
      },
    },
    ...(
      [
        ['DelaySeconds 1', { DelaySeconds: 1 }],
        ['a bad MessageGroupId', { MessageGroupId: 'a b' }],
        ['a bad MessageDeduplicationId', { MessageDeduplicationId: 'a b' }],
        ["a body over the queue's limit", { MessageBody: 'x'.repeat(1_025) }],
      ] as const
    ).map(
      ([what, bad]): CaseDraft => ({
        name: `An entry with ${what} fails the whole FIFO batch`,
        evidence: 'S',
        async run({ sqs, fifo, receiveNothing }) {
          const QueueUrl = await fifo({ MaximumMessageSize: '1024' })
          const entry = { MessageBody: 'x', MessageGroupId: 'g' }
          const Entries = [
            { Id: 'a', ...entry, MessageDeduplicationId: 'd1' },
            { Id: 'b', ...entry, MessageDeduplicationId: 'd2', ...bad },
          ]
          await fails(sqs.sendMessageBatch({ QueueUrl, Entries }), 'InvalidParameterValueException')
          await receiveNothing(QueueUrl)
        },
      }),
    ),
    ...(
      [
        [
          'no MessageGroupId',
          { MessageDeduplicationId: 'd2' },
          'The request must contain the parameter MessageGroupId.',
        ],
        ['no deduplication id', { MessageGroupId: 'g' }, NO_DEDUPLICATION],
      ] as const
    ).map(
      ([what, ids, text]): CaseDraft => ({
        name: `An entry with ${what} fails the whole FIFO batch with InvalidParameterValue`,
        evidence: 'R',
        async run({ sqs, fifo, receiveNothing }) {
          const QueueUrl = await fifo()
          const Entries = [
            { Id: 'a', MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' },
            { Id: 'b', MessageBody: 'x', ...ids },
          ]
          await fails(sqs.sendMessageBatch({ QueueUrl, Entries }), 'InvalidParameterValueException', text)
          await receiveNothing(QueueUrl)
        },
      }),
    ),
  ]),
])
