import { type CaseDraft, defineCases } from '../case.ts'
import { equal, fails } from '../expect.ts'

/** Rules of MessageGroupId on standard queues. */
export const fairQueueCases = defineCases({ feature: 'fair-queues', covers: ['SendMessage.MessageGroupId'] }, [
  {
    name: 'MessageGroupId on a standard queue comes back, without SequenceNumber and deduplication',
    evidence: 'R',
    async run({ sqs, queue, receive }) {
      const QueueUrl = await queue()
      for (let i = 0; i < 2; i += 1) {
        const sent = await sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageGroupId: 'tenant' })
        equal(sent.SequenceNumber, undefined, 'SequenceNumber')
      }
      const MessageSystemAttributeNames = ['MessageGroupId', 'SequenceNumber', 'MessageDeduplicationId']
      const messages = await receive(QueueUrl, { MessageSystemAttributeNames })
      const attributes = messages.map(({ Attributes }) => Attributes)
      equal(attributes, [{ MessageGroupId: 'tenant' }, { MessageGroupId: 'tenant' }], 'Attributes')
    },
  },
  {
    name: 'A group of a standard queue does not block',
    evidence: 'R',
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      for (const MessageBody of ['1', '2']) {
        await sqs.sendMessage({ QueueUrl, MessageBody, MessageGroupId: 'tenant' })
      }
      await receiveOne(QueueUrl, { MaxNumberOfMessages: 1 })
      await receiveOne(QueueUrl, { MaxNumberOfMessages: 1 })
    },
  },
  {
    name: 'An entry of a batch may have a MessageGroupId on a standard queue',
    evidence: 'R',
    covers: ['SendMessageBatch.Entries'],
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      const Entries = [{ Id: 'a', MessageBody: 'x', MessageGroupId: 'tenant' }]
      equal((await sqs.sendMessageBatch({ QueueUrl, Entries })).Failed, undefined, 'Failed')
      const { Attributes } = await receiveOne(QueueUrl, { MessageSystemAttributeNames: ['MessageGroupId'] })
      equal(Attributes, { MessageGroupId: 'tenant' }, 'Attributes')
    },
  },
  {
    name: 'A quiet tenant is served before a noisy one that has more than a tenth of all, and 30, in flight',
    async run({ sqs, queue, receive, receiveOne, until }) {
      const QueueUrl = await queue({ VisibilityTimeout: '600' })
      for (let batch = 0; batch < 5; batch += 1) {
        const Entries = Array.from({ length: 9 }, (_, i) => ({
          Id: `e${i}`,
          MessageBody: 'x',
          MessageGroupId: 'noisy',
        }))
        equal((await sqs.sendMessageBatch({ QueueUrl, Entries })).Failed, undefined, 'Failed')
      }
      let inFlight = 0
      await until('40 messages are in flight', 20, async () => {
        inFlight += (await receive(QueueUrl, { MaxNumberOfMessages: Math.min(10, 40 - inFlight) })).length
        return inFlight === 40 ? true : undefined
      })
      await sqs.sendMessage({ QueueUrl, MessageBody: 'y', MessageGroupId: 'quiet' })
      equal((await receiveOne(QueueUrl, { MaxNumberOfMessages: 1 })).Body, 'y', 'the body')
    },
  },
  ...['', 'a b', 'x'.repeat(129)].map(
    (MessageGroupId): CaseDraft => ({
      name: `MessageGroupId on a standard queue refuses ${MessageGroupId.length > 128 ? '129 characters' : JSON.stringify(MessageGroupId)}`,
      evidence: 'R',
      async run({ sqs, queue }) {
        const call = sqs.sendMessage({ QueueUrl: await queue(), MessageBody: 'x', MessageGroupId })
        await fails(
          call,
          'InvalidParameterValueException',
          `Value ${MessageGroupId} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
        )
      },
    }),
  ),
])
