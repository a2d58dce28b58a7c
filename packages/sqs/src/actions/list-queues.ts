import { action } from '../shapes/action.ts'
import { integer, list, optional, text } from '../shapes/shape.ts'

export const listQueues = action(
  'ListQueues',
  { QueueNamePrefix: optional(text), MaxResults: optional(integer), NextToken: optional(text) },
  { QueueUrls: optional(list(text), 'QueueUrl'), NextToken: optional(text) },
)
