import { action } from '../shapes/action.ts'
import { list, map, optional, text } from '../shapes/shape.ts'

export const getQueueAttributes = action(
  'GetQueueAttributes',
  { QueueUrl: optional(text), AttributeNames: optional(list(text), 'AttributeName', 'AttributeNames') },
  { Attributes: optional(map(text, 'Name'), 'Attribute') },
)
