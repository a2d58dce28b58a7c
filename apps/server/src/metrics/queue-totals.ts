import type { EngineObserver, QueueKey } from '@stanchion/queue'
import { type Bucketed, emptyBuckets, observe } from './histogram-text.ts'

/** Upper bounds of the time that messages wait, in seconds: few, because every queue has a series for each. */
export const DWELL_BUCKETS = [0.01, 0.1, 1, 10, 60, 600, 3_600] as const

/** What this node did for one queue since it started. */
export interface QueueTotals {
  sent: number
  received: number
  redelivered: number
  released: number
  deleted: number
  moved: number
  deadLettered: number
  duplicatesRefused: number
  emptyReceives: number
  /** How many messages waited up to each bound, and longer; `undefined` until one was delivered for the first time. */
  dwell: Bucketed | undefined
}

export const NOTHING_DONE: Readonly<QueueTotals> = {
  ...{ sent: 0, received: 0, redelivered: 0, released: 0, deleted: 0, moved: 0, deadLettered: 0 },
  ...{ duplicatesRefused: 0, emptyReceives: 0, dwell: undefined },
}

/** The totals of this node by queue, in a plain map, which costs the hot path next to nothing. */
export class QueueTotalsBook {
  readonly #byQueue = new Map<string, QueueTotals>()

  readonly observer: EngineObserver = {
    messagesSent: (queue, count) => {
      this.#entry(queue).sent += count
    },
    messagesReceived: (queue, count) => {
      this.#entry(queue).received += count
    },
    messagesRedelivered: (queue, count) => {
      this.#entry(queue).redelivered += count
    },
    messagesReleased: (queue, count) => {
      this.#entry(queue).released += count
    },
    messagesDeleted: (queue, count) => {
      this.#entry(queue).deleted += count
    },
    messagesMoved: (queue, count) => {
      this.#entry(queue).moved += count
    },
    messagesDeadLettered: (queue, count) => {
      this.#entry(queue).deadLettered += count
    },
    duplicatesRefused: (queue, count) => {
      this.#entry(queue).duplicatesRefused += count
    },
    emptyReceive: (queue) => {
      this.#entry(queue).emptyReceives += 1
    },
    messageDwelled: (queue, seconds) => {
      const entry = this.#entry(queue)
      entry.dwell ??= emptyBuckets(DWELL_BUCKETS)
      observe(entry.dwell, DWELL_BUCKETS, seconds)
    },
  }
  #missing = new Set<string>()

  of(queue: QueueKey): Readonly<QueueTotals> {
    return this.#byQueue.get(keyOf(queue)) ?? NOTHING_DONE
  }

  /**
   * Drops the totals of queues that are gone, so that deleted queues do not fill the memory: those missing twice in a row, because a
   * queue may be created while the living ones are listed.
   */
  forget(living: Iterable<QueueKey>): void {
    const names = new Set(Array.from(living, keyOf))
    for (const name of this.#missing) if (!names.has(name)) this.#byQueue.delete(name)
    this.#missing = new Set([...this.#byQueue.keys()].filter((name) => !names.has(name)))
  }

  #entry(queue: QueueKey): QueueTotals {
    const key = keyOf(queue)
    let entry = this.#byQueue.get(key)
    if (entry === undefined) {
      entry = { ...NOTHING_DONE }
      this.#byQueue.set(key, entry)
    }
    return entry
  }
}

function keyOf({ accountId, name }: QueueKey): string {
  return `${accountId}/${name}`
}
