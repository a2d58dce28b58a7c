import { action } from '../shapes/action.ts'
import { map, missingAs, optional, required, text } from '../shapes/shape.ts'

export const tagQueue = action('TagQueue', {
  QueueUrl: optional(text),
  Tags: missingAs(required(map(text, 'Key'), 'Tags', 'Tag'), 'Tags'),
})
