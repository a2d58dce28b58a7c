import { action } from '../shapes/action.ts'
import { integer, list, optional, text } from '../shapes/shape.ts'

/** The one action whose output has a member that begins with a small letter. */
export const listDeadLetterSourceQueues = action(
  'ListDeadLetterSourceQueues',
  { QueueUrl: optional(text), MaxResults: optional(integer), NextToken: optional(text) },
  { queueUrls: optional(list(text), 'QueueUrl'), NextToken: optional(text) },
)
