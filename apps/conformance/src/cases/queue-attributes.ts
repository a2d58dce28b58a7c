import type { QueueAttribute } from '../api.ts'
import { type CaseDraft, defineCases } from '../case.ts'
import { check, equal, fails } from '../expect.ts'

interface IntegerRule {
  readonly name: QueueAttribute
  readonly min: number
  readonly max: number
  /** Other endpoints may allow more. */
  readonly isTime?: boolean
  readonly default: string
}

const INTEGERS: readonly IntegerRule[] = [
  { name: 'DelaySeconds', min: 0, max: 900, default: '0', isTime: true },
  { name: 'MaximumMessageSize', min: 1_024, max: 1_048_576, default: '1048576' },
  { name: 'MessageRetentionPeriod', min: 60, max: 1_209_600, default: '345600', isTime: true },
  { name: 'ReceiveMessageWaitTimeSeconds', min: 0, max: 20, default: '0' },
  { name: 'VisibilityTimeout', min: 0, max: 43_200, default: '30', isTime: true },
]

const integerCases = INTEGERS.flatMap(({ name, min, max, default: byDefault, isTime }): readonly CaseDraft[] => {
  const covers = ['CreateQueue.Attributes', 'SetQueueAttributes.Attributes', `attribute.${name}`] as const
  return [
    {
      name: `${name} is ${byDefault} by default`,
      covers: ['GetQueueAttributes', `attribute.${name}`],
      async run({ queue, attribute }) {
        equal(await attribute(await queue(), name), byDefault, name)
      },
    },
    ...[min, max].map(
      (value): CaseDraft => ({
        name: `${name} takes ${value} when a queue is created and when it is set`,
        covers,
        async run({ sqs, queue, attribute }) {
          const created = await queue({ [name]: String(value) })
          equal(await attribute(created, name), String(value), 'after CreateQueue')
          const QueueUrl = await queue()
          await sqs.setQueueAttributes({ QueueUrl, Attributes: { [name]: String(value) } })
          equal(await attribute(QueueUrl, name), String(value), 'after SetQueueAttributes')
        },
      }),
    ),
    ...[String(min - 1), String(max + 1), '', ' 100', '1e2', '100.0', '+100', 'x', '99999999999999999999'].map(
      (value): CaseDraft => ({
        name: `${name} refuses ${JSON.stringify(value)} when a queue is created and when it is set`,
        evidence: 'S',
        ...(isTime && value === String(max + 1) ? { feature: 'strict' } : undefined),
        covers,
        async run({ sqs, newName, queue, attribute }) {
          const text = `Invalid value for the parameter ${name}.`
          const Attributes = { [name]: value }
          await fails(sqs.createQueue({ QueueName: newName(), Attributes }), 'InvalidAttributeValue', text)
          const QueueUrl = await queue()
          await fails(sqs.setQueueAttributes({ QueueUrl, Attributes }), 'InvalidAttributeValue', text)
          equal(await attribute(QueueUrl, name), byDefault, 'the attribute afterwards')
        },
      }),
    ),
  ]
})

const READ_ONLY: readonly QueueAttribute[] = [
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
]

const readOnlyCases = READ_ONLY.map(
  (name): CaseDraft => ({
    name: `${name} cannot be set`,
    covers: ['CreateQueue.Attributes', 'SetQueueAttributes.Attributes', `attribute.${name}`],
    async run({ sqs, newName, queue }) {
      const Attributes = { [name]: '1' }
      const text = `Unknown Attribute ${name}.`
      await fails(sqs.createQueue({ QueueName: newName(), Attributes }), 'InvalidAttributeName', text)
      await fails(sqs.setQueueAttributes({ QueueUrl: await queue(), Attributes }), 'InvalidAttributeName', text)
    },
  }),
)

const FRESH_QUEUE = [
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
]

/** Rules of GetQueueAttributes, SetQueueAttributes and of the attributes of standard queues. */
export const queueAttributeCases = [
  ...defineCases({ covers: [] }, [...integerCases, ...readOnlyCases]),
  ...defineCases({ evidence: 'R', covers: ['GetQueueAttributes', 'GetQueueAttributes.AttributeNames'] }, [
    {
      name: 'GetQueueAttributes without names answers no Attributes',
      async run({ sqs, queue }) {
        equal(await sqs.getQueueAttributes({ QueueUrl: await queue() }), {}, 'the output')
      },
    },
    {
      name: 'GetQueueAttributes All of a fresh standard queue has exactly twelve attributes',
      async run({ sqs, queue }) {
        const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl: await queue(), AttributeNames: ['All'] })
        equal(Object.keys(Attributes).sort(), FRESH_QUEUE, 'the names')
      },
    },
    {
      name: 'GetQueueAttributes All beside a name is All',
      evidence: 'D',
      async run({ sqs, queue }) {
        const AttributeNames = ['QueueArn', 'All']
        const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl: await queue(), AttributeNames })
        equal(Object.keys(Attributes).sort(), FRESH_QUEUE, 'the names')
      },
    },
    {
      name: 'GetQueueAttributes answers exactly the names asked for, as text',
      evidence: 'D',
      async run({ sqs, queue }) {
        const AttributeNames = ['VisibilityTimeout', 'DelaySeconds']
        const { Attributes } = await sqs.getQueueAttributes({ QueueUrl: await queue(), AttributeNames })
        equal(Attributes, { VisibilityTimeout: '30', DelaySeconds: '0' }, 'Attributes')
      },
    },
    {
      name: 'GetQueueAttributes refuses an unknown name',
      async run({ sqs, queue }) {
        const AttributeNames = ['VisibilityTimeout', 'Nonsense']
        const call = sqs.getQueueAttributes({ QueueUrl: await queue(), AttributeNames })
        await fails(call, 'InvalidAttributeName', 'Unknown Attribute Nonsense.')
      },
    },
    {
      name: 'GetQueueAttributes refuses a name of the wrong case',
      async run({ sqs, queue }) {
        const call = sqs.getQueueAttributes({ QueueUrl: await queue(), AttributeNames: ['visibilityTimeout'] })
        await fails(call, 'InvalidAttributeName', 'Unknown Attribute visibilityTimeout.')
      },
    },
    {
      name: 'GetQueueAttributes refuses the empty name as "Unknown Attribute ."',
      async run({ sqs, queue }) {
        const call = sqs.getQueueAttributes({ QueueUrl: await queue(), AttributeNames: [''] })
        await fails(call, 'InvalidAttributeName', 'Unknown Attribute .')
      },
    },
    {
      name: 'GetQueueAttributes leaves out known names that do not apply, without an error',
      async run({ sqs, queue }) {
        const AttributeNames = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']
        AttributeNames.push('Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId')
        AttributeNames.push('KmsDataKeyReusePeriodSeconds')
        const QueueUrl = await queue()
        equal(await sqs.getQueueAttributes({ QueueUrl, AttributeNames }), {}, 'the output for names that do not apply')
        AttributeNames.push('DelaySeconds')
        const some = await sqs.getQueueAttributes({ QueueUrl, AttributeNames })
        equal(some, { Attributes: { DelaySeconds: '0' } }, 'the output with one more name, that applies')
      },
    },
    {
      name: 'QueueArn is arn:<partition>:sqs:<region>:<account>:<name>',
      evidence: 'D',
      covers: ['attribute.QueueArn'],
      async run({ queue, arn, target }) {
        const QueueUrl = await queue()
        const [account, name] = QueueUrl.split('/').slice(-2)
        const got = await arn(QueueUrl)
        equal(got.split(':').slice(2), ['sqs', target.region, account, name], 'the parts of the ARN')
        check(/^arn:aws[a-z-]*:/.test(got), 'an ARN that begins with arn:aws', got)
      },
    },
    {
      name: 'CreatedTimestamp and LastModifiedTimestamp are whole seconds since 1970',
      evidence: 'D',
      covers: ['attribute.CreatedTimestamp', 'attribute.LastModifiedTimestamp'],
      async run({ queue, attribute }) {
        const QueueUrl = await queue()
        const now = Date.now() / 1_000
        for (const name of ['CreatedTimestamp', 'LastModifiedTimestamp'] as const) {
          const value = await attribute(QueueUrl, name)
          check(/^\d{10}$/.test(value ?? ''), 'ten digits', value)
          check(Math.abs(Number(value) - now) < 300, `about ${Math.round(now)}`, value)
        }
      },
    },
    {
      name: 'LastModifiedTimestamp moves with SetQueueAttributes, CreatedTimestamp does not',
      evidence: 'D',
      covers: ['SetQueueAttributes', 'attribute.CreatedTimestamp', 'attribute.LastModifiedTimestamp'],
      async run({ sqs, queue, attribute, until }) {
        const QueueUrl = await queue()
        const created = await attribute(QueueUrl, 'CreatedTimestamp')
        const before = Number(await attribute(QueueUrl, 'LastModifiedTimestamp'))
        let seconds = 60
        await until('LastModifiedTimestamp moves', 5, async () => {
          seconds += 1
          await sqs.setQueueAttributes({ QueueUrl, Attributes: { VisibilityTimeout: String(seconds) } })
          return Number(await attribute(QueueUrl, 'LastModifiedTimestamp')) > before ? true : undefined
        })
        equal(await attribute(QueueUrl, 'CreatedTimestamp'), created, 'CreatedTimestamp')
      },
    },
  ]),
  ...defineCases({ covers: ['SetQueueAttributes', 'SetQueueAttributes.Attributes'] }, [
    {
      name: 'SetQueueAttributes changes several attributes and leaves the others',
      async run({ sqs, queue }) {
        const QueueUrl = await queue({ DelaySeconds: '7' })
        const Attributes = { VisibilityTimeout: '5', MaximumMessageSize: '2048' }
        await sqs.setQueueAttributes({ QueueUrl, Attributes })
        const AttributeNames = ['VisibilityTimeout', 'MaximumMessageSize', 'DelaySeconds']
        const got = await sqs.getQueueAttributes({ QueueUrl, AttributeNames })
        equal(got.Attributes, { ...Attributes, DelaySeconds: '7' }, 'the attributes')
      },
    },
    {
      name: 'SetQueueAttributes changes nothing when one value is bad',
      async run({ sqs, queue, attribute }) {
        const QueueUrl = await queue()
        const Attributes = { VisibilityTimeout: '5', DelaySeconds: '-1' }
        await fails(sqs.setQueueAttributes({ QueueUrl, Attributes }), 'InvalidAttributeValue')
        equal(await attribute(QueueUrl, 'VisibilityTimeout'), '30', 'VisibilityTimeout')
      },
    },
    {
      name: 'SetQueueAttributes refuses an unknown attribute and changes nothing',
      evidence: 'R',
      async run({ sqs, queue, attribute }) {
        const QueueUrl = await queue()
        const Attributes = { VisibilityTimeout: '5', Nonsense: '1' }
        const call = sqs.setQueueAttributes({ QueueUrl, Attributes })
        await fails(call, 'InvalidAttributeName', 'Unknown Attribute Nonsense.')
        equal(await attribute(QueueUrl, 'VisibilityTimeout'), '30', 'VisibilityTimeout')
      },
    },
    {
      name: 'SetQueueAttributes without attributes is a MissingParameter Attribute.Name',
      evidence: 'S',
      async run({ sqs, queue }) {
        const call = sqs.setQueueAttributes({ QueueUrl: await queue() })
        await fails(call, 'MissingRequiredParameterException', 'The request must contain the parameter Attribute.Name.')
      },
    },
    {
      name: 'CreateQueue refuses an unknown attribute and creates nothing',
      evidence: 'R',
      covers: ['CreateQueue', 'CreateQueue.Attributes'],
      async run({ sqs, newName }) {
        const QueueName = newName()
        const call = sqs.createQueue({ QueueName, Attributes: { Nonsense: '1' } })
        await fails(call, 'InvalidAttributeName', 'Unknown Attribute Nonsense.')
        await fails(sqs.getQueueUrl({ QueueName }), 'QueueDoesNotExist')
      },
    },
    {
      name: 'CreateQueue creates nothing when one value is bad',
      covers: ['CreateQueue', 'CreateQueue.Attributes'],
      async run({ sqs, newName }) {
        const QueueName = newName()
        const call = sqs.createQueue({ QueueName, Attributes: { DelaySeconds: '-1' } })
        await fails(call, 'InvalidAttributeValue')
        await fails(sqs.getQueueUrl({ QueueName }), 'QueueDoesNotExist')
      },
    },
    ...(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId'] as const).map(
      (name): CaseDraft => ({
        name: `${name} set to the empty string when there is none is accepted`,
        evidence: 'R',
        covers: ['SetQueueAttributes.Attributes', `attribute.${name}`],
        async run({ sqs, queue, attribute }) {
          const QueueUrl = await queue()
          await sqs.setQueueAttributes({ QueueUrl, Attributes: { [name]: '' } })
          equal(await attribute(QueueUrl, name), undefined, name)
        },
      }),
    ),
    {
      name: 'CreateQueue takes empty policies and keys, which are none',
      evidence: 'R',
      covers: ['CreateQueue.Attributes'],
      async run({ sqs, queue }) {
        const names = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId']
        const QueueUrl = await queue(Object.fromEntries(names.map((name) => [name, ''])))
        equal(await sqs.getQueueAttributes({ QueueUrl, AttributeNames: names }), {}, 'GetQueueAttributes')
      },
    },
    {
      name: 'A lower MaximumMessageSize holds for new messages, and those that are there stay',
      covers: ['attribute.MaximumMessageSize', 'SendMessage'],
      async run({ sqs, queue, receiveOne }) {
        const QueueUrl = await queue()
        const MessageBody = 'x'.repeat(1_025)
        await sqs.sendMessage({ QueueUrl, MessageBody })
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { MaximumMessageSize: '1024' } })
        await fails(sqs.sendMessage({ QueueUrl, MessageBody }), 'InvalidParameterValueException')
        equal((await receiveOne(QueueUrl)).Body, MessageBody, 'the body')
      },
    },
    {
      name: 'SqsManagedSseEnabled is true by default, can be false, and nothing else',
      covers: ['attribute.SqsManagedSseEnabled'],
      async run({ sqs, queue, attribute }) {
        const QueueUrl = await queue()
        equal(await attribute(QueueUrl, 'SqsManagedSseEnabled'), 'true', 'by default')
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { SqsManagedSseEnabled: 'false' } })
        equal(await attribute(QueueUrl, 'SqsManagedSseEnabled'), 'false', 'after it was set to false')
        const call = sqs.setQueueAttributes({ QueueUrl, Attributes: { SqsManagedSseEnabled: 'yes' } })
        await fails(call, 'InvalidAttributeValue', 'Invalid value for the parameter SqsManagedSseEnabled.')
      },
    },
    {
      name: 'VisibilityTimeout of the queue holds for later receives only',
      covers: ['attribute.VisibilityTimeout'],
      async run({ sqs, queue, receiveOne, receiveNothing }) {
        const QueueUrl = await queue({ VisibilityTimeout: '600' })
        await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
        await receiveOne(QueueUrl)
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { VisibilityTimeout: '0' } })
        await receiveNothing(QueueUrl)
        await sqs.sendMessage({ QueueUrl, MessageBody: 'y' })
        equal((await receiveOne(QueueUrl)).Body, 'y', 'the first receive of a later message')
        equal((await receiveOne(QueueUrl)).Body, 'y', 'the second receive of it, timeout 0')
      },
    },
    {
      name: 'DelaySeconds of the queue delays messages sent later, not those sent before',
      covers: ['attribute.DelaySeconds', 'SendMessage'],
      async run({ sqs, queue, receiveOne, receiveNothing }) {
        const QueueUrl = await queue()
        await sqs.sendMessage({ QueueUrl, MessageBody: 'before' })
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { DelaySeconds: '600' } })
        await sqs.sendMessage({ QueueUrl, MessageBody: 'after' })
        equal((await receiveOne(QueueUrl)).Body, 'before', 'the message sent before')
        await receiveNothing(QueueUrl)
      },
    },
    {
      name: 'ReceiveMessageWaitTimeSeconds of the queue makes receives wait',
      covers: ['attribute.ReceiveMessageWaitTimeSeconds', 'ReceiveMessage'],
      async run({ sqs, queue }) {
        const QueueUrl = await queue({ ReceiveMessageWaitTimeSeconds: '5' })
        await sqs.sendMessage({ QueueUrl, MessageBody: 'late', DelaySeconds: 1 })
        const { Messages = [] } = await sqs.receiveMessage({ QueueUrl })
        equal(Messages[0]?.Body, 'late', 'the message that becomes visible during the wait')
      },
    },
    {
      name: 'WaitTimeSeconds 0 beats the wait of the queue',
      covers: ['attribute.ReceiveMessageWaitTimeSeconds', 'ReceiveMessage.WaitTimeSeconds'],
      async run({ queue, receiveNothing }) {
        const QueueUrl = await queue({ ReceiveMessageWaitTimeSeconds: '20' })
        const startedAt = performance.now()
        await receiveNothing(QueueUrl, { WaitTimeSeconds: 0 })
        const seconds = (performance.now() - startedAt) / 1_000
        check(seconds < 10, 'an answer at once', `${seconds} s`)
      },
    },
  ]),
]
