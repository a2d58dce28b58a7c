import { type EngineContext, STALE, withQueue } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import { GroupedPart } from '../fair/grouped-part.ts'
import { fifoSend } from '../fifo/fifo-send.ts'
import { LIMITS, type QueueSettingRanges } from '../limits.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { NewMessage, QueueKey, SendOptions, SendResult } from '../types.ts'
import { PlainPart } from './plain-part.ts'
import { refuseAll } from './refuse-all.ts'
import { invalidId, isId, validateMessage } from './validate-message.ts'

/** @throws QueueError `invalidArgument` when there are no entries, or too many */
export function checkEntryCount(count: number): void {
  if (count >= 1 && count <= LIMITS.batchEntriesMax) return
  throw new QueueError('invalidArgument', `One call takes 1 to ${LIMITS.batchEntriesMax} entries.`, {
    field: 'entries',
  })
}

/** Messages of one call that are stored together, with their places in the call. */
export interface SendPart {
  readonly places: readonly number[]
  /** The least of their delays. */
  readonly delaySeconds: number
  /** Stores them and answers their ids; `undefined` when the copy of the queue is outdated and nothing was stored. */
  submit(context: EngineContext, live: LiveQueue): Promise<readonly string[] | undefined>
}

let nextFamily = 0

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
    const parts = divide(live, messages, results, context.catalogue.ranges)
    refuseAll(results, options)
    // One statement after the other, so that a call which cannot go through as a whole stops at the first.
    for (const part of parts) {
      const ids = await part.submit(context, live)
      if (ids === undefined) {
        if (part === parts[0]) return STALE
        // The first part is stored. What is left finds the queue as it is now.
        await sendRest(context, key, messages, part, results)
        continue
      }
      part.places.forEach((place, i) => {
        results[place] = { ok: true, messageId: ids[i] as string }
      })
      context.announce(live.queue.id, part.delaySeconds * 1000, 'send')
    }
    const sent = results.reduce((count, result) => count + (result.ok ? 1 : 0), 0)
    if (sent > 0) context.observer.messagesSent?.(key, sent)
    return results
  })
}

/**
 * Validates every message and sorts the good ones: those without a group by stream, the main one and that of the delayed
 * ones; those with a group by the family of lanes that their group belongs to.
 */
function divide(
  live: LiveQueue,
  messages: readonly NewMessage[],
  results: SendResult[],
  ranges: QueueSettingRanges,
): SendPart[] {
  const [lane] = live.families[nextFamily++ % live.families.length] as [number]
  const plain = [new PlainPart(lane), new PlainPart(-lane)] as const
  const grouped = live.families.map((family) => new GroupedPart(family))
  messages.forEach((message, place) => {
    const error = validateMessage(message, live.queue.settings, ranges) ?? validateGroup(message)
    if (error !== undefined) {
      results[place] = { ok: false, error }
      return
    }
    const delaySeconds = message.delaySeconds ?? live.queue.settings.delaySeconds
    const { groupId } = message
    if (groupId === undefined) plain[delaySeconds > 0 ? 1 : 0].add(message, delaySeconds, place)
    else grouped[familyOf(groupId, live.families.length)]?.add({ ...message, groupId }, delaySeconds, place)
  })
  return [...plain, ...grouped].filter((part) => part.places.length > 0)
}

function validateGroup({ groupId, deduplicationId }: NewMessage): QueueError | undefined {
  if (deduplicationId !== undefined) {
    return new QueueError('invalidArgument', 'A standard queue knows no deduplication ids.', {
      field: 'deduplicationId',
    })
  }
  return groupId === undefined || isId(groupId) ? undefined : invalidId('groupId')
}

/** A group stays in one family, where its messages are counted. */
function familyOf(groupId: string, families: number): number {
  let hash = 0
  for (let i = 0; families > 1 && i < groupId.length; i++) hash = (Math.imul(hash, 31) + groupId.charCodeAt(i)) >>> 0
  return hash % families
}

/** The queue changed between the two statements of a call that holds delayed and plain messages. */
async function sendRest(
  context: EngineContext,
  key: QueueKey,
  messages: readonly NewMessage[],
  part: SendPart,
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
