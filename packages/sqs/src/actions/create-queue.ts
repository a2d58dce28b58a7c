import { action } from '../shapes/action.ts'
import { map, optional, required, text } from '../shapes/shape.ts'

export const createQueue = action(
  'CreateQueue',
  {
    QueueName: optional(text),
    Attributes: optional(map(text, 'Name'), 'Attribute', 'Attributes'),
    tags: optional(map(text, 'Key'), 'Tag', 'Tags', 'tags'),
  },
  { QueueUrl: required(text) },
)
