import { action } from '../shapes/action.ts'
import { batchResultErrorEntryShape } from '../shapes/batch-result-error-entry.ts'
import { integer, list, optional, required, structure, text } from '../shapes/shape.ts'

export const changeMessageVisibilityBatch = action(
  'ChangeMessageVisibilityBatch',
  {
    QueueUrl: optional(text),
    Entries: required(
      list(structure({ Id: optional(text), ReceiptHandle: optional(text), VisibilityTimeout: optional(integer) })),
      'ChangeMessageVisibilityBatchRequestEntry',
      'Entries',
    ),
  },
  {
    Successful: optional(list(structure({ Id: required(text) })), 'ChangeMessageVisibilityBatchResultEntry'),
    Failed: optional(list(batchResultErrorEntryShape), 'BatchResultErrorEntry'),
  },
)
