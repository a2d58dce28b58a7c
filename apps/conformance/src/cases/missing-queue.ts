import type { Subject } from '../api.ts'
import { type CaseDraft, defineCases, type Feature } from '../case.ts'
import type { SqsClient } from '../clients/sqs-client.ts'
import { fails } from '../expect.ts'

const MISSING = {
  json: 'The specified queue does not exist.',
  query: 'The specified queue does not exist for this wsdl version.',
}

type QueueInput = { readonly QueueUrl?: string }

/** A legal call of every action on a queue. */
const CALLS: readonly (readonly [
  action: Extract<Subject, `${string}.QueueUrl`> extends `${infer A}.QueueUrl` ? A : never,
  call: (sqs: SqsClient, input: QueueInput) => Promise<unknown>,
  feature?: Feature,
])[] = [
  ['SendMessage', (sqs, input) => sqs.sendMessage({ ...input, MessageBody: 'x' })],
  ['SendMessageBatch', (sqs, input) => sqs.sendMessageBatch({ ...input, Entries: [{ Id: 'a', MessageBody: 'x' }] })],
  ['ReceiveMessage', (sqs, input) => sqs.receiveMessage(input)],
  ['DeleteMessage', (sqs, input) => sqs.deleteMessage({ ...input, ReceiptHandle: 'x' })],
  [
    'DeleteMessageBatch',
    (sqs, input) => sqs.deleteMessageBatch({ ...input, Entries: [{ Id: 'a', ReceiptHandle: 'x' }] }),
  ],
  [
    'ChangeMessageVisibility',
    (sqs, input) => sqs.changeMessageVisibility({ ...input, ReceiptHandle: 'x', VisibilityTimeout: 1 }),
  ],
  [
    'ChangeMessageVisibilityBatch',
    (sqs, input) =>
      sqs.changeMessageVisibilityBatch({ ...input, Entries: [{ Id: 'a', ReceiptHandle: 'x', VisibilityTimeout: 1 }] }),
  ],
  ['GetQueueAttributes', (sqs, input) => sqs.getQueueAttributes({ ...input, AttributeNames: ['All'] })],
  ['SetQueueAttributes', (sqs, input) => sqs.setQueueAttributes({ ...input, Attributes: { DelaySeconds: '1' } })],
  ['DeleteQueue', (sqs, input) => sqs.deleteQueue(input)],
  ['PurgeQueue', (sqs, input) => sqs.purgeQueue(input)],
  ['TagQueue', (sqs, input) => sqs.tagQueue({ ...input, Tags: { a: 'b' } })],
  ['UntagQueue', (sqs, input) => sqs.untagQueue({ ...input, TagKeys: ['a'] })],
  ['ListQueueTags', (sqs, input) => sqs.listQueueTags(input)],
  [
    'AddPermission',
    (sqs, input) =>
      sqs.addPermission({ ...input, Label: 'l', AWSAccountIds: ['111122223333'], Actions: ['SendMessage'] }),
    'permissions',
  ],
  ['RemovePermission', (sqs, input) => sqs.removePermission({ ...input, Label: 'l' }), 'permissions'],
  ['ListDeadLetterSourceQueues', (sqs, input) => sqs.listDeadLetterSourceQueues(input), 'dead-letters'],
]

/** Every action on a queue, on one that is not there. */
export const missingQueueCases = defineCases(
  { evidence: 'R', covers: [] },
  CALLS.flatMap(([action, call, feature = 'standard']): readonly CaseDraft[] => {
    const covers = [action, `${action}.QueueUrl`] as readonly Subject[]
    return [
      {
        name: `${action} on an unknown queue is QueueDoesNotExist, with a text of its own in Query`,
        feature,
        covers,
        async run({ sqs, target, newName }) {
          const QueueUrl = `${target.endpoint}/000000000000/${newName()}`
          await fails(call(sqs, { QueueUrl }), 'QueueDoesNotExist', MISSING)
        },
      },
      {
        name: `${action} without QueueUrl is QueueDoesNotExist`,
        feature,
        covers,
        protocols: ['json'],
        async run({ sqs }) {
          await fails(call(sqs, {}), 'QueueDoesNotExist', MISSING)
        },
      },
    ]
  }),
)

/** Batches that are wrong in themselves, on a queue that is not there. */
export const missingQueueBatchCases = defineCases({ evidence: 'R', covers: ['SendMessageBatch.QueueUrl'] }, [
  {
    name: 'A bad batch on an unknown queue says that the queue is missing',
    covers: ['SendMessageBatch.QueueUrl', 'DeleteMessageBatch.QueueUrl', 'ChangeMessageVisibilityBatch.QueueUrl'],
    async run({ sqs, target, newName }) {
      const QueueUrl = `${target.endpoint}/000000000000/${newName()}`
      const twice = [{ Id: 'a' }, { Id: 'a' }]
      const sends = twice.map((entry) => ({ ...entry, MessageBody: 'x' }))
      await fails(sqs.sendMessageBatch({ QueueUrl, Entries: sends }), 'QueueDoesNotExist', MISSING)
      const deletes = twice.map((entry) => ({ ...entry, ReceiptHandle: 'x' }))
      await fails(sqs.deleteMessageBatch({ QueueUrl, Entries: deletes }), 'QueueDoesNotExist', MISSING)
      const changes = deletes.map((entry) => ({ ...entry, VisibilityTimeout: 1 }))
      await fails(sqs.changeMessageVisibilityBatch({ QueueUrl, Entries: changes }), 'QueueDoesNotExist', MISSING)
    },
  },
])
