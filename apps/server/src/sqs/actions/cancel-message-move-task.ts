import { cancelMessageMoveTask, readTaskHandle } from '@stanchion/sqs'
import { sourceRights } from '../../access/move-rights.ts'
import { moveSource, onMoveSource, requireRights } from '../move-task.ts'
import { accountOperation } from '../operation.ts'

export const cancelMessageMoveTaskOperation = accountOperation(
  cancelMessageMoveTask,
  (call, { TaskHandle }) =>
    onMoveSource(call, async (engine) => {
      const { taskId, sourceArn } = readTaskHandle(TaskHandle)
      const source = moveSource(call, sourceArn)
      await requireRights(call, sourceRights(source))
      const { messagesMoved } = await engine.cancelMoveTask(source, taskId)
      return { ApproximateNumberOfMessagesMoved: messagesMoved }
    }),
  { queueOf: (call, { TaskHandle }) => moveSource(call, readTaskHandle(TaskHandle).sourceArn) },
)
