import { action } from '../shapes/action.ts'
import { receivedAttributeValueShape } from '../shapes/message-attribute-value.ts'
import { integer, list, map, optional, required, structure, text, type ValueOf } from '../shapes/shape.ts'

const messageShape = structure({
  MessageId: required(text),
  ReceiptHandle: required(text),
  MD5OfBody: required(text),
  Body: required(text),
  Attributes: optional(map(text, 'Name'), 'Attribute'),
  MD5OfMessageAttributes: optional(text),
  MessageAttributes: optional(map(receivedAttributeValueShape, 'Name'), 'MessageAttribute'),
})

export type Message = ValueOf<typeof messageShape>

export const receiveMessage = action(
  'ReceiveMessage',
  {
    QueueUrl: optional(text),
    MaxNumberOfMessages: optional(integer),
    VisibilityTimeout: optional(integer),
    WaitTimeSeconds: optional(integer),
    AttributeNames: optional(list(text), 'AttributeName', 'AttributeNames'),
    MessageSystemAttributeNames: optional(list(text), 'MessageSystemAttributeName', 'MessageSystemAttributeNames'),
    MessageAttributeNames: optional(list(text), 'MessageAttributeName', 'MessageAttributeNames'),
    ReceiveRequestAttemptId: optional(text),
  },
  { Messages: optional(list(messageShape), 'Message') },
)
