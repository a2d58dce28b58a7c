import { type EngineContext, STALE, withQueue } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import { fifoSend } from '../fifo/fifo-send.ts'
import { LIMITS } from '../limits.ts'
import type { LiveQueue } from '../queues/queue-catalogue.ts'
import type { NewMessage, QueueKey, SendOptions, SendResult } from '../types.ts'
import { messageBytes } from './message-bytes.ts'
import { messageId } from './message-id.ts'
import { refuseAll } from './refuse-all.ts'
import type { LogEntry } from './send-statement.ts'
import { encodeAttributes } from './stored-attributes.ts'
import { validateMessage } from './validate-message.ts'

/** @throws QueueError `invalidArgument` when there are no entries, or too many */
export function checkEntryCount(count: number): void {
  if (count >= 1 && count <= LIMITS.batchEntriesMax) return
  throw new QueueError('invalidArgument', `One call takes 1 to ${LIMITS.batchEntriesMax} entries.`, {
    field: 'entries',
  })
}

/** Messages of one call that go to the same stream, with their places in the call. */
interface Part {
  readonly lane: number
  readonly entries: LogEntry[]
  readonly places: number[]
  bytes: number
}

let nextLane = 0

/**
 * Sends messages, each on its own merits unless the caller says otherwise: one that is refused does not touch the others
 * (G3, G22). The answer comes after the commit (G23).
 * @throws QueueError `queueNotFound`, `unavailable`, `outcomeUnknown`, `deadlineExceeded`, `overloaded`
 */
export function sendMessages(
  context: EngineContext,
  key: QueueKey,
  messages: readonly NewMessage[],
  options: SendOptions = {},
): Promise<SendResult[]> {
  checkEntryCount(messages.length)
  return withQueue(context, key, async (live) => {
    if (live.queue.fifo !== undefined) return fifoSend(context, key, live, live.queue.fifo, messages, options)
    const results: SendResult[] = new Array(messages.length)
    const parts = divide(live, messages, results)
    refuseAll(results, options)
    // One statement after the other, so that a call which cannot go through as a whole stops at the first.
    for (const part of parts) {
      const outcome = await context.pipes.send.submit({
        bucket: live.bucket,
        lane: part.lane,
        version: live.version,
        entries: part.entries,
        bytes: part.bytes,
      })
      if (outcome === undefined) {
        if (part === parts[0]) return STALE
        // The first part is stored. What is left finds the queue as it is now.
        await sendRest(context, key, messages, part, results)
        continue
      }
      note(part, outcome.firstSeq, results)
      const delaySeconds = part.lane < 0 ? Math.min(...part.entries.map((entry) => entry.delaySeconds)) : 0
      context.announce(live.queue.id, delaySeconds * 1000, 'send')
    }
    const sent = results.reduce((count, result) => count + (result.ok ? 1 : 0), 0)
    if (sent > 0) context.observer.messagesSent?.(key, sent)
    return results
  })
}

/** Validates every message and sorts the good ones by stream: the main one, and that of the delayed ones. */
function divide(live: LiveQueue, messages: readonly NewMessage[], results: SendResult[]): Part[] {
  const lane = live.lanes[nextLane++ % live.lanes.length] as number
  const parts = [lane, -lane].map((stream): Part => ({ lane: stream, entries: [], places: [], bytes: 0 }))
  messages.forEach((message, place) => {
    const error = validateMessage(message, live.queue.settings) ?? refuseFifoIds(message)
    if (error !== undefined) {
      results[place] = { ok: false, error }
      return
    }
    const delaySeconds = message.delaySeconds ?? live.queue.settings.delaySeconds
    const part = parts[delaySeconds > 0 ? 1 : 0] as Part
    part.entries.push({ body: message.body, attributes: encodeAttributes(message), delaySeconds })
    part.places.push(place)
    part.bytes += messageBytes(message)
  })
  return parts.filter((part) => part.entries.length > 0)
}

/** Taken in silence, they would promise what a standard queue does not do. */
function refuseFifoIds({ groupId, deduplicationId }: NewMessage): QueueError | undefined {
  const field = deduplicationId !== undefined ? 'deduplicationId' : groupId !== undefined ? 'groupId' : undefined
  if (field === undefined) return undefined
  return new QueueError('invalidArgument', `${field} is for FIFO queues alone.`, { field })
}

function note(part: Part, firstSeq: bigint, results: SendResult[]): void {
  part.places.forEach((place, i) => {
    const seq = firstSeq + BigInt(i)
    results[place] = { ok: true, messageId: messageId(Number(seq >> 20n), Number(seq & 0xfffffn), part.lane) }
  })
}

/** The queue changed between the two statements of a call that holds delayed and plain messages. */
async function sendRest(
  context: EngineContext,
  key: QueueKey,
  messages: readonly NewMessage[],
  part: Part,
  results: SendResult[],
): Promise<void> {
  const rest = part.places.map((place) => messages[place] as NewMessage)
  const outcomes = await sendMessages(context, key, rest).catch((error: unknown): SendResult[] => {
    if (!(error instanceof QueueError)) throw error
    return rest.map(() => ({ ok: false, error }))
  })
  part.places.forEach((place, i) => {
    results[place] = outcomes[i] as SendResult
  })
}
