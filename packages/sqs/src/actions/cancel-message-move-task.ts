import { action } from '../shapes/action.ts'
import { integer, required, text } from '../shapes/shape.ts'

export const cancelMessageMoveTask = action(
  'CancelMessageMoveTask',
  { TaskHandle: required(text) },
  { ApproximateNumberOfMessagesMoved: required(integer) },
)
