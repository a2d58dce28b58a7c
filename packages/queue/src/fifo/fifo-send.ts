import { hash } from 'node:crypto'
import { type EngineContext, STALE } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import type { QueueSettingRanges } from '../limits.ts'
import { messageBytes } from '../messages/message-bytes.ts'
import { messageId } from '../messages/message-id.ts'
import { refuseAll } from '../messages/refuse-all.ts'
import { encodeAttributes } from '../messages/stored-attributes.ts'
import { invalidId, isId, validateMessage } from '../messages/validate-message.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { FifoSettings, NewMessage, QueueKey, SendOptions, SendResult } from '../types.ts'
import type { FifoEntry } from './fifo-send-statement.ts'

/** The FIFO side of `sendMessages`: what is refused leaves no deduplication id behind (G16). */
export async function fifoSend(
  context: EngineContext,
  key: QueueKey,
  live: LiveQueue,
  fifo: FifoSettings,
  messages: readonly NewMessage[],
  options: SendOptions,
): Promise<SendResult[] | typeof STALE> {
  const results: SendResult[] = new Array(messages.length)
  const entries: FifoEntry[] = []
  const places: number[] = []
  let bytes = 0
  messages.forEach((message, place) => {
    const entry = toEntry(message, live, fifo, context.catalogue.ranges)
    if (entry instanceof QueueError) {
      results[place] = { ok: false, error: entry }
      return
    }
    entries.push(entry)
    places.push(place)
    bytes += messageBytes(message)
  })
  refuseAll(results, options)
  if (entries.length === 0) return results
  const lane = live.lanes[0] as number
  const outcome = await context.pipes.fifoSend.submit({
    bucket: live.bucket,
    lane,
    version: live.version,
    entries,
    bytes,
  })
  if (outcome === undefined) return STALE
  let stored = 0
  outcome.forEach(({ seq, isDuplicate }, i) => {
    if (!isDuplicate) stored++
    results[places[i] as number] = {
      ok: true,
      messageId: messageId(Number(seq >> 20n), Number(seq & 0xfffffn), lane),
      sequenceNumber: sequenceNumber(seq),
      isDuplicate,
    }
  })
  if (outcome.length > stored) context.observer.duplicatesRefused?.(key, outcome.length - stored)
  if (stored > 0) {
    context.observer.messagesSent?.(key, stored)
    context.announce(live.queue.id, live.queue.settings.delaySeconds * 1000, 'send')
  }
  return results
}

/** The sequence number of a message: its place, as 20 digits, so that text sorts like numbers (G13). */
export function sequenceNumber(seq: bigint): string {
  return String(seq).padStart(20, '0')
}

function toEntry(
  message: NewMessage,
  live: LiveQueue,
  fifo: FifoSettings,
  ranges: QueueSettingRanges,
): FifoEntry | QueueError {
  const error = validateMessage(message, live.queue.settings, ranges)
  if (error !== undefined) return error
  const { groupId } = message
  if (groupId === undefined) return invalid('groupId', 'A message of a FIFO queue needs a groupId.')
  if (!isId(groupId)) return invalidId('groupId')
  // 0 means the queue's own delay: clients send it without a thought.
  if ((message.delaySeconds ?? 0) > 0) {
    return invalid('delaySeconds', 'A message of a FIFO queue has no delay of its own; the queue has one.')
  }
  const contentId = fifo.contentBasedDeduplication ? hash('sha256', message.body, 'hex') : undefined
  const deduplicationId = message.deduplicationId ?? contentId
  if (deduplicationId === undefined) {
    return invalid(
      'deduplicationId',
      'A message needs a deduplicationId, unless contentBasedDeduplication is on for its FIFO queue.',
    )
  }
  if (!isId(deduplicationId)) return invalidId('deduplicationId')
  // Ids hold no spaces, so no two pairs of scope and id give the same text.
  const scope = fifo.deduplicationScope === 'queue' ? '' : groupId
  return {
    body: message.body,
    attributes: encodeAttributes(message),
    groupId,
    deduplicationId,
    // As text: a hash that comes as a buffer takes four times as long.
    key: hash('sha256', `${scope} ${deduplicationId}`, 'binary').slice(0, 16),
  }
}

function invalid(field: keyof NewMessage, text: string): QueueError {
  return new QueueError('invalidArgument', text, { field })
}
