import type { HandleResult, VisibilityChange } from '@stanchion/queue'
import {
  changeMessageVisibilityBatch,
  checkBatchEntries,
  checkVisibilityTimeout,
  missingParameter,
} from '@stanchion/sqs'
import { answerBatch, type BatchSteps } from '../answer-batch.ts'
import { queueOperation } from '../operation.ts'
import { toSqsError } from '../to-sqs-error.ts'

const NOUN = 'ChangeMessageVisibilityBatchRequestEntry'

interface Entry {
  readonly ReceiptHandle?: string | undefined
  readonly VisibilityTimeout?: number | undefined
}

const STEPS: BatchSteps<Entry, VisibilityChange, HandleResult, { readonly Id: string }> = {
  prepare({ ReceiptHandle: receiptHandle, VisibilityTimeout: visibilityTimeoutSeconds }, position, { context }) {
    if (receiptHandle === undefined || receiptHandle === '') {
      return missingParameter(`${NOUN}.${position}.ReceiptHandle`)
    }
    if (visibilityTimeoutSeconds === undefined) return missingParameter(`${NOUN}.${position}.VisibilityTimeout`)
    const error = checkVisibilityTimeout(visibilityTimeoutSeconds, true, context.timeLimits)
    return error ?? { receiptHandle, visibilityTimeoutSeconds }
  },
  run: ({ context, queue }, changes) => context.engine.changeVisibility(queue, changes),
  conclude: ({ Id, ReceiptHandle, VisibilityTimeout }, error) =>
    error === null
      ? { Id }
      : toSqsError(error, {
          receiptHandle: ReceiptHandle,
          visibilityTimeoutSeconds: VisibilityTimeout,
          isEntry: true,
        }),
}

export const changeMessageVisibilityBatchOperation = queueOperation(
  changeMessageVisibilityBatch,
  async (call, { Entries }) => {
    checkBatchEntries(Entries, NOUN)
    return answerBatch(call, Entries, STEPS)
  },
)
