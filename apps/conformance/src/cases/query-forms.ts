import { ACTIONS, type Action } from '../api.ts'
import { type CaseDraft, defineCases, type Feature } from '../case.ts'
import { checkQueryForm } from '../clients/query-client.ts'
import { toQueryParameters } from '../clients/query-parameters.ts'
import type { Context } from '../context.ts'
import { equal } from '../expect.ts'

/** Actions of parts of SQS that an endpoint may lack. */
const FEATURES: Partial<Record<Action, Feature>> = {
  AddPermission: 'permissions',
  RemovePermission: 'permissions',
  ListDeadLetterSourceQueues: 'dead-letters',
  StartMessageMoveTask: 'move-tasks',
  CancelMessageMoveTask: 'move-tasks',
  ListMessageMoveTasks: 'move-tasks',
}

/** What an action needs besides a queue and a message in flight. */
const INPUTS: Partial<Record<Action, object>> = {
  AddPermission: { Label: 'l', AWSAccountIds: ['222233334444'], Actions: ['SendMessage'] },
  ChangeMessageVisibility: { VisibilityTimeout: 60 },
  GetQueueAttributes: { AttributeNames: ['All'] },
  RemovePermission: { Label: 'l' },
  SendMessage: { MessageBody: 'x' },
  SendMessageBatch: { Entries: [{ Id: 'a', MessageBody: 'x' }] },
  SetQueueAttributes: { Attributes: { DelaySeconds: '1' } },
  TagQueue: { Tags: { a: 'b' } },
  UntagQueue: { TagKeys: ['a'] },
}

function send({ http }: Context, action: Action, input: object) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return http({ headers, body: toQueryParameters(action, input).toString() })
}

/** A legal input of an action, on a queue with a message in flight, which may be a dead-letter queue. */
async function inputOf(context: Context, action: Action): Promise<object> {
  const { sqs, queue, receiveOne, newName, arn } = context
  if (action === 'CreateQueue') return { QueueName: newName() }
  const QueueUrl = await queue()
  await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
  const { ReceiptHandle } = await receiveOne(QueueUrl)
  const entry = { Id: 'a', ReceiptHandle }
  const input = { QueueUrl, ...INPUTS[action] }
  switch (action) {
    case 'GetQueueUrl':
    case 'ListQueues':
      return { QueueName: QueueUrl.split('/').at(-1), QueueNamePrefix: QueueUrl.split('/').at(-1) }
    case 'DeleteMessage':
    case 'ChangeMessageVisibility':
      return { ...input, ReceiptHandle }
    case 'DeleteMessageBatch':
      return { QueueUrl, Entries: [entry] }
    case 'ChangeMessageVisibilityBatch':
      return { QueueUrl, Entries: [{ ...entry, VisibilityTimeout: 60 }] }
    case 'RemovePermission':
      await sqs.addPermission({ QueueUrl, Label: 'l', AWSAccountIds: ['222233334444'], Actions: ['SendMessage'] })
      return input
    case 'StartMessageMoveTask':
    case 'CancelMessageMoveTask':
    case 'ListMessageMoveTasks': {
      const SourceArn = await arn(QueueUrl)
      await queue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: SourceArn, maxReceiveCount: 1 }) })
      if (action !== 'CancelMessageMoveTask') return { SourceArn }
      // Enough to do for the task to be there still when it is cancelled.
      for (let i = 0; i < 5; i += 1) await sqs.sendMessage({ QueueUrl, MessageBody: 'x' })
      const DestinationArn = await arn(await queue())
      const { TaskHandle } = await sqs.startMessageMoveTask({
        SourceArn,
        DestinationArn,
        MaxNumberOfMessagesPerSecond: 1,
      })
      return { TaskHandle }
    }
    default:
      return input
  }
}

/** The XML around what actions and errors say. */
export const queryFormCases = defineCases(
  { evidence: 'R', covers: [] },
  [
    ...ACTIONS.map(
      (action): CaseDraft => ({
        name: `The XML of ${action} has its declaration, namespace, result element and request id`,
        feature: FEATURES[action] ?? 'standard',
        covers: [action],
        async run(context) {
          const answer = await send(context, action, await inputOf(context, action))
          equal(answer.status, 200, 'the status')
          checkQueryForm(action, answer)
        },
      }),
    ),
    {
      name: 'The XML of an error has its declaration, namespace, empty Detail and request id',
      async run(context: Context) {
        const answer = await send(context, 'GetQueueUrl', { QueueName: context.newName() })
        equal(answer.status, 400, 'the status')
        checkQueryForm('GetQueueUrl', answer)
      },
    },
  ].map((item) => ({ ...item, protocols: ['query'] as const })),
)
