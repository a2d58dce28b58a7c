import type { Message, Output } from '../api.ts'
import { type CaseDraft, defineCases } from '../case.ts'
import type { Context } from '../context.ts'
import { check, equal, fails } from '../expect.ts'

const policyOf = (deadLetterTargetArn: string) => JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 })

/** A source queue whose messages of these bodies are all in its dead-letter queue. */
async function deadLetters({ sqs, queue, arn, receiveOne, receiveNothing }: Context, ...bodies: readonly string[]) {
  const target = await queue()
  const SourceArn = await arn(target)
  const source = await queue({ RedrivePolicy: policyOf(SourceArn) })
  for (const MessageBody of bodies) {
    await sqs.sendMessage({ QueueUrl: source, MessageBody })
    await receiveOne(source, { VisibilityTimeout: 0 })
    await receiveNothing(source)
  }
  return { source, target, SourceArn }
}

type Task = NonNullable<Output<'ListMessageMoveTasks'>['Results']>[number]

/** Waits until the newest task of a source has ended. */
function ended({ sqs, until }: Context, SourceArn: string): Promise<Task> {
  return until('the task ends', 20, async () => {
    const { Results = [] } = await sqs.listMessageMoveTasks({ SourceArn })
    const [task] = Results
    return task?.Status === 'RUNNING' || task?.Status === 'CANCELLING' ? undefined : task
  })
}

const BAD_ARN = 'arn:<partition>:<service>:<region>:<account-id>:<resource-id>'

const absent = (parameter: string) => `The resource that you specified for the ${parameter} parameter doesn't exist.`

const handleOf = (task: object) => Buffer.from(JSON.stringify(task)).toString('base64')

/** Rules of StartMessageMoveTask, CancelMessageMoveTask and ListMessageMoveTasks. */
export const moveTaskCases = defineCases({ feature: 'move-tasks', evidence: 'R', covers: ['StartMessageMoveTask'] }, [
  {
    name: 'A move task sends dead letters back to their source, as new messages',
    covers: ['StartMessageMoveTask', 'StartMessageMoveTask.SourceArn', 'ListMessageMoveTasks'],
    async run(context) {
      const { source, target, SourceArn } = await deadLetters(context, '1', '2')
      const { TaskHandle } = await context.sqs.startMessageMoveTask({ SourceArn })
      check(TaskHandle !== undefined, 'a TaskHandle', TaskHandle)
      const task = await ended(context, SourceArn)
      equal([task.Status, task.ApproximateNumberOfMessagesMoved], ['COMPLETED', 2], 'status and messages moved')
      const found: Message[] = []
      await context.until('both are back', 10, async () => {
        found.push(...(await context.receive(source, { MessageSystemAttributeNames: ['All'] })))
        return found.length === 2 ? true : undefined
      })
      equal(found.map(({ Body }) => Body).sort(), ['1', '2'], 'the bodies')
      for (const { Attributes } of found) {
        equal(Attributes?.ApproximateReceiveCount, '1', 'ApproximateReceiveCount')
        equal(Attributes?.DeadLetterQueueSourceArn, undefined, 'DeadLetterQueueSourceArn')
      }
      await context.receiveNothing(target)
    },
  },
  {
    name: 'A moved message has a new MessageId and its old body and attributes',
    async run(context) {
      const { sqs, receive, receiveOne, queue, arn, receiveNothing } = context
      const target = await queue()
      const SourceArn = await arn(target)
      const source = await queue({ RedrivePolicy: policyOf(SourceArn) })
      const MessageAttributes = { Hello: { DataType: 'String', StringValue: 'There' } }
      const { MessageId } = await sqs.sendMessage({ QueueUrl: source, MessageBody: 'x', MessageAttributes })
      await receiveOne(source, { VisibilityTimeout: 0 })
      await receiveNothing(source)
      await sqs.startMessageMoveTask({ SourceArn })
      const [message] = await receive(source, { WaitTimeSeconds: 20, MessageAttributeNames: ['All'] })
      equal(message?.Body, 'x', 'the body')
      equal(message?.MessageAttributes, MessageAttributes, 'MessageAttributes')
      check(message?.MessageId !== MessageId, 'another MessageId', message?.MessageId)
    },
  },
  {
    name: 'A move task with a destination sends everything there, and lists destination and rate',
    covers: [
      'StartMessageMoveTask.DestinationArn',
      'StartMessageMoveTask.MaxNumberOfMessagesPerSecond',
      'ListMessageMoveTasks',
    ],
    async run(context) {
      const { SourceArn } = await deadLetters(context, '1')
      const destination = await context.queue()
      const DestinationArn = await context.arn(destination)
      await context.sqs.startMessageMoveTask({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: 500 })
      const task = await ended(context, SourceArn)
      equal(task.SourceArn, SourceArn, 'SourceArn')
      equal(task.DestinationArn, DestinationArn, 'DestinationArn')
      equal(task.MaxNumberOfMessagesPerSecond, 500, 'MaxNumberOfMessagesPerSecond')
      equal((await context.receiveOne(destination)).Body, '1', 'the body')
    },
  },
  {
    name: 'An ended task has no TaskHandle, no DestinationArn and no rate unless given, and milliseconds as its start',
    covers: ['ListMessageMoveTasks', 'ListMessageMoveTasks.SourceArn'],
    async run(context) {
      const { SourceArn } = await deadLetters(context, '1')
      await context.sqs.startMessageMoveTask({ SourceArn })
      const task = await ended(context, SourceArn)
      equal(task.TaskHandle, undefined, 'TaskHandle')
      equal(task.DestinationArn, undefined, 'DestinationArn')
      equal(task.MaxNumberOfMessagesPerSecond, undefined, 'MaxNumberOfMessagesPerSecond')
      check(
        Math.abs((task.StartedTimestamp ?? 0) - Date.now()) < 300_000,
        'about now in milliseconds',
        task.StartedTimestamp,
      )
    },
  },
  {
    name: 'ListMessageMoveTasks lists one task by default, the newest first, and none without any',
    covers: ['ListMessageMoveTasks', 'ListMessageMoveTasks.MaxResults'],
    async run(context) {
      const { SourceArn } = await deadLetters(context)
      equal(await context.sqs.listMessageMoveTasks({ SourceArn }), {}, 'the output without a task')
      for (const MaxNumberOfMessagesPerSecond of [11, 12]) {
        await context.sqs.startMessageMoveTask({ SourceArn, MaxNumberOfMessagesPerSecond })
        await ended(context, SourceArn)
      }
      const rates = async (MaxResults?: number) =>
        (await context.sqs.listMessageMoveTasks({ SourceArn, MaxResults })).Results?.map(
          (task) => task.MaxNumberOfMessagesPerSecond,
        )
      equal(await rates(), [12], 'the rates by default')
      equal(await rates(10), [12, 11], 'the rates of ten')
    },
  },
  ...[0, 11].map(
    (MaxResults): CaseDraft => ({
      name: `ListMessageMoveTasks refuses MaxResults ${MaxResults}`,
      evidence: 'S',
      covers: ['ListMessageMoveTasks.MaxResults'],
      async run(context) {
        const { SourceArn } = await deadLetters(context)
        const text =
          "Value for parameter MaxResults is invalid. Reason: You must enter a number that's between 1 and 10."
        const call = context.sqs.listMessageMoveTasks({ SourceArn, MaxResults })
        await fails(call, 'InvalidParameterValueException', text)
      },
    }),
  ),
  {
    name: 'A second task for a source is refused while one runs, a running one lists its handle, and a cancelled one stops',
    covers: [
      'StartMessageMoveTask',
      'CancelMessageMoveTask',
      'CancelMessageMoveTask.TaskHandle',
      'ListMessageMoveTasks',
    ],
    async run(context) {
      const { source, SourceArn } = await deadLetters(context, '1', '2', '3', '4', '5', '6')
      const { TaskHandle } = await context.sqs.startMessageMoveTask({ SourceArn, MaxNumberOfMessagesPerSecond: 1 })
      await fails(
        context.sqs.startMessageMoveTask({ SourceArn }),
        'InvalidParameterValueException',
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      )
      const { Results = [] } = await context.sqs.listMessageMoveTasks({ SourceArn })
      equal([Results[0]?.Status, Results[0]?.TaskHandle], ['RUNNING', TaskHandle], 'status and handle')
      const { ApproximateNumberOfMessagesMoved } = await context.sqs.cancelMessageMoveTask({ TaskHandle })
      equal(typeof ApproximateNumberOfMessagesMoved, 'number', 'the type of ApproximateNumberOfMessagesMoved')
      equal((await ended(context, SourceArn)).Status, 'CANCELLED', 'Status')
      const moved = Number(await context.attribute(source, 'ApproximateNumberOfMessages'))
      check(moved < 6, 'fewer than all six messages moved', moved)
      const again = context.sqs.cancelMessageMoveTask({ TaskHandle })
      await fails(again, 'InvalidParameterValueException', 'Only active tasks can be cancelled.')
    },
  },
  {
    name: "StartMessageMoveTask refuses a source that is nobody's dead-letter queue",
    covers: ['StartMessageMoveTask.SourceArn'],
    async run({ sqs, queue, arn }) {
      const call = sqs.startMessageMoveTask({ SourceArn: await arn(await queue()) })
      await fails(call, 'InvalidParameterValueException', 'Source queue must be configured as a Dead Letter Queue.')
    },
  },
  {
    name: 'StartMessageMoveTask of an unknown source, or to an unknown destination, is ResourceNotFoundException',
    covers: ['StartMessageMoveTask.SourceArn', 'StartMessageMoveTask.DestinationArn', 'ListMessageMoveTasks.SourceArn'],
    async run(context) {
      const { SourceArn } = await deadLetters(context)
      const missing = `${SourceArn}-absent`
      const source = context.sqs.startMessageMoveTask({ SourceArn: missing })
      await fails(source, 'ResourceNotFoundException', absent('SourceArn'))
      const destination = context.sqs.startMessageMoveTask({ SourceArn, DestinationArn: missing })
      await fails(destination, 'ResourceNotFoundException', absent('DestinationArn'))
      const list = context.sqs.listMessageMoveTasks({ SourceArn: missing })
      await fails(list, 'ResourceNotFoundException', absent('SourceArn'))
    },
  },
  {
    name: 'Move tasks refuse what is no ARN, and demand one',
    evidence: 'S',
    covers: ['StartMessageMoveTask.SourceArn', 'StartMessageMoveTask.DestinationArn', 'ListMessageMoveTasks.SourceArn'],
    async run(context) {
      const { SourceArn } = await deadLetters(context)
      const text = (name: string) => `You must use this format to specify the ${name}: ${BAD_ARN}`
      const source = context.sqs.startMessageMoveTask({ SourceArn: 'nonsense' })
      await fails(source, 'InvalidParameterValueException', text('SourceArn'))
      const destination = context.sqs.startMessageMoveTask({ SourceArn, DestinationArn: 'nonsense' })
      await fails(destination, 'InvalidParameterValueException', text('DestinationArn'))
      const missing = 'The request must contain the parameter SourceArn.'
      await fails(context.sqs.startMessageMoveTask({}), 'MissingRequiredParameterException', missing)
      await fails(context.sqs.listMessageMoveTasks({}), 'MissingRequiredParameterException', missing)
    },
  },
  {
    name: 'StartMessageMoveTask refuses the source as its destination',
    evidence: 'S',
    covers: ['StartMessageMoveTask.DestinationArn'],
    async run(context) {
      const { SourceArn } = await deadLetters(context)
      const call = context.sqs.startMessageMoveTask({ SourceArn, DestinationArn: SourceArn })
      const text = 'Source queue arn and destination queue arn cannot be the same.'
      await fails(call, 'InvalidParameterValueException', text)
    },
  },
  {
    name: 'StartMessageMoveTask refuses a destination of the other kind',
    evidence: 'S',
    covers: ['StartMessageMoveTask.DestinationArn'],
    async run(context) {
      const { SourceArn } = await deadLetters(context)
      const DestinationArn = await context.arn(await context.fifo())
      const text = 'The source queue and destination queue must be of the same queue type.'
      const call = context.sqs.startMessageMoveTask({ SourceArn, DestinationArn })
      await fails(call, 'InvalidParameterValueException', text)
    },
  },
  ...[0, 501].map(
    (MaxNumberOfMessagesPerSecond): CaseDraft => ({
      name: `StartMessageMoveTask refuses MaxNumberOfMessagesPerSecond ${MaxNumberOfMessagesPerSecond}`,
      evidence: 'S',
      covers: ['StartMessageMoveTask.MaxNumberOfMessagesPerSecond'],
      async run(context) {
        const { SourceArn } = await deadLetters(context)
        const text =
          "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a number that's between 1 and 500."
        const call = context.sqs.startMessageMoveTask({ SourceArn, MaxNumberOfMessagesPerSecond })
        await fails(call, 'InvalidParameterValueException', text)
      },
    }),
  ),
  {
    name: 'CancelMessageMoveTask tells an unreadable handle, an unknown source and an unknown task apart',
    covers: ['CancelMessageMoveTask', 'CancelMessageMoveTask.TaskHandle'],
    async run(context) {
      const { SourceArn } = await deadLetters(context)
      const cancel = (TaskHandle: string) => context.sqs.cancelMessageMoveTask({ TaskHandle })
      await fails(cancel('nonsense'), 'InvalidParameterValueException', 'Value for parameter TaskHandle is invalid.')
      const taskId = '10f57157-fc38-4da9-a113-4de7e12d05dd'
      const source = cancel(handleOf({ taskId, sourceArn: `${SourceArn}-absent` }))
      await fails(source, 'ResourceNotFoundException', absent('SourceArn'))
      const task = cancel(handleOf({ taskId, sourceArn: SourceArn }))
      await fails(task, 'ResourceNotFoundException', 'Task does not exist.')
      await fails(context.sqs.cancelMessageMoveTask({}), 'MissingRequiredParameterException')
    },
  },
  {
    name: 'A task whose destination is gone fails, and says so',
    covers: ['StartMessageMoveTask', 'ListMessageMoveTasks'],
    async run(context) {
      const { source, target, SourceArn } = await deadLetters(context, '1')
      // Another source keeps the queue a dead-letter queue when the first one is gone.
      await context.queue({ RedrivePolicy: policyOf(SourceArn) })
      await context.sqs.deleteQueue({ QueueUrl: source })
      await context.sqs.startMessageMoveTask({ SourceArn })
      const { Status, FailureReason } = await ended(context, SourceArn)
      equal([Status, FailureReason], ['FAILED', 'AWS.SimpleQueueService.NonExistentQueue'], 'status and reason')
      equal((await context.receive(target)).length, 1, 'messages that stayed')
    },
  },
])
