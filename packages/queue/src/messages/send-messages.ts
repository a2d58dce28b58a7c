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
  /** Stores them; `undefined` when the copy of the queue is outdated and nothing was stored. */
  submit(context: EngineContext, live: LiveQueue): Promise<StoredPart | undefined>
}

export interface StoredPart {
  readonly ids: readonly string[]
  /** The tick that stored them, where one did. */
  readonly tick?: number | undefined
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
    const [first, ...later] = parts
    if (first === undefined) return results
    const stored = await first.submit(context, live)
    if (stored === undefined) return STALE
    place(first, results, tellSent(context, key, live, first, stored))
    for (const part of later) place(part, results, await sendLater(context, key, live, messages, part))
    return results
  })
}

/** Lets everybody know of a part that is stored. */
function tellSent(
  context: EngineContext,
  key: QueueKey,
  live: LiveQueue,
  part: SendPart,
  { ids, tick }: StoredPart,
): SendResult[] {
  context.announce(live.queue.id, part.delaySeconds * 1000, 'send', tick)
  context.observer.messagesSent?.(key, ids.length)
  return ids.map((messageId) => ({ ok: true, messageId }))
}

/** Once a part of a call is stored, what befalls another is told of its own messages alone: the call has taken effect (G28). */
async function sendLater(
  context: EngineContext,
  key: QueueKey,
  live: LiveQueue,
  messages: readonly NewMessage[],
  part: SendPart,
): Promise<SendResult[]> {
  const its = part.places.map((at) => messages[at] as NewMessage)
  try {
    const stored = await part.submit(context, live)
    // The queue changed between the two statements: what is left finds it as it is now.
    return stored === undefined ? await sendMessages(context, key, its) : tellSent(context, key, live, part, stored)
  } catch (error) {
    if (!(error instanceof QueueError)) throw error
    return its.map(() => ({ ok: false, error }))
  }
}

/** Puts the results of a part where they belong in its call. */
function place(part: SendPart, results: SendResult[], its: readonly SendResult[]): void {
  part.places.forEach((at, i) => {
    results[at] = its[i] as SendResult
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
  // Made when the first message comes that belongs there: nearly every call has a single part.
  let main: PlainPart | undefined
  let delayed: PlainPart | undefined
  const grouped: (GroupedPart | undefined)[] = []
  messages.forEach((message, place) => {
    const error = validateMessage(message, live.queue.settings, ranges) ?? validateGroup(message)
    if (error !== undefined) {
      results[place] = { ok: false, error }
      return
    }
    const delaySeconds = message.delaySeconds ?? live.queue.settings.delaySeconds
    const { groupId } = message
    if (groupId !== undefined) {
      const family = familyOf(groupId, live.families.length)
      grouped[family] ??= new GroupedPart(live.families[family] as readonly number[])
      grouped[family].add({ ...message, groupId }, delaySeconds, place)
    } else if (delaySeconds > 0) {
      delayed ??= new PlainPart(-lane)
      delayed.add(message, delaySeconds, place)
    } else {
      main ??= new PlainPart(lane)
      main.add(message, delaySeconds, place)
    }
  })
  return [main, delayed, ...grouped].filter((part) => part !== undefined)
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
