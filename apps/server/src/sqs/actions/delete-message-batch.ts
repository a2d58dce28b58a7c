import type { HandleResult } from '@stanchion/queue'
import { checkBatchEntries, deleteMessageBatch, missingParameter } from '@stanchion/sqs'
import { answerBatch, type BatchSteps } from '../answer-batch.ts'
import { queueOperation } from '../operation.ts'
import { toSqsError } from '../to-sqs-error.ts'

const NOUN = 'DeleteMessageBatchRequestEntry'

interface Entry {
  readonly ReceiptHandle?: string | undefined
}

const STEPS: BatchSteps<Entry, string, HandleResult, { readonly Id: string }> = {
  prepare: ({ ReceiptHandle }, position) => ReceiptHandle || missingParameter(`${NOUN}.${position}.ReceiptHandle`),
  run: ({ context, queue }, handles) => context.engine.deleteMessages(queue, handles),
  conclude: ({ Id, ReceiptHandle }, error) =>
    error === null ? { Id } : toSqsError(error, { receiptHandle: ReceiptHandle, isEntry: true }),
}

export const deleteMessageBatchOperation = queueOperation(deleteMessageBatch, async (call, { Entries }) => {
  checkBatchEntries(Entries, NOUN)
  return answerBatch(call, Entries, STEPS)
})
