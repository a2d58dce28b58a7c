import { type CaseDraft, defineCases } from '../case.ts'
import type { Context } from '../context.ts'
import { check, equal, fails } from '../expect.ts'

const policyOf = (deadLetterTargetArn: string, maxReceiveCount: number | string) =>
  JSON.stringify({ deadLetterTargetArn, maxReceiveCount })

/** A queue and the queue for its dead letters. */
async function pair({ queue, arn }: Context, maxReceiveCount = 1) {
  const target = await queue()
  const targetArn = await arn(target)
  const source = await queue({ RedrivePolicy: policyOf(targetArn, maxReceiveCount) })
  return { source, target, targetArn }
}

/** The text of an error about a policy. */
const invalidPolicy = (policy: string, reason: string) =>
  `Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}`

/** Policies that are wrong, made of the ARN of a queue that is there. */
const BAD_POLICIES: readonly (readonly [
  what: string,
  policy: (arn: string) => string,
  reason: string,
  evidence?: 'R' | 'S',
])[] = [
  [
    'no maxReceiveCount',
    (arn) => JSON.stringify({ deadLetterTargetArn: arn }),
    'Redrive policy does not contain mandatory attribute: maxReceiveCount.',
  ],
  [
    'no deadLetterTargetArn',
    () => '{"maxReceiveCount":1}',
    'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.',
  ],
  ...[0, -1, 1_001].map(
    (count) =>
      [
        `maxReceiveCount ${count}`,
        (arn: string) => policyOf(arn, count),
        `Invalid value for maxReceiveCount: ${count}, valid values are from 1 to 1000 both inclusive.`,
        'R',
      ] as const,
  ),
  [
    'another key',
    (arn) => JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1, extra: 1 }),
    'Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].',
  ],
  ['a target that is no ARN', () => policyOf('nonsense', 1), 'Dead-letter target ARN should be fully qualified ARN.'],
  [
    'a target of another service',
    (arn) => policyOf(arn.replace(':sqs:', ':sns:'), 1),
    'Only SQS queues are valid resources for deadLetterTargetArn.',
  ],
  [
    'a target in another region',
    (arn) => policyOf(arn.replace(/:sqs:[^:]+:/, ':sqs:xx-elsewhere-9:'), 1),
    'Dead-letter target must be in same region as the source.',
  ],
  [
    'a target of another account',
    (arn) => policyOf(arn.replace(/:\d{12}:/, ':999988887777:'), 1),
    'Dead-letter target owner should be same as the source.',
  ],
  ['a target that is not there', (arn) => policyOf(`${arn}-absent`, 1), 'Dead letter target does not exist.', 'R'],
]

const SYSTEM_NAMES = ['All']

/** Rules of RedrivePolicy, RedriveAllowPolicy, the automatic move and ListDeadLetterSourceQueues. */
export const deadLetterCases = defineCases({ feature: 'dead-letters', covers: ['attribute.RedrivePolicy'] }, [
  {
    name: 'RedrivePolicy comes back with the count as a number, keys in order, without spaces',
    evidence: 'R',
    async run({ sqs, queue, arn, attribute }) {
      const targetArn = await arn(await queue())
      const expected = policyOf(targetArn, 5)
      const given = `{ "maxReceiveCount" : "5", "deadLetterTargetArn" : "${targetArn}" }`
      equal(await attribute(await queue({ RedrivePolicy: given }), 'RedrivePolicy'), expected, 'after CreateQueue')
      const QueueUrl = await queue()
      await sqs.setQueueAttributes({ QueueUrl, Attributes: { RedrivePolicy: expected } })
      equal(await attribute(QueueUrl, 'RedrivePolicy'), expected, 'after SetQueueAttributes')
    },
  },
  ...[1, 1_000].map(
    (count): CaseDraft => ({
      name: `RedrivePolicy takes maxReceiveCount ${count}`,
      async run({ queue, arn, attribute }) {
        const RedrivePolicy = policyOf(await arn(await queue()), count)
        equal(await attribute(await queue({ RedrivePolicy }), 'RedrivePolicy'), RedrivePolicy, 'RedrivePolicy')
      },
    }),
  ),
  {
    name: 'RedrivePolicy set to the empty string is removed',
    evidence: 'R',
    async run(context) {
      const { source } = await pair(context)
      await context.sqs.setQueueAttributes({ QueueUrl: source, Attributes: { RedrivePolicy: '' } })
      equal(await context.attribute(source, 'RedrivePolicy'), undefined, 'RedrivePolicy')
    },
  },
  {
    name: 'RedrivePolicy that is no JSON map is an InvalidAttributeValue',
    evidence: 'S',
    async run({ sqs, queue }) {
      const QueueUrl = await queue()
      const text = 'Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map.'
      for (const RedrivePolicy of ['nonsense', '[]', '"x"']) {
        const call = sqs.setQueueAttributes({ QueueUrl, Attributes: { RedrivePolicy } })
        await fails(call, 'InvalidAttributeValue', text)
      }
    },
  },
  ...BAD_POLICIES.map(
    ([what, policy, reason, evidence = 'S']): CaseDraft => ({
      name: `RedrivePolicy with ${what} is an InvalidParameterValue`,
      evidence,
      async run({ sqs, queue, arn, attribute }) {
        const QueueUrl = await queue()
        const RedrivePolicy = policy(await arn(QueueUrl))
        const call = sqs.setQueueAttributes({ QueueUrl, Attributes: { RedrivePolicy } })
        await fails(call, 'InvalidParameterValueException', invalidPolicy(RedrivePolicy, reason))
        equal(await attribute(QueueUrl, 'RedrivePolicy'), undefined, 'RedrivePolicy afterwards')
      },
    }),
  ),
  {
    name: 'A queue may name itself as its dead-letter queue',
    evidence: 'R',
    async run({ sqs, queue, arn }) {
      const QueueUrl = await queue()
      const RedrivePolicy = policyOf(await arn(QueueUrl), 1)
      await sqs.setQueueAttributes({ QueueUrl, Attributes: { RedrivePolicy } })
    },
  },
  {
    name: 'CreateQueue repeated compares RedrivePolicy as JSON',
    covers: ['CreateQueue.Attributes', 'attribute.RedrivePolicy'],
    async run({ sqs, newName, queue, arn }) {
      const targetArn = await arn(await queue())
      const QueueName = newName()
      const first = await sqs.createQueue({ QueueName, Attributes: { RedrivePolicy: policyOf(targetArn, 5) } })
      const RedrivePolicy = `{"maxReceiveCount": "5", "deadLetterTargetArn": "${targetArn}"}`
      equal(await sqs.createQueue({ QueueName, Attributes: { RedrivePolicy } }), first, 'the answer')
      const other = sqs.createQueue({ QueueName, Attributes: { RedrivePolicy: policyOf(targetArn, 6) } })
      await fails(other, 'QueueNameExists')
    },
  },
  ...defineCases({ feature: 'dead-letters', evidence: 'R', covers: ['ReceiveMessage', 'attribute.RedrivePolicy'] }, [
    {
      name: 'maxReceiveCount 1 delivers once; the second receive moves the message instead of delivering it',
      async run(context) {
        const { source, target } = await pair(context)
        await context.sqs.sendMessage({ QueueUrl: source, MessageBody: 'x' })
        await context.receiveOne(source, { VisibilityTimeout: 0 })
        await context.receiveNothing(target)
        await context.receiveNothing(source)
        equal((await context.receiveOne(target)).Body, 'x', 'the body in the dead-letter queue')
        await context.receiveNothing(source)
      },
    },
    {
      name: 'A message is not moved when its timeout ends, but by the next receive',
      async run(context) {
        const { source, target } = await pair(context)
        await context.sqs.sendMessage({ QueueUrl: source, MessageBody: 'x' })
        await context.receiveOne(source, { VisibilityTimeout: 1 })
        equal((await context.receive(target, { WaitTimeSeconds: 3 })).length, 0, 'dead letters without a receive')
        equal(await context.attribute(source, 'ApproximateNumberOfMessages'), '1', 'messages in the source')
        await context.receiveNothing(source)
        await context.receiveOne(target)
      },
    },
    {
      name: 'A delete by the last handle still works after the timeout, before the next receive',
      async run(context) {
        const { source, target } = await pair(context)
        await context.sqs.sendMessage({ QueueUrl: source, MessageBody: 'x' })
        const { ReceiptHandle } = await context.receiveOne(source, { VisibilityTimeout: 0 })
        await context.sqs.deleteMessage({ QueueUrl: source, ReceiptHandle })
        await context.receiveNothing(source)
        await context.receiveNothing(target)
      },
    },
    {
      name: 'The receive that moves a message returns the others',
      async run(context) {
        const { source, target } = await pair(context)
        await context.sqs.sendMessage({ QueueUrl: source, MessageBody: 'dead' })
        await context.receiveOne(source, { VisibilityTimeout: 0 })
        await context.sqs.sendMessage({ QueueUrl: source, MessageBody: 'alive' })
        const bodies = (await context.receive(source)).map(({ Body }) => Body)
        equal(bodies, ['alive'], 'the bodies')
        equal((await context.receiveOne(target)).Body, 'dead', 'the dead letter')
      },
    },
    {
      name: 'Id, body, attributes and times are kept by the move; the receive count goes on; the source is told',
      async run(context) {
        const { source, target } = await pair(context)
        const MessageAttributes = { Hello: { DataType: 'String', StringValue: 'There' } }
        const { MessageId } = await context.sqs.sendMessage({ QueueUrl: source, MessageBody: 'x', MessageAttributes })
        const input = { MessageSystemAttributeNames: SYSTEM_NAMES, MessageAttributeNames: ['All'] }
        const before = await context.receiveOne(source, { VisibilityTimeout: 0, ...input })
        await context.receiveNothing(source)
        const after = await context.receiveOne(target, input)
        equal(after.MessageId, MessageId, 'MessageId')
        equal(after.MessageAttributes, MessageAttributes, 'MessageAttributes')
        equal(after.MD5OfMessageAttributes, 'a311262e065454b75da111d535b8dacd', 'MD5OfMessageAttributes')
        const expected = {
          ...before.Attributes,
          ApproximateReceiveCount: '2',
          DeadLetterQueueSourceArn: await context.arn(source),
        }
        equal(sorted(after.Attributes), sorted(expected), 'Attributes')
        check(after.ReceiptHandle !== before.ReceiptHandle, 'another handle', after.ReceiptHandle)
      },
    },
    {
      name: 'maxReceiveCount 2 delivers twice, whatever makes the message visible again',
      async run(context) {
        const { source, target } = await pair(context, 2)
        await context.sqs.sendMessage({ QueueUrl: source, MessageBody: 'x' })
        const { ReceiptHandle } = await context.receiveOne(source)
        await context.sqs.changeMessageVisibility({ QueueUrl: source, ReceiptHandle, VisibilityTimeout: 0 })
        await context.receiveOne(source, { VisibilityTimeout: 0 })
        await context.receiveNothing(source)
        await context.receiveOne(target)
      },
    },
    {
      name: 'A long poll on the dead-letter queue wakes by the move',
      covers: ['ReceiveMessage.WaitTimeSeconds', 'attribute.RedrivePolicy'],
      async run(context) {
        const { source, target } = await pair(context)
        await context.sqs.sendMessage({ QueueUrl: source, MessageBody: 'x' })
        await context.receiveOne(source, { VisibilityTimeout: 0 })
        const startedAt = performance.now()
        const poll = context.receive(target, { WaitTimeSeconds: 20 })
        // Round trips that give the poll the time to arrive.
        for (let i = 0; i < 5; i += 1) await context.attribute(target, 'QueueArn')
        await context.receiveNothing(source)
        equal((await poll).length, 1, 'dead letters')
        const seconds = (performance.now() - startedAt) / 1_000
        check(seconds < 10, 'an answer soon after the move', `${seconds} s`)
      },
    },
    {
      name: 'Lowering maxReceiveCount below the count of a message moves it at its next receive',
      evidence: 'D',
      async run(context) {
        const { source, target, targetArn } = await pair(context, 10)
        await context.sqs.sendMessage({ QueueUrl: source, MessageBody: 'x' })
        for (let i = 0; i < 2; i += 1) await context.receiveOne(source, { VisibilityTimeout: 0 })
        const Attributes = { RedrivePolicy: policyOf(targetArn, 1) }
        await context.sqs.setQueueAttributes({ QueueUrl: source, Attributes })
        await context.receiveNothing(source)
        await context.receiveOne(target)
      },
    },
    {
      name: 'Without the policy nothing is moved any more',
      evidence: 'D',
      async run(context) {
        const { source, target } = await pair(context)
        await context.sqs.sendMessage({ QueueUrl: source, MessageBody: 'x' })
        await context.receiveOne(source, { VisibilityTimeout: 0 })
        await context.sqs.setQueueAttributes({ QueueUrl: source, Attributes: { RedrivePolicy: '' } })
        await context.receiveOne(source)
        await context.receiveNothing(target)
      },
    },
    {
      name: 'A message whose dead-letter queue is gone is delivered as if there were no policy',
      evidence: 'U',
      async run(context) {
        const { source, target } = await pair(context)
        await context.sqs.sendMessage({ QueueUrl: source, MessageBody: 'x' })
        await context.receiveOne(source, { VisibilityTimeout: 0 })
        await context.sqs.deleteQueue({ QueueUrl: target })
        await context.receiveOne(source)
      },
    },
    {
      name: 'The dead-letter queue of a FIFO queue must be FIFO, and that of a standard queue standard',
      async run({ sqs, queue, fifo, arn }) {
        const [standard, ordered] = [await queue(), await fifo()]
        for (const [QueueUrl, target] of [
          [standard, ordered],
          [ordered, standard],
        ] as const) {
          const RedrivePolicy = policyOf(await arn(target), 1)
          const text = invalidPolicy(RedrivePolicy, 'Dead-letter queue must be same type of queue as the source..')
          const call = sqs.setQueueAttributes({ QueueUrl, Attributes: { RedrivePolicy } })
          await fails(call, 'InvalidParameterValueException', text)
        }
      },
    },
    {
      name: 'The move of a FIFO message unblocks its group and keeps the group',
      async run({ sqs, fifo, arn, receiveOne, receiveNothing }) {
        const content = { ContentBasedDeduplication: 'true' }
        const target = await fifo(content)
        const source = await fifo({ ...content, RedrivePolicy: policyOf(await arn(target), 1) })
        const group = { QueueUrl: source, MessageGroupId: 'g' }
        for (const MessageBody of ['1', '2']) await sqs.sendMessage({ ...group, MessageBody })
        await receiveOne(source, { MaxNumberOfMessages: 1, VisibilityTimeout: 0 })
        equal((await receiveOne(source)).Body, '2', 'the next message of the group')
        await receiveNothing(source)
        const { Attributes } = await receiveOne(target, { MessageSystemAttributeNames: SYSTEM_NAMES })
        equal(Attributes?.MessageGroupId, 'g', 'MessageGroupId')
      },
    },
    {
      name: 'The move of a FIFO message replaces its deduplication id by its MessageId, and gives it a new SequenceNumber',
      evidence: 'S',
      async run({ sqs, fifo, arn, receiveOne, receiveNothing }) {
        const target = await fifo()
        const source = await fifo({ RedrivePolicy: policyOf(await arn(target), 1) })
        const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' }
        const sent = await sqs.sendMessage({ QueueUrl: source, MessageBody: 'x', ...ids })
        await receiveOne(source, { VisibilityTimeout: 0 })
        await receiveNothing(source)
        const { Attributes = {} } = await receiveOne(target, { MessageSystemAttributeNames: SYSTEM_NAMES })
        equal(Attributes.MessageDeduplicationId, sent.MessageId, 'MessageDeduplicationId')
        check(Attributes.SequenceNumber !== sent.SequenceNumber, 'another SequenceNumber', Attributes.SequenceNumber)
      },
    },
    {
      name: 'Two FIFO messages of one body are both dead-lettered, content-based deduplication or not',
      async run({ sqs, fifo, arn, receiveOne, receiveNothing, receive }) {
        const content = { ContentBasedDeduplication: 'true' }
        const target = await fifo(content)
        const source = await fifo({ ...content, RedrivePolicy: policyOf(await arn(target), 1) })
        for (const id of ['1', '2']) {
          await sqs.sendMessage({ QueueUrl: source, MessageBody: 'x', MessageGroupId: id, MessageDeduplicationId: id })
          await receiveOne(source, { VisibilityTimeout: 0 })
          await receiveNothing(source)
        }
        equal((await receive(target)).length, 2, 'dead letters')
      },
    },
  ]),
  ...defineCases({ feature: 'dead-letters', covers: ['ListDeadLetterSourceQueues'] }, [
    {
      name: "ListDeadLetterSourceQueues of a queue that is nobody's is empty",
      evidence: 'R',
      async run({ sqs, queue }) {
        equal(await sqs.listDeadLetterSourceQueues({ QueueUrl: await queue() }), {}, 'the output')
      },
    },
    {
      name: 'ListDeadLetterSourceQueues lists the sources as queueUrls, by pages with a token while more remain',
      covers: [
        'ListDeadLetterSourceQueues',
        'ListDeadLetterSourceQueues.MaxResults',
        'ListDeadLetterSourceQueues.NextToken',
      ],
      async run(context) {
        const { source, target: QueueUrl, targetArn } = await pair(context)
        const second = await context.queue({ RedrivePolicy: policyOf(targetArn, 1) })
        const all = await context.sqs.listDeadLetterSourceQueues({ QueueUrl })
        equal([...(all.queueUrls ?? [])].sort(), [source, second].sort(), 'queueUrls')
        equal(all.NextToken, undefined, 'NextToken')
        const one = await context.sqs.listDeadLetterSourceQueues({ QueueUrl, MaxResults: 1 })
        equal(one.queueUrls?.length, 1, 'queues on the first page')
        const { NextToken } = one
        const rest = await context.sqs.listDeadLetterSourceQueues({ QueueUrl, MaxResults: 1, NextToken })
        equal([...(one.queueUrls ?? []), ...(rest.queueUrls ?? [])].sort(), [source, second].sort(), 'both pages')
        equal(rest.NextToken, undefined, 'NextToken of the last page')
      },
    },
    {
      name: 'ListDeadLetterSourceQueues refuses MaxResults 1001 and NextToken without MaxResults',
      evidence: 'S',
      covers: ['ListDeadLetterSourceQueues.MaxResults', 'ListDeadLetterSourceQueues.NextToken'],
      async run({ sqs, queue }) {
        const QueueUrl = await queue()
        const many = sqs.listDeadLetterSourceQueues({ QueueUrl, MaxResults: 1_001 })
        await fails(many, 'InvalidParameterValueException')
        const token = sqs.listDeadLetterSourceQueues({ QueueUrl, NextToken: 'x' })
        await fails(token, 'InvalidParameterValueException')
      },
    },
  ]),
  ...defineCases({ feature: 'dead-letters', covers: ['attribute.RedriveAllowPolicy'] }, [
    ...['allowAll', 'denyAll'].map(
      (redrivePermission): CaseDraft => ({
        name: `RedriveAllowPolicy ${redrivePermission} is stored and ${redrivePermission === 'denyAll' ? 'forbids' : 'allows'} sources`,
        evidence: 'R',
        async run({ sqs, queue, arn, attribute }) {
          const RedriveAllowPolicy = JSON.stringify({ redrivePermission })
          const target = await queue({ RedriveAllowPolicy })
          equal(JSON.parse((await attribute(target, 'RedriveAllowPolicy')) ?? ''), { redrivePermission }, 'the policy')
          const Attributes = { RedrivePolicy: policyOf(await arn(target), 1) }
          const call = sqs.setQueueAttributes({ QueueUrl: await queue(), Attributes })
          if (redrivePermission === 'denyAll') await fails(call, 'InvalidParameterValueException')
          else await call
        },
      }),
    ),
    {
      name: 'RedriveAllowPolicy byQueue allows the sources of its list alone',
      evidence: 'R',
      async run({ sqs, queue, arn }) {
        const [good, bad] = [await queue(), await queue()]
        const sourceQueueArns = [await arn(good)]
        const target = await queue({
          RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns }),
        })
        const Attributes = { RedrivePolicy: policyOf(await arn(target), 1) }
        await sqs.setQueueAttributes({ QueueUrl: good, Attributes })
        await fails(sqs.setQueueAttributes({ QueueUrl: bad, Attributes }), 'InvalidParameterValueException')
      },
    },
    {
      name: 'RedriveAllowPolicy does not undo pairs that are there already',
      evidence: 'R',
      async run(context) {
        const { source, target } = await pair(context)
        const Attributes = { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' }
        await context.sqs.setQueueAttributes({ QueueUrl: target, Attributes })
        await context.sqs.sendMessage({ QueueUrl: source, MessageBody: 'x' })
        await context.receiveOne(source, { VisibilityTimeout: 0 })
        await context.receiveNothing(source)
        await context.receiveOne(target)
      },
    },
    ...(
      [
        ['sources without byQueue', { redrivePermission: 'allowAll', sourceQueueArns: ['ARN'] }],
        ['byQueue without sources', { redrivePermission: 'byQueue' }],
        ['more than 10 sources', { redrivePermission: 'byQueue', sourceQueueArns: Array(11).fill('ARN') }],
      ] as const
    ).map(
      ([what, policy]): CaseDraft => ({
        name: `RedriveAllowPolicy with ${what} is an InvalidParameterValue`,
        evidence: 'R',
        async run({ sqs, queue, arn }) {
          const QueueUrl = await queue()
          const RedriveAllowPolicy = JSON.stringify(policy).replaceAll('ARN', await arn(QueueUrl))
          const call = sqs.setQueueAttributes({ QueueUrl, Attributes: { RedriveAllowPolicy } })
          await fails(call, 'InvalidParameterValueException')
        },
      }),
    ),
    ...['nonsense', '{"redrivePermission":"maybe"}', '{"redrivePermission":"allowAll","extra":1}'].map(
      (RedriveAllowPolicy): CaseDraft => ({
        name: `RedriveAllowPolicy ${RedriveAllowPolicy} is an InvalidAttributeValue`,
        evidence: 'U',
        async run({ sqs, queue }) {
          const call = sqs.setQueueAttributes({ QueueUrl: await queue(), Attributes: { RedriveAllowPolicy } })
          await fails(call, 'InvalidAttributeValue', /^Invalid value for the parameter RedriveAllowPolicy\./)
        },
      }),
    ),
  ]),
])

/** Maps come in any order. */
function sorted(attributes: Readonly<Record<string, string>> | undefined) {
  return attributes && Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
}
