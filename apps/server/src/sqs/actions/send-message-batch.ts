import { type NewMessage, QueueError, type QueueErrorCode, type SendResult } from '@stanchion/queue'
import {
  BATCH_BYTES_MAX,
  checkBatchBytes,
  checkBatchEntries,
  checkFifoBatch,
  checkMessage,
  isFifoQueueName,
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

/** What `checkFifoBatch` cannot see: an id that the queue needs is missing, or a message is too long for it. */
const REFUSES_FIFO_BATCH: readonly QueueErrorCode[] = ['invalidArgument', 'messageTooLarge']

const STEPS: BatchSteps<SendMessageBatchEntry, NewMessage, SendResult, SendMessageBatchResultEntry> = {
  prepare(entry, position, { context, request, queue }) {
    const { MessageBody = '' } = entry
    if (MessageBody === '') return missingParameter(`${NOUN}.${position}.MessageBody`)
    const error = checkMessage(entry, isFifoQueueName(queue.name), context.timeLimits)
    return error ?? toNewMessage(MessageBody, entry, request)
  },
  async run({ context, queue }, messages) {
    const isFifo = isFifoQueueName(queue.name)
    try {
      return await context.engine.sendMessages(queue, messages, isFifo ? { refuseAllOn: REFUSES_FIFO_BATCH } : {})
    } catch (error) {
      const isOfEntry = error instanceof QueueError && REFUSES_FIFO_BATCH.includes(error.code)
      throw isOfEntry ? toSqsError(error, { isEntry: true }) : error
    }
  },
  conclude(entry, result) {
    if (!result.ok) return toSqsError(result.error, { isEntry: true })
    return {
      Id: entry.Id,
      MessageId: result.messageId,
      MD5OfMessageBody: md5OfText(entry.MessageBody ?? ''),
      ...digestsOfSent(entry),
      SequenceNumber: result.sequenceNumber,
    }
  },
}

export const sendMessageBatchOperation = queueOperation(sendMessageBatch, async (call, { Entries }) => {
  checkBatchEntries(Entries, NOUN)
  // A request is never shorter than the messages in it, so most batches need not be measured.
  if (((call.request.body as Buffer | undefined)?.length ?? 0) > BATCH_BYTES_MAX) checkBatchBytes(Entries)
  if (isFifoQueueName(call.queue.name)) checkFifoBatch(Entries)
  return answerBatch(call, Entries, STEPS)
})
