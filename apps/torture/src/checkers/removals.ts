import type { Deletion, Delivery, History, Message, QueueAct, Send } from '../history/index-history.ts'
import { CLOCK_MARGIN_MS } from './checker.ts'
import { latestEndMs, swayMs } from './database-time.ts'

/** After so long work that was given up by its client can no longer take effect: the deadline of a server, and a second. */
export const LATE_EFFECT_MS_MAX = 11_000

/** Where a message was sent to, and where it can be found afterwards. */
export function queuesOf(history: History, queue: string): readonly string[] {
  const target = history.queues.get(queue)?.deadLetter?.queue
  return target === undefined ? [queue] : [queue, target]
}

/** Where a move task takes what was sent to a queue; `undefined` when there are none. */
export function movesTo(history: History, queue: string): string | undefined {
  return history.queues.get(queue)?.movesTo
}

/** Whether a move task can have taken what is visible in a queue, before a position. */
export function mayHaveMoved(history: History, queue: string, before: number): boolean {
  return (
    movesTo(history, queue) !== undefined &&
    history.moves.some(
      (move) => move.act === 'startMove' && move.queue === queue && move.outcome !== 'fail' && move.invokedAt < before,
    )
  )
}

/** What move tasks have made of messages, by value: messages of their own, once they were delivered. */
export function movedCopies(history: History): ReadonlyMap<string, readonly Message[]> {
  const copies = new Map<string, Message[]>()
  for (const message of history.messages.values()) {
    for (const value of new Set(message.deliveries.map((delivery) => delivery.value))) {
      const send = history.sendsByValue.get(value)
      const target = send === undefined ? undefined : movesTo(history, send.queue)
      if (target === undefined || message.deliveries[0]?.queue !== target) continue
      copies.set(value, [...(copies.get(value) ?? []), message])
    }
  }
  return copies
}

/** Whether a purge or deletion of a queue that was invoked before a position can have taken what such a send stored. */
export function mayHaveBeenPurged(history: History, send: Send, before = Number.POSITIVE_INFINITY): boolean {
  const places = queuesOf(history, send.queue)
  return history.acts.some((act) => {
    if (!removes(act) || act.outcome === 'fail' || !places.includes(act.queue) || act.invokedAt > before) return false
    if (act.outcome === 'ok') return act.completedAt > send.invokedAt
    return latestEndMs(history, act, LATE_EFFECT_MS_MAX, send) > send.invokedMs
  })
}

/** Whether the time that a queue keeps a message can have been over at a time. */
export function mayHaveExpired(history: History, send: Send, atMs: number): boolean {
  const seconds = history.queues.get(send.queue)?.retentionSeconds
  return seconds !== undefined && atMs > send.invokedMs + seconds * 1000 - swayMs(history) - CLOCK_MARGIN_MS
}

/** When the last server said that a queue is empty, at the end of the drain; otherwise never. */
export function emptiedAtMs(history: History, queue: string): number {
  const drainAt = history.phases.findLast(({ phase }) => phase === 'drain')?.at ?? Number.POSITIVE_INFINITY
  const last = history.countings.findLast((each) => each.queue === queue && each.invokedAt > drainAt)
  return last?.completedMs ?? Number.POSITIVE_INFINITY
}

/** The purge or deletion that certainly took such a send, acknowledged before a position. */
export function surePurge(history: History, send: Send, before: number): QueueAct | undefined {
  return history.acts.find(
    (act) =>
      removes(act) &&
      act.outcome === 'ok' &&
      act.queue === send.queue &&
      act.invokedAt > send.completedAt &&
      act.completedAt < before,
  )
}

export function removes({ act }: QueueAct): boolean {
  return act === 'purge' || act === 'deleteQueue'
}

/** A delivery that was there before a handle of an older one was used: the handle is superseded. */
export function supersederOf(message: Message, delivery: Delivery, before: number): Delivery | undefined {
  return message.deliveries.find((other) => other.receiveCount > delivery.receiveCount && other.completedAt < before)
}

/** Whether a deletion can have removed the message. */
export function mayHaveDeleted(history: History, message: Message, deletion: Deletion): boolean {
  if (deletion.outcome === 'fail' || deletion.isAltered) return false
  const delivery = history.deliveriesByHandle.get(deletion.handle)
  return delivery !== undefined && supersederOf(message, delivery, deletion.invokedAt) === undefined
}

/** What stored a message at the earliest and at the latest, as far as its acknowledgements say. */
export function storedBetween(message: Message): { readonly from: Send; readonly to: Send } | undefined {
  let from: Send | undefined
  let to: Send | undefined
  for (const send of message.sends) {
    if (from === undefined || send.invokedAt < from.invokedAt) from = send
    if (send.outcome === 'ok' && (to === undefined || send.completedAt < to.completedAt)) to = send
  }
  return from === undefined || to === undefined ? undefined : { from, to }
}
