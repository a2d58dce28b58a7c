import { type EngineContext, STALE, withQueue } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import { sequenceNumber } from '../fifo/fifo-send.ts'
import { LIMITS, type QueueSettingRanges } from '../limits.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import { checkSetting } from '../queues/validate-queue.ts'
import type { QueueKey, ReceivedMessage, ReceiveRequest } from '../types.ts'
import { QueueGone } from '../waiting/wait-room.ts'
import type { ClaimedMessage } from './claim-statement.ts'
import { messageId } from './message-id.ts'
import type { Delivery } from './receipt-handle.ts'
import { decodeAttributes } from './stored-attributes.ts'
import { invalidId, isId } from './validate-message.ts'

/**
 * Hands out messages, waiting for a first one when there are none. The leases are committed before they are answered; what
 * was claimed for a caller who is gone is released.
 * @throws QueueError `queueNotFound` (also when the queue is deleted meanwhile), `invalidArgument`, `unavailable`,
 *   `outcomeUnknown`, `deadlineExceeded`, `overloaded`, `tooManyInFlight`
 */
export async function receiveMessages(
  context: EngineContext,
  key: QueueKey,
  request: ReceiveRequest,
): Promise<ReceivedMessage[]> {
  checkRequest(request, context.catalogue.ranges)
  const invokedAtMs = performance.now()
  const { live, claimed } = await withQueue(context, key, async (live, isFresh) => {
    const { attemptId } = request
    if (attemptId !== undefined) checkAttemptId(attemptId, live)
    const admitted = context.gate === undefined ? request : await context.gate.admit(live, request)
    if (admitted === undefined) return { live, claimed: [] }
    const waitSeconds = admitted.waitSeconds ?? live.queue.settings.receiveWaitSeconds
    const waitedSeconds = isFresh ? (performance.now() - invokedAtMs) / 1000 : 0
    const claimed = await context.rooms
      .room(live)
      .enter({
        maxMessages: admitted.maxMessages,
        timeoutSeconds: admitted.visibilityTimeoutSeconds,
        waitSeconds: Math.max(0, waitSeconds - waitedSeconds),
        attemptId,
        signal: admitted.signal,
      })
      .catch((error: unknown) => {
        if (error instanceof QueueGone) return undefined
        throw error
      })
    if (claimed === undefined) return STALE
    context.gate?.taken(live, claimed.length)
    return { live, claimed }
  })
  if (claimed.length === 0) {
    context.observer.emptyReceive?.(key)
    return []
  }
  tellReceived(context, key, claimed)
  return claimed.map((message) => toReceivedMessage(context, live, message))
}

function tellReceived({ observer, database }: EngineContext, key: QueueKey, claimed: readonly ClaimedMessage[]): void {
  observer.messagesReceived?.(key, claimed.length)
  let redelivered = 0
  const nowMs = database.clock.nowMs()
  for (const message of claimed) {
    if (message.receiveCount > 1) redelivered++
    else observer.messageDwelled?.(key, Math.max(0, nowMs - sentPlace(message).sentAtMs) / 1000)
  }
  if (redelivered > 0) observer.messagesRedelivered?.(key, redelivered)
}

/** Taken in silence, it would promise what a standard queue does not do. */
function checkAttemptId(attemptId: string, live: LiveQueue): void {
  if (live.queue.fifo === undefined) {
    throw new QueueError('invalidArgument', 'attemptId is for FIFO queues alone.', { field: 'attemptId' })
  }
  if (!isId(attemptId)) throw invalidId('attemptId')
}

/** What a claimed message's handle says. */
export function toDelivery(live: LiveQueue, message: ClaimedMessage): Delivery {
  return {
    queueId: live.queue.id,
    bucket: live.bucket,
    lane: message.lane,
    seq: (BigInt(message.sentAtMs) << 20n) + BigInt(message.counter),
    leaseSeq: message.leaseSeq,
    leaseIndex: message.leaseIndex,
    receiveCount: message.receiveCount,
  }
}

function toReceivedMessage(context: EngineContext, live: LiveQueue, message: ClaimedMessage): ReceivedMessage {
  const { attributes, traceHeader, groupId } = decodeAttributes(message.attributes)
  const sentTo = sentPlace(message)
  const id = messageId(sentTo.sentAtMs, sentTo.counter, sentTo.lane)
  return {
    messageId: id,
    receiptHandle: context.handles.encode(toDelivery(live, message)),
    body: message.body,
    attributes,
    traceHeader,
    groupId,
    fifo:
      message.fifo === undefined
        ? undefined
        : {
            groupId: message.fifo.groupId,
            // A move asked nobody whether the id was taken, so a dead letter goes by another one (SQS rule).
            deduplicationId: message.origin === undefined ? message.fifo.deduplicationId : id,
            sequenceNumber: sequenceNumber(toDelivery(live, message).seq),
          },
    receiveCount: message.receiveCount,
    deadLetterSource: message.origin?.queueName,
    sentAtMs: sentTo.sentAtMs,
    firstReceivedAtMs: message.firstReceivedAtMs,
  }
}

/** The place where a message was sent to. A move gave it another one, and its id stays. */
function sentPlace(message: ClaimedMessage): Pick<ClaimedMessage, 'lane' | 'sentAtMs' | 'counter'> {
  const { origin } = message
  if (origin === undefined) return message
  return { lane: origin.lane, sentAtMs: Number(origin.seq >> 20n), counter: Number(origin.seq & 0xfffffn) }
}

function checkRequest(
  { maxMessages, visibilityTimeoutSeconds, waitSeconds }: ReceiveRequest,
  ranges: QueueSettingRanges,
): void {
  if (!Number.isInteger(maxMessages) || maxMessages < 1 || maxMessages > LIMITS.receiveMessagesMax) {
    throw new QueueError('invalidArgument', `maxMessages is a whole number from 1 to ${LIMITS.receiveMessagesMax}.`, {
      field: 'maxMessages',
    })
  }
  if (visibilityTimeoutSeconds !== undefined) {
    const error = checkSetting(ranges, 'visibilityTimeoutSeconds', visibilityTimeoutSeconds)
    if (error !== undefined) throw error
  }
  const { min, max } = ranges.receiveWaitSeconds
  if (waitSeconds !== undefined && !(Number.isInteger(waitSeconds) && waitSeconds >= min && waitSeconds <= max)) {
    throw new QueueError('invalidArgument', `waitSeconds is a whole number from ${min} to ${max}.`, {
      field: 'waitSeconds',
    })
  }
}
