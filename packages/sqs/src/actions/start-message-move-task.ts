import { action } from '../shapes/action.ts'
import { integer, optional, required, text } from '../shapes/shape.ts'

export const startMessageMoveTask = action(
  'StartMessageMoveTask',
  { SourceArn: required(text), DestinationArn: optional(text), MaxNumberOfMessagesPerSecond: optional(integer) },
  { TaskHandle: required(text) },
)
