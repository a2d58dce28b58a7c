import { action } from '../shapes/action.ts'
import { batchResultErrorEntryShape } from '../shapes/batch-result-error-entry.ts'
import { list, optional, required, structure, text } from '../shapes/shape.ts'

export const deleteMessageBatch = action(
  'DeleteMessageBatch',
  {
    QueueUrl: optional(text),
    Entries: required(
      list(structure({ Id: optional(text), ReceiptHandle: optional(text) })),
      'DeleteMessageBatchRequestEntry',
      'Entries',
    ),
  },
  {
    Successful: optional(list(structure({ Id: required(text) })), 'DeleteMessageBatchResultEntry'),
    Failed: optional(list(batchResultErrorEntryShape), 'BatchResultErrorEntry'),
  },
)
