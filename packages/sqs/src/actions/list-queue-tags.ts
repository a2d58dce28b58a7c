import { action } from '../shapes/action.ts'
import { map, optional, text } from '../shapes/shape.ts'

export const listQueueTags = action(
  'ListQueueTags',
  { QueueUrl: optional(text) },
  { Tags: optional(map(text, 'Key'), 'Tag') },
)
