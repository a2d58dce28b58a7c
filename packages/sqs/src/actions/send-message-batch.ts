import { action } from '../shapes/action.ts'
import { batchResultErrorEntryShape } from '../shapes/batch-result-error-entry.ts'
import { messageAttributeValueShape } from '../shapes/message-attribute-value.ts'
import { integer, list, map, optional, required, structure, text, type ValueOf } from '../shapes/shape.ts'

/** What an entry lacks is an error of the entry or of the whole batch by rule, so nothing is required by shape. */
const entryShape = structure({
  Id: optional(text),
  MessageBody: optional(text),
  DelaySeconds: optional(integer),
  MessageAttributes: optional(map(messageAttributeValueShape, 'Name'), 'MessageAttribute', 'MessageAttributes'),
  MessageSystemAttributes: optional(
    map(messageAttributeValueShape, 'Name'),
    'MessageSystemAttribute',
    'MessageSystemAttributes',
  ),
  MessageGroupId: optional(text),
  MessageDeduplicationId: optional(text),
})

export type SendMessageBatchEntry = ValueOf<typeof entryShape>

const resultEntryShape = structure({
  Id: required(text),
  MessageId: required(text),
  MD5OfMessageBody: required(text),
  MD5OfMessageAttributes: optional(text),
  MD5OfMessageSystemAttributes: optional(text),
  SequenceNumber: optional(text),
})

export type SendMessageBatchResultEntry = ValueOf<typeof resultEntryShape>

export const sendMessageBatch = action(
  'SendMessageBatch',
  { QueueUrl: optional(text), Entries: required(list(entryShape), 'SendMessageBatchRequestEntry', 'Entries') },
  {
    Successful: optional(list(resultEntryShape), 'SendMessageBatchResultEntry'),
    Failed: optional(list(batchResultErrorEntryShape), 'BatchResultErrorEntry'),
  },
)
