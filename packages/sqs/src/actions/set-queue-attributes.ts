import { action } from '../shapes/action.ts'
import { map, missingAs, optional, required, text } from '../shapes/shape.ts'

export const setQueueAttributes = action('SetQueueAttributes', {
  QueueUrl: optional(text),
  Attributes: missingAs(required(map(text, 'Name'), 'Attribute', 'Attributes'), 'Attribute.Name'),
})
