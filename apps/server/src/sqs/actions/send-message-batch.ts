import type { NewMessage, SendResult } from '@stanchion/queue'
import {
  BATCH_BYTES_MAX,
  checkBatchBytes,
  checkBatchEntries,
  checkMessage,
  md5OfText,
  missingParameter,
  type SendMessageBatchEntry,
  type SendMessageBatchResultEntry,
  sendMessageBatch,
} from '@stanchion/sqs'
import { answerBatch, type BatchSteps } from '../answer-batch.ts'
import { digestsOfSent, toNewMessage } from '../message-attributes.ts'
import { queueOperation } from '../operation.ts'
import { toSqsError } from '../to-sqs-error.ts'

const NOUN = 'SendMessageBatchRequestEntry'

const STEPS: BatchSteps<SendMessageBatchEntry, NewMessage, SendResult, SendMessageBatchResultEntry> = {
  prepare(entry, position, { request }) {
    const { MessageBody = '' } = entry
    if (MessageBody === '') return missingParameter(`${NOUN}.${position}.MessageBody`)
    return checkMessage(entry) ?? toNewMessage(MessageBody, entry, request)
  },
  run: ({ context, queue }, messages) => context.engine.sendMessages(queue, messages),
  conclude(entry, result) {
    if (!result.ok) return toSqsError(result.error, { isEntry: true })
    return {
      Id: entry.Id,
      MessageId: result.messageId,
      MD5OfMessageBody: md5OfText(entry.MessageBody ?? ''),
      ...digestsOfSent(entry),
    }
  },
}

export const sendMessageBatchOperation = queueOperation(sendMessageBatch, async (call, { Entries }) => {
  checkBatchEntries(Entries, NOUN)
  // A request is never shorter than the messages in it, so most batches need not be measured.
  if (((call.request.body as Buffer | undefined)?.length ?? 0) > BATCH_BYTES_MAX) checkBatchBytes(Entries)
  return answerBatch(call, Entries, STEPS)
})
