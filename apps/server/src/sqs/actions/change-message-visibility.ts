import { changeMessageVisibility, checkVisibilityTimeout } from '@stanchion/sqs'
import { queueOperation } from '../operation.ts'
import { toSqsError } from '../to-sqs-error.ts'

export const changeMessageVisibilityOperation = queueOperation(
  changeMessageVisibility,
  async ({ context, queue }, { ReceiptHandle: receiptHandle, VisibilityTimeout: visibilityTimeoutSeconds }) => {
    const invalid = checkVisibilityTimeout(visibilityTimeoutSeconds, false, context.timeLimits)
    if (invalid !== undefined) throw invalid
    const change = { receiptHandle, visibilityTimeoutSeconds }
    const [error] = await context.engine.changeVisibility(queue, [change])
    if (error != null) throw toSqsError(error, change)
    return {}
  },
)
