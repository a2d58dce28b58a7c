import { action } from '../shapes/action.ts'
import { messageAttributeValueShape } from '../shapes/message-attribute-value.ts'
import { integer, map, optional, required, text } from '../shapes/shape.ts'

export const sendMessage = action(
  'SendMessage',
  {
    QueueUrl: optional(text),
    MessageBody: required(text),
    DelaySeconds: optional(integer),
    MessageAttributes: optional(map(messageAttributeValueShape, 'Name'), 'MessageAttribute', 'MessageAttributes'),
    MessageSystemAttributes: optional(
      map(messageAttributeValueShape, 'Name'),
      'MessageSystemAttribute',
      'MessageSystemAttributes',
    ),
    MessageGroupId: optional(text),
    MessageDeduplicationId: optional(text),
  },
  {
    MessageId: required(text),
    MD5OfMessageBody: required(text),
    MD5OfMessageAttributes: optional(text),
    MD5OfMessageSystemAttributes: optional(text),
    SequenceNumber: optional(text),
  },
)
