import type { SendResult } from '@stanchion/queue'
import { checkMessage, isFifoQueueName, md5OfText, sendMessage } from '@stanchion/sqs'
import { digestsOfSent, toNewMessage } from '../message-attributes.ts'
import { queueOperation } from '../operation.ts'

export const sendMessageOperation = queueOperation(sendMessage, async ({ context, request, queue }, input) => {
  const error = checkMessage(input, isFifoQueueName(queue.name), context.timeLimits)
  if (error !== undefined) throw error
  const results = await context.engine.sendMessages(queue, [toNewMessage(input.MessageBody, input, request)])
  const result = results[0] as SendResult
  if (!result.ok) throw result.error
  return {
    MessageId: result.messageId,
    MD5OfMessageBody: md5OfText(input.MessageBody),
    ...digestsOfSent(input),
    SequenceNumber: result.sequenceNumber,
  }
})
