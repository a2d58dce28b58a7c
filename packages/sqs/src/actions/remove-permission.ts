import { action } from '../shapes/action.ts'
import { optional, required, text } from '../shapes/shape.ts'

export const removePermission = action('RemovePermission', { QueueUrl: optional(text), Label: required(text) })
