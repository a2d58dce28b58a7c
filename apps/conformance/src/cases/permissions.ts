import { type CaseDraft, defineCases } from '../case.ts'
import { check, equal, fails } from '../expect.ts'

const ONLY_OWNER = [
  'AddPermission',
  'RemovePermission',
  'CreateQueue',
  'DeleteQueue',
  'ListQueues',
  'SetQueueAttributes',
  'ListQueueTags',
  'TagQueue',
  'UntagQueue',
  'StartMessageMoveTask',
  'CancelMessageMoveTask',
  'ListMessageMoveTasks',
]

const ALLOWED = [
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
]

const ACCOUNT = '222233334444'
const ROOT = `arn:aws:iam::${ACCOUNT}:root`

const invalidAction = (action: string, reason: string) =>
  `Value SQS:${action} for parameter ActionName is invalid. Reason: ${reason}`

/** Policies of the kinds that services and tools write. */
const COMMON_POLICIES: readonly (readonly [what: string, statement: (arn: string) => object])[] = [
  [
    'a topic of SNS',
    (Resource) => ({
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource,
      Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:us-east-1:222233334444:topic' } },
    }),
  ],
  [
    'a denial without TLS',
    (Resource) => ({
      Sid: 'tls',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'sqs:ListDeadLetterSourceQueues',
      Resource,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  ],
  [
    'everybody',
    (Resource) => ({ Effect: 'Allow', Principal: '*', Action: ['sqs:SendMessage', 'sqs:Receive*'], Resource }),
  ],
]

/** Rules of AddPermission, RemovePermission and the attribute Policy. */
export const permissionCases = defineCases({ feature: 'permissions', covers: ['AddPermission', 'attribute.Policy'] }, [
  {
    name: 'AddPermission writes the policy in the recorded form',
    evidence: 'R',
    covers: [
      'AddPermission',
      'AddPermission.Label',
      'AddPermission.AWSAccountIds',
      'AddPermission.Actions',
      'attribute.Policy',
    ],
    async run({ sqs, queue, arn, attribute }) {
      const QueueUrl = await queue()
      const Resource = await arn(QueueUrl)
      const input = { QueueUrl, AWSAccountIds: [ACCOUNT] }
      equal(await sqs.addPermission({ ...input, Label: 'label', Actions: ['ReceiveMessage'] }), {}, 'the output')
      const first = { Sid: 'label', Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'SQS:ReceiveMessage', Resource }
      const policy = { Version: '2008-10-17', Id: `${Resource}/SQSDefaultPolicy`, Statement: [first] }
      equal(JSON.parse((await attribute(QueueUrl, 'Policy')) ?? ''), policy, 'Policy')
      await sqs.addPermission({
        QueueUrl,
        Label: 'two',
        AWSAccountIds: [ACCOUNT, '555566667777'],
        Actions: ['SendMessage', 'GetQueueUrl'],
      })
      const second = {
        Sid: 'two',
        Effect: 'Allow',
        Principal: { AWS: [ROOT, 'arn:aws:iam::555566667777:root'] },
        Action: ['SQS:SendMessage', 'SQS:GetQueueUrl'],
        Resource,
      }
      const both = { ...policy, Statement: [first, second] }
      equal(JSON.parse((await attribute(QueueUrl, 'Policy')) ?? ''), both, 'Policy with a second permission')
    },
  },
  {
    name: 'AddPermission takes seven actions, and *',
    covers: ['AddPermission.Actions'],
    async run({ sqs, queue }) {
      const QueueUrl = await queue()
      await sqs.addPermission({ QueueUrl, Label: 'seven', AWSAccountIds: [ACCOUNT], Actions: ALLOWED })
      await sqs.addPermission({ QueueUrl, Label: 'all', AWSAccountIds: [ACCOUNT], Actions: ['*'] })
    },
  },
  {
    name: 'AddPermission with eight actions is OverLimit, 403',
    evidence: 'S',
    covers: ['AddPermission.Actions'],
    async run({ sqs, queue }) {
      const input = { QueueUrl: await queue(), Label: 'l', AWSAccountIds: [ACCOUNT] }
      const call = sqs.addPermission({ ...input, Actions: [...ALLOWED, 'SendMessage'] })
      await fails(call, 'OverLimit', '8 Actions were found, maximum allowed is 7.')
    },
  },
  {
    name: 'AddPermission with a 21st statement is OverLimit, 403',
    evidence: 'S',
    async run({ sqs, queue }) {
      const input = { QueueUrl: await queue(), AWSAccountIds: [ACCOUNT], Actions: ['SendMessage'] }
      for (let i = 0; i < 20; i += 1) await sqs.addPermission({ ...input, Label: `l${i}` })
      const text = '21 Statements were found, maximum allowed is 20.'
      await fails(sqs.addPermission({ ...input, Label: 'l20' }), 'OverLimit', text)
    },
  },
  {
    name: 'AddPermission of a label that is there, for something else, is an InvalidParameterValue',
    evidence: 'R',
    covers: ['AddPermission.Label'],
    async run({ sqs, queue }) {
      const input = { QueueUrl: await queue(), Label: 'label', AWSAccountIds: [ACCOUNT] }
      await sqs.addPermission({ ...input, Actions: ['SendMessage'] })
      const text = 'Value label for parameter Label is invalid. Reason: Already exists.'
      const call = sqs.addPermission({ ...input, Actions: ['ReceiveMessage'] })
      await fails(call, 'InvalidParameterValueException', text)
    },
  },
  {
    name: 'AddPermission takes labels of 1 to 80 letters, digits, - and _, and no others',
    covers: ['AddPermission.Label'],
    async run({ sqs, queue }) {
      const input = { QueueUrl: await queue(), AWSAccountIds: [ACCOUNT], Actions: ['SendMessage'] }
      for (const Label of ['a', 'Az09_-'.padEnd(80, 'x')]) await sqs.addPermission({ ...input, Label })
      for (const Label of ['a b', 'x'.repeat(81)]) {
        await fails(sqs.addPermission({ ...input, Label }), 'InvalidParameterValueException')
      }
      await fails(sqs.addPermission(input), 'MissingRequiredParameterException')
    },
  },
  ...ONLY_OWNER.map(
    (action): CaseDraft => ({
      name: `AddPermission refuses ${action}, which is the owner's alone`,
      evidence: 'S',
      covers: ['AddPermission.Actions'],
      async run({ sqs, queue }) {
        const input = { QueueUrl: await queue(), Label: 'l', AWSAccountIds: [ACCOUNT], Actions: [action] }
        const text = invalidAction(action, 'Only the queue owner is allowed to invoke this action.')
        await fails(sqs.addPermission(input), 'InvalidParameterValueException', text)
      },
    }),
  ),
  ...['Nonsense', 'SendMessageBatch'].map(
    (action): CaseDraft => ({
      name: `AddPermission refuses ${action}, which is no permission`,
      evidence: 'S',
      covers: ['AddPermission.Actions'],
      async run({ sqs, queue }) {
        const input = { QueueUrl: await queue(), Label: 'l', AWSAccountIds: [ACCOUNT], Actions: [action] }
        const text = invalidAction(action, 'Please refer to the appropriate WSDL for a list of valid actions.')
        await fails(sqs.addPermission(input), 'InvalidParameterValueException', text)
      },
    }),
  ),
  {
    name: 'AddPermission without Actions is a MissingParameter',
    evidence: 'S',
    covers: ['AddPermission.Actions'],
    async run({ sqs, queue }) {
      const call = sqs.addPermission({ QueueUrl: await queue(), Label: 'l', AWSAccountIds: [ACCOUNT] })
      const text = /^The request must contain the parameter Action(s|Name)\.$/
      await fails(call, 'MissingRequiredParameterException', text)
    },
  },
  {
    name: 'RemovePermission removes the statement, and the last one with the Policy',
    evidence: 'R',
    covers: ['RemovePermission', 'RemovePermission.Label', 'attribute.Policy'],
    async run({ sqs, queue, attribute }) {
      const QueueUrl = await queue()
      const input = { QueueUrl, AWSAccountIds: [ACCOUNT], Actions: ['SendMessage'] }
      for (const Label of ['one', 'two']) await sqs.addPermission({ ...input, Label })
      equal(await sqs.removePermission({ QueueUrl, Label: 'one' }), {}, 'the output')
      const policy = JSON.parse((await attribute(QueueUrl, 'Policy')) ?? '')
      equal(
        policy.Statement.map(({ Sid }: { Sid: string }) => Sid),
        ['two'],
        'the labels',
      )
      await sqs.removePermission({ QueueUrl, Label: 'two' })
      equal(await attribute(QueueUrl, 'Policy'), undefined, 'Policy')
    },
  },
  {
    name: 'RemovePermission of an unknown label is an InvalidParameterValue, with and without a policy',
    evidence: 'R',
    covers: ['RemovePermission', 'RemovePermission.Label'],
    async run({ sqs, queue }) {
      const QueueUrl = await queue()
      const text = (end: string) => `Value no for parameter Label is invalid. Reason: can't find label${end}.`
      const remove = () => sqs.removePermission({ QueueUrl, Label: 'no' })
      await fails(remove(), 'InvalidParameterValueException', text(''))
      await sqs.addPermission({ QueueUrl, Label: 'yes', AWSAccountIds: [ACCOUNT], Actions: ['SendMessage'] })
      await fails(remove(), 'InvalidParameterValueException', text(' on existing policy'))
    },
  },
  ...COMMON_POLICIES.map(
    ([what, statement]): CaseDraft => ({
      name: `A Policy for ${what} is stored and returned`,
      covers: ['attribute.Policy'],
      async run({ sqs, queue, arn, attribute }) {
        const QueueUrl = await queue()
        const policy = { Version: '2012-10-17', Statement: [statement(await arn(QueueUrl))] }
        await sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy: JSON.stringify(policy) } })
        equal(JSON.parse((await attribute(QueueUrl, 'Policy')) ?? ''), policy, 'Policy')
      },
    }),
  ),
  {
    name: 'Policy set to the empty string is removed',
    evidence: 'R',
    covers: ['attribute.Policy'],
    async run({ sqs, queue, attribute }) {
      const QueueUrl = await queue()
      await sqs.addPermission({ QueueUrl, Label: 'l', AWSAccountIds: [ACCOUNT], Actions: ['SendMessage'] })
      await sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy: '' } })
      equal(await attribute(QueueUrl, 'Policy'), undefined, 'Policy')
    },
  },
  ...[
    'nonsense',
    '[]',
    '{}',
    '{"Version":"2000-01-01","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}]}',
    '{"Version":"2012-10-17","Statement":[]}',
    '{"Version":"2012-10-17","Statement":[{"Effect":"Maybe","Principal":"*","Action":"sqs:*","Resource":"*"}]}',
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","X":1}]}',
  ].map(
    (Policy): CaseDraft => ({
      name: `Policy ${Policy} is an InvalidAttributeValue`,
      covers: ['attribute.Policy'],
      async run({ sqs, queue, newName }) {
        const text = 'Invalid value for the parameter Policy.'
        const set = sqs.setQueueAttributes({ QueueUrl: await queue(), Attributes: { Policy } })
        await fails(set, 'InvalidAttributeValue', text)
        const create = sqs.createQueue({ QueueName: newName(), Attributes: { Policy } })
        await fails(create, 'InvalidAttributeValue', text)
      },
    }),
  ),
  {
    name: 'An explicit Deny in the policy of a queue is a denial, 403, for batches too, and for nothing else',
    covers: ['SendMessage', 'SendMessageBatch', 'attribute.Policy'],
    async run({ sqs, queue, arn }) {
      const QueueUrl = await queue()
      const Resource = await arn(QueueUrl)
      const statement = { Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource }
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
      await sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy } })
      const text =
        /^User: \S+ is not authorized to perform: sqs:sendmessage on resource: \S+ with an explicit deny in a resource-based policy$/
      await fails(sqs.sendMessage({ QueueUrl, MessageBody: 'x' }), 'AccessDeniedException', text)
      const Entries = [{ Id: 'a', MessageBody: 'x' }]
      await fails(sqs.sendMessageBatch({ QueueUrl, Entries }), 'AccessDeniedException', text)
      check((await sqs.receiveMessage({ QueueUrl })).Messages === undefined, 'a receive that is allowed', 'messages')
    },
  },
])
