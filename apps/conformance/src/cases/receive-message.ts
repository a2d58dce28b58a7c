import { type CaseDraft, defineCases } from '../case.ts'
import { check, equal, fails, matches } from '../expect.ts'

const RANGES = [
  {
    name: 'MaxNumberOfMessages',
    min: 1,
    max: 10,
    text: (v: number) =>
      `Value ${v} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
    evidence: 'R',
  },
  {
    name: 'VisibilityTimeout',
    min: 0,
    max: 43_200,
    text: (v: number) =>
      `Value ${v} for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.`,
    evidence: 'S',
  },
  {
    name: 'WaitTimeSeconds',
    min: 0,
    max: 20,
    text: (v: number) =>
      `Value ${v} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.`,
    evidence: 'R',
  },
] as const

const rangeCases = RANGES.flatMap(({ name, min, max, text, evidence }): readonly CaseDraft[] => {
  const covers = [`ReceiveMessage.${name}`] as const
  return [
    ...[min, max].map(
      (value): CaseDraft => ({
        name: `ReceiveMessage takes ${name} ${value}`,
        covers,
        async run({ sqs, queue, receiveOne }) {
          const QueueUrl = await queue()
          await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
          await receiveOne(QueueUrl, { WaitTimeSeconds: 1, [name]: value })
        },
      }),
    ),
    ...[min - 1, max + 1].map(
      (value): CaseDraft => ({
        name: `ReceiveMessage refuses ${name} ${value}`,
        evidence,
        // The text names the longest time that the endpoint allows.
        ...(name === 'VisibilityTimeout' ? { feature: 'strict' } : undefined),
        covers,
        async run({ sqs, queue }) {
          const call = sqs.receiveMessage({ QueueUrl: await queue(), [name]: value })
          await fails(call, 'InvalidParameterValueException', text(value))
        },
      }),
    ),
  ]
})

/** Rules of ReceiveMessage on standard queues: amounts, waits, attributes, counters. */
export const receiveMessageCases = defineCases({ covers: ['ReceiveMessage'] }, [
  ...rangeCases,
  {
    name: 'An empty receive has no Messages',
    evidence: 'R',
    async run({ sqs, queue }) {
      equal(await sqs.receiveMessage({ QueueUrl: await queue() }), {}, 'the output')
    },
  },
  {
    name: 'A message has MessageId, ReceiptHandle, Body and MD5OfBody, and nothing that was not asked for',
    evidence: 'R',
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      const MessageAttributes = { a: { DataType: 'String', StringValue: 'v' } }
      const { MessageId } = await sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageAttributes })
      const message = await receiveOne(QueueUrl)
      equal(Object.keys(message).sort(), ['Body', 'MD5OfBody', 'MessageId', 'ReceiptHandle'], 'the members')
      equal(message.MessageId, MessageId, 'MessageId')
    },
  },
  {
    name: 'A receipt handle has at most 1,024 characters, of A–Z a–z 0–9 + / = - _',
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      matches((await receiveOne(QueueUrl)).ReceiptHandle, /^[A-Za-z0-9+/=_-]{1,1024}$/, 'ReceiptHandle')
    },
  },
  {
    name: 'ReceiveMessage returns one message by default',
    covers: ['ReceiveMessage.MaxNumberOfMessages'],
    async run({ sqs, queue }) {
      const QueueUrl = await queue()
      await sqs.sendMessageBatch({ QueueUrl, Entries: ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id })) })
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 2 })
      equal(Messages.length, 1, 'messages')
    },
  },
  {
    name: 'ReceiveMessage never returns more than MaxNumberOfMessages, nor a message twice while it is in flight',
    covers: ['ReceiveMessage.MaxNumberOfMessages'],
    async run({ sqs, queue, receive, receiveNothing, until }) {
      const QueueUrl = await queue()
      const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: `e${i}`, MessageBody: `m${i}` }))
      await sqs.sendMessageBatch({ QueueUrl, Entries })
      const bodies: (string | undefined)[] = []
      await until('all ten are received', 10, async () => {
        const messages = await receive(QueueUrl, { MaxNumberOfMessages: 4 })
        check(messages.length <= 4, 'at most 4 messages', messages.length)
        bodies.push(...messages.map(({ Body }) => Body))
        return bodies.length >= 10 ? true : undefined
      })
      equal(
        bodies.sort(),
        Entries.map(({ MessageBody }) => MessageBody),
        'the bodies',
      )
      await receiveNothing(QueueUrl)
    },
  },
  {
    name: 'A long poll answers as soon as there is one message and does not wait to fill the batch',
    covers: ['ReceiveMessage.WaitTimeSeconds', 'ReceiveMessage.MaxNumberOfMessages'],
    async run({ sqs, queue, receive, attribute }) {
      const QueueUrl = await queue()
      const startedAt = performance.now()
      const poll = receive(QueueUrl, { WaitTimeSeconds: 20 })
      // Round trips that give the poll the time to arrive.
      for (let i = 0; i < 5; i += 1) await attribute(QueueUrl, 'QueueArn')
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      equal((await poll).length, 1, 'messages')
      const seconds = (performance.now() - startedAt) / 1_000
      check(seconds < 10, 'an answer soon after the send', `${seconds} s`)
    },
  },
  {
    name: 'A long poll wakes when a delay ends',
    covers: ['ReceiveMessage.WaitTimeSeconds', 'SendMessage.DelaySeconds'],
    async run({ sqs, queue, receive }) {
      const QueueUrl = await queue()
      const startedAt = performance.now()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x', DelaySeconds: 1 })
      equal((await receive(QueueUrl, { WaitTimeSeconds: 20 })).length, 1, 'messages')
      const seconds = (performance.now() - startedAt) / 1_000
      check(seconds < 10, 'an answer soon after the delay', `${seconds} s`)
    },
  },
  {
    name: 'A long poll wakes when a visibility timeout ends',
    covers: ['ReceiveMessage.WaitTimeSeconds', 'ReceiveMessage.VisibilityTimeout'],
    async run({ sqs, queue, receive, receiveOne }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const startedAt = performance.now()
      await receiveOne(QueueUrl, { VisibilityTimeout: 1 })
      equal((await receive(QueueUrl, { WaitTimeSeconds: 20 })).length, 1, 'messages')
      const seconds = (performance.now() - startedAt) / 1_000
      check(seconds < 10, 'an answer soon after the timeout', `${seconds} s`)
    },
  },
  {
    name: 'A long poll that finds nothing ends empty when its time is over',
    covers: ['ReceiveMessage.WaitTimeSeconds'],
    async run({ sqs, queue }) {
      const QueueUrl = await queue()
      const startedAt = performance.now()
      equal(await sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 1 }), {}, 'the output')
      const seconds = (performance.now() - startedAt) / 1_000
      check(seconds > 0.8 && seconds < 10, 'an answer after about 1 s', `${seconds} s`)
    },
  },
  {
    name: 'A poll whose client has gone takes no message',
    covers: ['ReceiveMessage.WaitTimeSeconds'],
    protocols: ['json'],
    async run({ sqs, http, queue, attribute, receiveOne }) {
      const QueueUrl = await queue({ VisibilityTimeout: '600' })
      const abort = new AbortController()
      const poll = http({
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
        body: JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 }),
        signal: abort.signal,
      }).catch(() => undefined)
      for (let i = 0; i < 5; i += 1) await attribute(QueueUrl, 'QueueArn')
      abort.abort()
      await poll
      for (let i = 0; i < 5; i += 1) await attribute(QueueUrl, 'QueueArn')
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      equal((await receiveOne(QueueUrl)).Body, 'x', 'the body')
    },
  },
  {
    name: 'VisibilityTimeout of a receive beats that of the queue, and ends after its time',
    covers: ['ReceiveMessage.VisibilityTimeout'],
    async run({ sqs, queue, receive, receiveOne, receiveNothing }) {
      const QueueUrl = await queue({ VisibilityTimeout: '600' })
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      await receiveOne(QueueUrl, { VisibilityTimeout: 2 })
      await receiveNothing(QueueUrl)
      equal((await receive(QueueUrl, { WaitTimeSeconds: 10 })).length, 1, 'messages after the timeout')
      await receiveNothing(QueueUrl)
    },
  },
  {
    name: 'A message received with VisibilityTimeout 0 is visible at once, with a higher count and a new handle',
    covers: ['ReceiveMessage.VisibilityTimeout'],
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const input = { VisibilityTimeout: 0, MessageSystemAttributeNames: ['ApproximateReceiveCount'] }
      const first = await receiveOne(QueueUrl, input)
      const second = await receiveOne(QueueUrl, input)
      equal(first.Attributes, { ApproximateReceiveCount: '1' }, 'Attributes of the first delivery')
      equal(second.Attributes, { ApproximateReceiveCount: '2' }, 'Attributes of the second delivery')
      equal(second.MessageId, first.MessageId, 'MessageId')
      check(first.ReceiptHandle !== second.ReceiptHandle, 'another handle', second.ReceiptHandle)
      check(first.ReceiptHandle !== first.MessageId, 'a handle that is not the MessageId', first.ReceiptHandle)
    },
  },
  ...(['MessageSystemAttributeNames', 'AttributeNames'] as const).flatMap((parameter): readonly CaseDraft[] => [
    {
      name: `${parameter} All returns every system attribute that applies, as text`,
      covers: [`ReceiveMessage.${parameter}`],
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        const now = Date.now()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { Attributes = {} } = await receiveOne(QueueUrl, { [parameter]: ['All'] })
        const names = ['ApproximateFirstReceiveTimestamp', 'ApproximateReceiveCount', 'SenderId', 'SentTimestamp']
        equal(Object.keys(Attributes).sort(), names, 'the names')
        equal(Attributes.ApproximateReceiveCount, '1', 'ApproximateReceiveCount')
        for (const name of ['SentTimestamp', 'ApproximateFirstReceiveTimestamp']) {
          matches(Attributes[name], /^\d{13}$/, `${name}, milliseconds`)
          check(Math.abs(Number(Attributes[name]) - now) < 300_000, `about ${now}`, Attributes[name])
        }
        check(Attributes.SenderId !== '', 'a SenderId', Attributes.SenderId)
      },
    },
    {
      name: `${parameter} returns exactly the names asked for`,
      covers: [`ReceiveMessage.${parameter}`],
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const { Attributes = {} } = await receiveOne(QueueUrl, { [parameter]: ['SentTimestamp', 'SenderId'] })
        equal(Object.keys(Attributes).sort(), ['SenderId', 'SentTimestamp'], 'the names')
      },
    },
    {
      name: `${parameter} with names that do not apply returns the others`,
      evidence: 'R',
      covers: [`ReceiveMessage.${parameter}`],
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        const names = ['MessageGroupId', 'SequenceNumber', 'MessageDeduplicationId', 'DeadLetterQueueSourceArn']
        const one = await receiveOne(QueueUrl, { VisibilityTimeout: 0, [parameter]: names })
        equal(one.Attributes, undefined, 'Attributes when nothing applies')
        const { Attributes = {} } = await receiveOne(QueueUrl, { [parameter]: [...names, 'SentTimestamp'] })
        equal(Object.keys(Attributes), ['SentTimestamp'], 'the names')
      },
    },
  ]),
  {
    name: 'AttributeNames and MessageSystemAttributeNames are united in JSON',
    evidence: 'R',
    covers: ['ReceiveMessage.AttributeNames', 'ReceiveMessage.MessageSystemAttributeNames'],
    protocols: ['json'],
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const { Attributes = {} } = await receiveOne(QueueUrl, {
        AttributeNames: ['SenderId'],
        MessageSystemAttributeNames: ['SentTimestamp'],
      })
      equal(Object.keys(Attributes).sort(), ['SenderId', 'SentTimestamp'], 'the names')
    },
  },
  {
    name: 'A misspelt system attribute name is ignored',
    evidence: 'U',
    covers: ['ReceiveMessage.MessageSystemAttributeNames'],
    async run({ sqs, queue, receiveOne }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const { Attributes } = await receiveOne(QueueUrl, { MessageSystemAttributeNames: ['Nonsense'] })
      equal(Attributes, undefined, 'Attributes')
    },
  },
  {
    name: 'SentTimestamp and ApproximateFirstReceiveTimestamp stay the same over deliveries',
    covers: ['ReceiveMessage.MessageSystemAttributeNames'],
    async run({ sqs, queue, receive, receiveOne }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const MessageSystemAttributeNames = ['SentTimestamp', 'ApproximateFirstReceiveTimestamp']
      const first = await receiveOne(QueueUrl, { VisibilityTimeout: 1, MessageSystemAttributeNames })
      const [second] = await receive(QueueUrl, { WaitTimeSeconds: 10, MessageSystemAttributeNames })
      equal(second?.Attributes, first.Attributes, 'Attributes')
    },
  },
  {
    name: 'ReceiveRequestAttemptId on a standard queue is ignored, not refused',
    covers: ['ReceiveMessage.ReceiveRequestAttemptId'],
    async run({ sqs, queue, receiveOne, receiveNothing }) {
      const QueueUrl = await queue()
      await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      await receiveOne(QueueUrl, { ReceiveRequestAttemptId: 'attempt' })
      await receiveNothing(QueueUrl, { ReceiveRequestAttemptId: 'attempt' })
    },
  },
  {
    name: 'The counters tell visible, in-flight and delayed messages apart',
    covers: [
      'attribute.ApproximateNumberOfMessages',
      'attribute.ApproximateNumberOfMessagesDelayed',
      'attribute.ApproximateNumberOfMessagesNotVisible',
    ],
    async run({ sqs, queue, receiveOne, until }) {
      const QueueUrl = await queue()
      const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id }))
      await sqs.sendMessageBatch({ QueueUrl, Entries })
      await sqs.sendMessage({ QueueUrl, MessageBody: 'later', DelaySeconds: 600 })
      const { ReceiptHandle } = await receiveOne(QueueUrl, { MaxNumberOfMessages: 1 })
      const counters = async () => {
        const names = ['', 'NotVisible', 'Delayed'].map((end) => `ApproximateNumberOfMessages${end}`)
        const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: names })
        return names.map((name) => Attributes[name]).join(' ')
      }
      const are = (wanted: string) =>
        until(`visible, in flight and delayed are ${wanted}`, 5, async () =>
          (await counters()) === wanted ? true : undefined,
        )
      await are('2 1 1')
      await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })
      await are('3 0 1')
      const again = await receiveOne(QueueUrl, { MaxNumberOfMessages: 1 })
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle: again.ReceiptHandle })
      await are('2 0 1')
    },
  },
  {
    name: 'Messages of a standard queue are delivered oldest first',
    evidence: 'S',
    async run({ sqs, queue, receive }) {
      const QueueUrl = await queue()
      const bodies = ['1', '2', '3', '4', '5']
      for (const MessageBody of bodies) await sqs.sendMessage({ QueueUrl, MessageBody })
      equal(
        (await receive(QueueUrl)).map(({ Body }) => Body),
        bodies,
        'the bodies',
      )
    },
  },
])
