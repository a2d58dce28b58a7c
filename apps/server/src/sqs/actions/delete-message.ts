import { deleteMessage } from '@stanchion/sqs'
import { queueOperation } from '../operation.ts'
import { toSqsError } from '../to-sqs-error.ts'

export const deleteMessageOperation = queueOperation(deleteMessage, async ({ context, queue }, { ReceiptHandle }) => {
  const [error] = await context.engine.deleteMessages(queue, [ReceiptHandle])
  if (error != null) throw toSqsError(error, { receiptHandle: ReceiptHandle })
  return {}
})
