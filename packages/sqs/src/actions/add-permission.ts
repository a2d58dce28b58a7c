import { action } from '../shapes/action.ts'
import { list, optional, required, text } from '../shapes/shape.ts'

/** An empty list has the errors of an absent one, so neither list is required by shape. */
export const addPermission = action('AddPermission', {
  QueueUrl: optional(text),
  Label: required(text),
  AWSAccountIds: optional(list(text), 'AWSAccountId', 'AWSAccountIds'),
  Actions: optional(list(text), 'ActionName', 'Actions'),
})
