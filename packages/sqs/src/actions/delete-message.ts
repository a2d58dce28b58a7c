import { action } from '../shapes/action.ts'
import { optional, required, text } from '../shapes/shape.ts'

export const deleteMessage = action('DeleteMessage', { QueueUrl: optional(text), ReceiptHandle: required(text) })
