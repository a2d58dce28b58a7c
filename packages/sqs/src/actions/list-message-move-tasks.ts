import { action } from '../shapes/action.ts'
import { integer, list, optional, required, structure, text, type ValueOf } from '../shapes/shape.ts'

const resultShape = structure({
  TaskHandle: optional(text),
  Status: required(text),
  SourceArn: required(text),
  DestinationArn: optional(text),
  MaxNumberOfMessagesPerSecond: optional(integer),
  ApproximateNumberOfMessagesMoved: required(integer),
  ApproximateNumberOfMessagesToMove: optional(integer),
  FailureReason: optional(text),
  StartedTimestamp: required(integer),
})

export type ListMessageMoveTasksResult = ValueOf<typeof resultShape>

export const listMessageMoveTasks = action(
  'ListMessageMoveTasks',
  { SourceArn: required(text), MaxResults: optional(integer) },
  { Results: optional(list(resultShape), 'ListMessageMoveTasksResultEntry') },
)
