import { formatTaskHandle, startMessageMoveTask } from '@stanchion/sqs'
import { destinationRights, sourceRights } from '../../access/move-rights.ts'
import { moveQueueName, moveSource, onMoveSource, requireRights } from '../move-task.ts'
import { accountOperation } from '../operation.ts'

export const startMessageMoveTaskOperation = accountOperation(
  startMessageMoveTask,
  (call, { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond }) =>
    onMoveSource(call, async (engine) => {
      const source = moveSource(call, SourceArn)
      await requireRights(call, sourceRights(source))
      const destination =
        DestinationArn === undefined ? undefined : moveQueueName(call, DestinationArn, 'DestinationArn')
      await requireRights(call, await destinationRights(engine, call.caller, source, destination))
      const { id } = await engine.startMoveTask(source, {
        ...(destination === undefined ? {} : { destination }),
        ...(MaxNumberOfMessagesPerSecond === undefined ? {} : { messagesPerSecondMax: MaxNumberOfMessagesPerSecond }),
      })
      return { TaskHandle: formatTaskHandle({ taskId: id, sourceArn: SourceArn }) }
    }),
  { queueOf: (call, { SourceArn }) => moveSource(call, SourceArn) },
)
