import { type CaseDraft, defineCases } from '../case.ts'
import { equal, fails } from '../expect.ts'

const invalidHandle = (handle: string) => `The input receipt handle "${handle}" is not a valid receipt handle.`

const MISSING_HANDLE = 'The request must contain the parameter ReceiptHandle.'

/** Rules of DeleteMessage and DeleteMessageBatch on standard queues. */
export const deleteMessageCases = defineCases({ covers: ['DeleteMessage', 'DeleteMessage.ReceiptHandle'] }, [
  {
    name: 'DeleteMessage removes a message in flight, and answers nothing',
    async run({ sqs, queue, receiveOne, attribute, until }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const { ReceiptHandle } = await receiveOne(QueueUrl)
      equal(await sqs.deleteMessage({ QueueUrl, ReceiptHandle }), {}, 'the output')
      await until('nothing is in flight', 5, async () =>
        (await attribute(QueueUrl, 'ApproximateNumberOfMessagesNotVisible')) === '0' ? true : undefined,
      )
    },
  },
  {
    name: 'DeleteMessage of a deleted message succeeds, any number of times',
    evidence: 'R',
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const { ReceiptHandle } = await receiveOne(QueueUrl)
      for (let i = 0; i < 3; i += 1) await sqs.deleteMessage({ QueueUrl, ReceiptHandle })
    },
  },
  {
    name: 'DeleteMessage by the newest handle works after its timeout, and removes the message',
    evidence: 'R',
    async run({ sqs, queue, receiveOne, receiveNothing }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const { ReceiptHandle } = await receiveOne(QueueUrl, { VisibilityTimeout: 0 })
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle })
      await receiveNothing(QueueUrl)
    },
  },
  {
    name: 'DeleteMessage by an older handle succeeds on a standard queue',
    evidence: 'S',
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const { ReceiptHandle } = await receiveOne(QueueUrl, { VisibilityTimeout: 0 })
      await receiveOne(QueueUrl)
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle })
    },
  },
  {
    name: 'DeleteMessage by an older handle removes the message of a standard queue',
    evidence: 'S',
    async run({ sqs, queue, receiveOne, receiveNothing }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const { ReceiptHandle } = await receiveOne(QueueUrl, { VisibilityTimeout: 0 })
      await receiveOne(QueueUrl, { VisibilityTimeout: 0 })
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle })
      await receiveNothing(QueueUrl)
    },
  },
  {
    name: 'DeleteMessage with a handle that was never issued is ReceiptHandleIsInvalid, 404',
    evidence: 'R',
    async run({ sqs, queue }) {
      const call = sqs.deleteMessage({ QueueUrl: await queue(), ReceiptHandle: 'garbage' })
      await fails(call, 'ReceiptHandleIsInvalid', invalidHandle('garbage'))
    },
  },
  {
    name: 'DeleteMessage with a handle of another queue is ReceiptHandleIsInvalid, and the message stays',
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const { ReceiptHandle } = await receiveOne(QueueUrl, { VisibilityTimeout: 0 })
      await fails(sqs.deleteMessage({ QueueUrl: await queue(), ReceiptHandle }), 'ReceiptHandleIsInvalid')
      await receiveOne(QueueUrl)
    },
  },
  {
    name: 'DeleteMessage with a handle that was changed in one character is ReceiptHandleIsInvalid',
    evidence: 'S',
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const { ReceiptHandle } = await receiveOne(QueueUrl, { VisibilityTimeout: 0 })
      const middle = Math.floor(ReceiptHandle.length / 2)
      const other = ReceiptHandle.charAt(middle) === 'A' ? 'B' : 'A'
      const changed = ReceiptHandle.slice(0, middle) + other + ReceiptHandle.slice(middle + 1)
      await fails(sqs.deleteMessage({ QueueUrl, ReceiptHandle: changed }), 'ReceiptHandleIsInvalid')
      await receiveOne(QueueUrl)
    },
  },
  ...[{}, { ReceiptHandle: '' }].map(
    (input): CaseDraft => ({
      name: `DeleteMessage with ${'ReceiptHandle' in input ? 'an empty' : 'no'} handle is a MissingParameter`,
      evidence: 'S',
      async run({ sqs, queue }) {
        const call = sqs.deleteMessage({ QueueUrl: await queue(), ...input })
        await fails(call, 'MissingRequiredParameterException', MISSING_HANDLE)
      },
    }),
  ),
  ...defineCases({ covers: ['DeleteMessageBatch', 'DeleteMessageBatch.Entries'] }, [
    {
      name: 'DeleteMessageBatch removes ten messages and answers their ids in order',
      async run({ sqs, queue, receive, until, attribute }) {
        const QueueUrl = await queue()
        const ids = Array.from({ length: 10 }, (_, i) => `e${i}`)
        await sqs.sendMessageBatch({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody: Id })) })
        const handles: (string | undefined)[] = []
        await until('all are received', 10, async () => {
          handles.push(...(await receive(QueueUrl)).map(({ ReceiptHandle }) => ReceiptHandle))
          return handles.length === 10 ? true : undefined
        })
        const Entries = ids.map((Id, i) => ({ Id, ReceiptHandle: handles[i] }))
        const output = await sqs.deleteMessageBatch({ QueueUrl, Entries })
        equal(output, { Successful: ids.map((Id) => ({ Id })) }, 'the output')
        equal(await attribute(QueueUrl, 'ApproximateNumberOfMessagesNotVisible'), '0', 'in flight')
      },
    },
    {
      name: 'DeleteMessageBatch fails an entry with a bad handle alone',
      evidence: 'R',
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl)
        const Entries = [
          { Id: 'a', ReceiptHandle },
          { Id: 'b', ReceiptHandle: 'nonsense' },
        ]
        const { Successful, Failed = [] } = await sqs.deleteMessageBatch({ QueueUrl, Entries })
        equal(Successful, [{ Id: 'a' }], 'Successful')
        const [failed] = Failed
        const expected = {
          Id: 'b',
          SenderFault: true,
          Code: 'ReceiptHandleIsInvalid',
          Message: invalidHandle('nonsense'),
        }
        equal(sortedMembers(failed), sortedMembers(expected), 'the failed entry')
        equal(Failed.length, 1, 'failed entries')
      },
    },
    {
      name: 'DeleteMessageBatch fails an entry without a handle alone, as MissingParameter',
      evidence: 'S',
      async run({ sqs, queue }) {
        const { Successful, Failed } = await sqs.deleteMessageBatch({ QueueUrl: await queue(), Entries: [{ Id: 'a' }] })
        equal(Successful, undefined, 'Successful')
        equal(
          Failed?.map(({ Id, Code }) => [Id, Code]),
          [['a', 'MissingParameter']],
          'Failed',
        )
      },
    },
    {
      name: 'DeleteMessageBatch takes the same handle in two entries',
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { ReceiptHandle } = await receiveOne(QueueUrl)
        const Entries = ['a', 'b'].map((Id) => ({ Id, ReceiptHandle }))
        const output = await sqs.deleteMessageBatch({ QueueUrl, Entries })
        equal(output, { Successful: [{ Id: 'a' }, { Id: 'b' }] }, 'the output')
      },
    },
    {
      name: 'DeleteMessageBatch without entries is EmptyBatchRequest',
      evidence: 'R',
      protocols: ['json'],
      async run({ sqs, queue }) {
        const text = 'There should be at least one DeleteMessageBatchRequestEntry in the request.'
        await fails(sqs.deleteMessageBatch({ QueueUrl: await queue(), Entries: [] }), 'EmptyBatchRequest', text)
      },
    },
    {
      name: 'DeleteMessageBatch with eleven entries is TooManyEntriesInBatchRequest',
      evidence: 'R',
      async run({ sqs, queue }) {
        const Entries = Array.from({ length: 11 }, (_, i) => ({ Id: `e${i}`, ReceiptHandle: 'x' }))
        const text = 'Maximum number of entries per request are 10. You have sent 11.'
        await fails(sqs.deleteMessageBatch({ QueueUrl: await queue(), Entries }), 'TooManyEntriesInBatchRequest', text)
      },
    },
    {
      name: 'DeleteMessageBatch refuses repeated and illegal ids',
      evidence: 'R',
      async run({ sqs, queue }) {
        const QueueUrl = await queue()
        const batch = (...ids: string[]) =>
          sqs.deleteMessageBatch({ QueueUrl, Entries: ids.map((Id) => ({ Id, ReceiptHandle: 'x' })) })
        await fails(batch('a', 'a'), 'BatchEntryIdsNotDistinct', 'Id a repeated.')
        await fails(batch('a b'), 'InvalidBatchEntryId')
      },
    },
  ]),
])

/** The order of members is not the point. */
function sortedMembers(entry: object | undefined) {
  return entry && Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))
}
