import { action } from '../shapes/action.ts'
import { optional, text } from '../shapes/shape.ts'

export const deleteQueue = action('DeleteQueue', { QueueUrl: optional(text) })
