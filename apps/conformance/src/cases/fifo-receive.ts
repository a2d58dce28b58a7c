import { type CaseDraft, defineCases } from '../case.ts'
import type { Context } from '../context.ts'
import { check, equal, fails } from '../expect.ts'

/** Sends messages named `<group>-<number>`, one after the other, and returns the URL of their queue. */
async function filled({ sqs, fifo }: Context, ...bodies: readonly string[]): Promise<string> {
  const QueueUrl = await fifo()
  for (const body of bodies) await send({ sqs }, QueueUrl, body)
  return QueueUrl
}

async function send({ sqs }: Pick<Context, 'sqs'>, QueueUrl: string, body: string): Promise<void> {
  const [MessageGroupId] = body.split('-')
  await sqs.sendMessage({ QueueUrl, MessageBody: body, MessageGroupId, MessageDeduplicationId: body })
}

/** Receives and returns bodies with their handles. */
async function take({ receive }: Context, QueueUrl: string, input: Parameters<Context['receive']>[1] = {}) {
  const messages = await receive(QueueUrl, input)
  return {
    bodies: messages.map(({ Body }) => Body),
    handleOf: (body: string) => messages.find(({ Body }) => Body === body)?.ReceiptHandle ?? '',
  }
}

const expired = (handle: string) =>
  `Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`

const notAvailable = (handle: string) =>
  `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`

const IN_FLIGHT: readonly (readonly [what: string, extended: string, back: readonly string[]])[] = [
  ['the first', 'a-1', []],
  ['the second', 'a-2', ['a-1']],
  ['the third', 'a-3', ['a-1', 'a-2']],
]

/** Rules of receiving from FIFO queues: order, blocking, handles, attempts. */
export const fifoReceiveCases = defineCases({ feature: 'fifo', evidence: 'R', covers: ['ReceiveMessage'] }, [
  {
    name: 'A receive takes as many as it can from one group, in order, before the next group',
    async run(context) {
      const QueueUrl = await filled(context, 'a-1', 'b-1', 'a-2', 'a-3')
      equal((await take(context, QueueUrl)).bodies, ['a-1', 'a-2', 'a-3', 'b-1'], 'the bodies')
    },
  },
  {
    name: 'While a message of a group is in flight, nothing of the group is delivered, new messages neither',
    async run(context) {
      const QueueUrl = await filled(context, 'a-1', 'a-2')
      equal((await take(context, QueueUrl, { MaxNumberOfMessages: 1 })).bodies, ['a-1'], 'the bodies')
      await send(context, QueueUrl, 'a-3')
      await context.receiveNothing(QueueUrl)
    },
  },
  {
    name: 'A blocked group does not block the others',
    async run(context) {
      const QueueUrl = await filled(context, 'a-1', 'a-2', 'b-1')
      await take(context, QueueUrl, { MaxNumberOfMessages: 1 })
      equal((await take(context, QueueUrl)).bodies, ['b-1'], 'the bodies')
    },
  },
  {
    name: 'A group that was served goes behind the others',
    async run(context) {
      const QueueUrl = await filled(context, 'a-1', 'a-2', 'b-1')
      const first = await take(context, QueueUrl, { MaxNumberOfMessages: 1 })
      await context.sqs.deleteMessage({ QueueUrl, ReceiptHandle: first.handleOf('a-1') })
      equal((await take(context, QueueUrl, { MaxNumberOfMessages: 1 })).bodies, ['b-1'], 'the bodies')
    },
  },
  ...IN_FLIGHT.map(
    ([what, extended, back]): CaseDraft => ({
      name: `Of three received together, ${what} extended and the others timed out, ${back.join(' and ') || 'none'} comes back`,
      covers: ['ReceiveMessage', 'ChangeMessageVisibility'],
      async run(context) {
        const QueueUrl = await filled(context, 'a-1', 'a-2', 'a-3')
        const { handleOf } = await take(context, QueueUrl, { VisibilityTimeout: 2 })
        const ReceiptHandle = handleOf(extended)
        await context.sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 600 })
        const { bodies } = await take(context, QueueUrl, { WaitTimeSeconds: 4 })
        equal(bodies, back, 'the bodies after the timeout')
      },
    }),
  ),
  {
    name: 'Of two in flight, the first deleted, the rest of the group stays blocked behind the second',
    covers: ['ReceiveMessage', 'DeleteMessage'],
    async run(context) {
      const QueueUrl = await filled(context, 'a-1', 'a-2', 'a-3')
      const { handleOf } = await take(context, QueueUrl, { MaxNumberOfMessages: 2 })
      await context.sqs.deleteMessage({ QueueUrl, ReceiptHandle: handleOf('a-1') })
      await context.receiveNothing(QueueUrl)
    },
  },
  {
    name: 'Of two in flight, the first set to timeout 0, it is delivered alone',
    covers: ['ReceiveMessage', 'ChangeMessageVisibility'],
    async run(context) {
      const QueueUrl = await filled(context, 'a-1', 'a-2', 'a-3')
      const { handleOf } = await take(context, QueueUrl, { MaxNumberOfMessages: 2 })
      const ReceiptHandle = handleOf('a-1')
      await context.sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })
      equal((await take(context, QueueUrl)).bodies, ['a-1'], 'the bodies')
    },
  },
  {
    name: 'Deleting the last message in flight unblocks the group and wakes a long poll',
    covers: ['ReceiveMessage.WaitTimeSeconds', 'DeleteMessage'],
    async run(context) {
      const QueueUrl = await filled(context, 'a-1', 'a-2')
      const { handleOf } = await take(context, QueueUrl, { MaxNumberOfMessages: 1 })
      const startedAt = performance.now()
      const poll = take(context, QueueUrl, { WaitTimeSeconds: 20 })
      // Round trips that give the poll the time to arrive.
      for (let i = 0; i < 5; i += 1) await context.attribute(QueueUrl, 'QueueArn')
      await context.sqs.deleteMessage({ QueueUrl, ReceiptHandle: handleOf('a-1') })
      equal((await poll).bodies, ['a-2'], 'the bodies')
      const seconds = (performance.now() - startedAt) / 1_000
      check(seconds < 10, 'an answer soon after the delete', `${seconds} s`)
    },
  },
  {
    name: 'Received with timeout 0, the same messages come again in order',
    covers: ['ReceiveMessage.VisibilityTimeout'],
    async run(context) {
      const QueueUrl = await filled(context, 'a-1', 'a-2', 'a-3')
      for (let i = 0; i < 3; i += 1) {
        equal((await take(context, QueueUrl, { VisibilityTimeout: 0 })).bodies, ['a-1', 'a-2', 'a-3'], 'the bodies')
      }
    },
  },
  {
    name: 'After timeouts the original order is back',
    covers: ['ReceiveMessage.VisibilityTimeout'],
    async run(context) {
      const QueueUrl = await filled(context, 'a-1', 'a-2')
      await take(context, QueueUrl, { VisibilityTimeout: 1 })
      await send(context, QueueUrl, 'a-3')
      equal((await take(context, QueueUrl, { WaitTimeSeconds: 10 })).bodies, ['a-1', 'a-2', 'a-3'], 'the bodies')
    },
  },
  {
    name: 'Blocked messages count as visible, not as in flight',
    covers: ['attribute.ApproximateNumberOfMessages', 'attribute.ApproximateNumberOfMessagesNotVisible'],
    async run(context) {
      const QueueUrl = await filled(context, 'a-1', 'a-2', 'a-3')
      await take(context, QueueUrl, { MaxNumberOfMessages: 1 })
      equal(await context.attribute(QueueUrl, 'ApproximateNumberOfMessages'), '2', 'visible')
      equal(await context.attribute(QueueUrl, 'ApproximateNumberOfMessagesNotVisible'), '1', 'in flight')
    },
  },
  ...defineCases({ feature: 'fifo', evidence: 'R', covers: ['DeleteMessage.ReceiptHandle'] }, [
    {
      name: 'On a FIFO queue a delete after the timeout fails, and the message stays',
      async run(context) {
        const QueueUrl = await filled(context, 'a-1')
        const ReceiptHandle = (await take(context, QueueUrl, { VisibilityTimeout: 0 })).handleOf('a-1')
        const call = context.sqs.deleteMessage({ QueueUrl, ReceiptHandle })
        await fails(call, 'InvalidParameterValueException', expired(ReceiptHandle))
        equal((await take(context, QueueUrl)).bodies, ['a-1'], 'the bodies')
      },
    },
    {
      name: 'On a FIFO queue a delete by an older handle fails',
      evidence: 'S',
      async run(context) {
        const QueueUrl = await filled(context, 'a-1')
        const ReceiptHandle = (await take(context, QueueUrl, { VisibilityTimeout: 0 })).handleOf('a-1')
        await take(context, QueueUrl)
        const call = context.sqs.deleteMessage({ QueueUrl, ReceiptHandle })
        await fails(call, 'InvalidParameterValueException', expired(ReceiptHandle))
      },
    },
    {
      name: 'On a FIFO queue a delete after an extension works, and again',
      async run(context) {
        const QueueUrl = await filled(context, 'a-1')
        const ReceiptHandle = (await take(context, QueueUrl, { VisibilityTimeout: 2 })).handleOf('a-1')
        await context.sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 600 })
        equal((await take(context, QueueUrl, { WaitTimeSeconds: 3 })).bodies, [], 'the bodies past the first timeout')
        for (let i = 0; i < 2; i += 1) await context.sqs.deleteMessage({ QueueUrl, ReceiptHandle })
      },
    },
    {
      name: 'On a FIFO queue a change after the timeout fails',
      evidence: 'S',
      covers: ['ChangeMessageVisibility.ReceiptHandle'],
      async run(context) {
        const QueueUrl = await filled(context, 'a-1')
        const ReceiptHandle = (await take(context, QueueUrl, { VisibilityTimeout: 0 })).handleOf('a-1')
        const call = context.sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 10 })
        await fails(call, 'InvalidParameterValueException', notAvailable(ReceiptHandle))
      },
    },
    {
      name: 'On a FIFO queue a batch of deletes fails the expired entry alone',
      evidence: 'S',
      covers: ['DeleteMessageBatch.Entries'],
      async run(context) {
        const QueueUrl = await filled(context, 'a-1', 'b-1')
        const { handleOf } = await take(context, QueueUrl)
        const gone = handleOf('a-1')
        await context.sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle: gone, VisibilityTimeout: 0 })
        const Entries = ['a-1', 'b-1'].map((Id) => ({ Id, ReceiptHandle: handleOf(Id) }))
        const { Successful, Failed = [] } = await context.sqs.deleteMessageBatch({ QueueUrl, Entries })
        equal(Successful, [{ Id: 'b-1' }], 'Successful')
        const failed = Failed.map(({ Id, Code, Message }) => [Id, Code, Message])
        equal(failed, [['a-1', 'InvalidParameterValue', expired(gone)]], 'Failed')
      },
    },
  ]),
  ...defineCases({ feature: 'fifo', covers: ['ReceiveMessage.ReceiveRequestAttemptId'] }, [
    {
      name: 'A retry with the same ReceiveRequestAttemptId returns the same messages with the same handles',
      async run(context) {
        const QueueUrl = await filled(context, 'a-1', 'a-2')
        const input = { ReceiveRequestAttemptId: 'attempt-1' }
        const first = await context.receive(QueueUrl, input)
        equal(first.length, 2, 'messages')
        equal(await context.receive(QueueUrl, input), first, 'the messages of the retry')
        await context.receiveNothing(QueueUrl, { ReceiveRequestAttemptId: 'attempt-2' })
      },
    },
    {
      name: 'A retry after one of the messages was deleted is a receive of its own',
      async run(context) {
        const QueueUrl = await filled(context, 'a-1', 'b-1')
        const input = { ReceiveRequestAttemptId: 'attempt', MaxNumberOfMessages: 1 }
        const first = await take(context, QueueUrl, input)
        const [body = ''] = first.bodies
        await context.sqs.deleteMessage({ QueueUrl, ReceiptHandle: first.handleOf(body) })
        const second = await take(context, QueueUrl, input)
        equal(second.bodies, [body === 'a-1' ? 'b-1' : 'a-1'], 'the bodies')
      },
    },
  ]),
  ...defineCases({ feature: 'fifo', covers: ['attribute.DelaySeconds'] }, [
    {
      name: 'A change of DelaySeconds holds for messages that wait already, too',
      async run({ sqs, fifo, receiveOne, receiveNothing }) {
        const QueueUrl = await fifo({ DelaySeconds: '600', ContentBasedDeduplication: 'true' })
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageGroupId: 'g' })
        await receiveNothing(QueueUrl)
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { DelaySeconds: '0' } })
        await receiveOne(QueueUrl)
      },
    },
    {
      name: 'A delay of the queue ends in order',
      async run({ sqs, fifo, receive }) {
        const QueueUrl = await fifo({ DelaySeconds: '1', ContentBasedDeduplication: 'true' })
        for (const MessageBody of ['1', '2']) await sqs.sendMessage({ QueueUrl, MessageBody, MessageGroupId: 'g' })
        const bodies: (string | undefined)[] = []
        const first = await receive(QueueUrl, { WaitTimeSeconds: 10 })
        bodies.push(...first.map(({ Body }) => Body))
        for (const { ReceiptHandle } of first) await sqs.deleteMessage({ QueueUrl, ReceiptHandle })
        if (bodies.length < 2)
          bodies.push(...(await receive(QueueUrl, { WaitTimeSeconds: 10 })).map(({ Body }) => Body))
        equal(bodies, ['1', '2'], 'the bodies')
      },
    },
  ]),
])
