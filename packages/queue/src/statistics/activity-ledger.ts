import type { EngineObserver, QueueKey } from '../types.ts'

/** What a node counts for each queue. */
export const ACTIVITIES = [
  'sent',
  'received',
  'deleted',
  'deadLettered',
  'moved',
  'emptyReceives',
  'redelivered',
  'released',
  'duplicatesRefused',
] as const

export type Activity = Record<(typeof ACTIVITIES)[number], number>

/** What was done to one queue since the last report. */
export interface QueueActivity {
  readonly queue: QueueKey
  readonly activity: Activity
}

/**
 * What this node has done to its queues and has not reported yet. It listens to the engine like any observer; a count is one addition
 * in memory.
 */
export class ActivityLedger {
  #byQueue = new Map<string, QueueActivity>()
  #touched = new Set<number>()

  readonly observer: EngineObserver = {
    messagesSent: (queue, count) => this.#add(queue, 'sent', count),
    messagesReceived: (queue, count) => this.#add(queue, 'received', count),
    messagesDeleted: (queue, count) => this.#add(queue, 'deleted', count),
    messagesDeadLettered: (queue, count) => this.#add(queue, 'deadLettered', count),
    messagesMoved: (queue, count) => this.#add(queue, 'moved', count),
    messagesRedelivered: (queue, count) => this.#add(queue, 'redelivered', count),
    messagesReleased: (queue, count) => this.#add(queue, 'released', count),
    duplicatesRefused: (queue, count) => this.#add(queue, 'duplicatesRefused', count),
    emptyReceive: (queue) => this.#add(queue, 'emptyReceives', 1),
  }

  /** The depth of a queue has changed, whoever counts that. */
  touch(queueId: number): void {
    this.#touched.add(queueId)
  }

  /** A queue is gone; the next one of its name is another. */
  forget(queue: QueueKey): void {
    this.#byQueue.delete(keyOf(queue))
  }

  /** Everything so far; the ledger begins anew. */
  take(): { readonly activities: QueueActivity[]; readonly touched: number[] } {
    const taken = { activities: [...this.#byQueue.values()], touched: [...this.#touched] }
    this.#byQueue = new Map()
    this.#touched = new Set()
    return taken
  }

  #add(queue: QueueKey, name: keyof Activity, count: number): void {
    const key = keyOf(queue)
    let entry = this.#byQueue.get(key)
    if (entry === undefined) {
      entry = { queue, activity: emptyActivity() }
      this.#byQueue.set(key, entry)
    }
    entry.activity[name] += count
  }
}

function keyOf({ accountId, name }: QueueKey): string {
  return `${accountId}/${name}`
}

function emptyActivity(): Activity {
  return Object.fromEntries(ACTIVITIES.map((name) => [name, 0])) as Activity
}
