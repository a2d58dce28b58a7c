import { action } from '../shapes/action.ts'
import { list, missingAs, optional, required, text } from '../shapes/shape.ts'

export const untagQueue = action('UntagQueue', {
  QueueUrl: optional(text),
  TagKeys: missingAs(required(list(text), 'TagKey', 'TagKeys'), 'TagKeys'),
})
