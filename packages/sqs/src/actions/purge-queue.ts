import { action } from '../shapes/action.ts'
import { optional, text } from '../shapes/shape.ts'

export const purgeQueue = action('PurgeQueue', { QueueUrl: optional(text) })
