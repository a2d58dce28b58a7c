import { action } from '../shapes/action.ts'
import { optional, required, text } from '../shapes/shape.ts'

export const getQueueUrl = action(
  'GetQueueUrl',
  { QueueName: optional(text), QueueOwnerAWSAccountId: optional(text) },
  { QueueUrl: required(text) },
)
