import { action } from '../shapes/action.ts'
import { integer, optional, required, text } from '../shapes/shape.ts'

export const changeMessageVisibility = action('ChangeMessageVisibility', {
  QueueUrl: optional(text),
  ReceiptHandle: required(text),
  VisibilityTimeout: required(integer),
})
