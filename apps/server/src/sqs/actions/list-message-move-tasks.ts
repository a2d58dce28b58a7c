import type { MoveTask, MoveTaskFailure, MoveTaskStatus } from '@stanchion/queue'
import {
  formatQueueArn,
  formatTaskHandle,
  type ListMessageMoveTasksResult,
  listMessageMoveTasks,
  readMoveTaskResults,
} from '@stanchion/sqs'
import { listOrAbsent } from '../list-or-absent.ts'
import { moveSource, onMoveSource } from '../move-task.ts'
import { accountOperation, type SqsCall } from '../operation.ts'

const STATUS: Record<MoveTaskStatus, string> = {
  running: 'RUNNING',
  completed: 'COMPLETED',
  cancelled: 'CANCELLED',
  failed: 'FAILED',
}

const FAILURE: Record<MoveTaskFailure, string> = {
  destinationNotFound: 'AWS.SimpleQueueService.NonExistentQueue',
  sourceUnknown: 'CouldNotDetermineMessageSource',
  timedOut: 'TaskTimedOut',
}

export const listMessageMoveTasksOperation = accountOperation(
  listMessageMoveTasks,
  (call, { SourceArn, MaxResults }) =>
    onMoveSource(call, async (engine) => {
      const tasks = await engine.listMoveTasks(moveSource(call, SourceArn), readMoveTaskResults(MaxResults))
      return { Results: listOrAbsent(tasks.map((task) => toResult(call, task, SourceArn))) }
    }),
  { queueOf: (call, { SourceArn }) => moveSource(call, SourceArn) },
)

/** What was not given at the start is absent, and so is the handle once there is nothing to cancel (both recorded). */
function toResult({ context, caller }: SqsCall, task: MoveTask, sourceArn: string): ListMessageMoveTasksResult {
  const { destination, failure } = task
  return {
    TaskHandle: task.status === 'running' ? formatTaskHandle({ taskId: task.id, sourceArn }) : undefined,
    Status: STATUS[task.status],
    SourceArn: sourceArn,
    DestinationArn:
      destination === undefined ? undefined : formatQueueArn(context.region, caller.accountId, destination),
    MaxNumberOfMessagesPerSecond: task.messagesPerSecondMax,
    ApproximateNumberOfMessagesMoved: task.messagesMoved,
    ApproximateNumberOfMessagesToMove: task.messagesToMove,
    FailureReason: failure === undefined ? undefined : FAILURE[failure],
    StartedTimestamp: task.startedAt.getTime(),
  }
}
