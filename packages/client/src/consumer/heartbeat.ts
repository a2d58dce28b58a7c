import type { Queue } from '../queue.ts'
import type { EntryError } from '../types.ts'
import { chunksOf, REQUEST_ENTRIES_MAX } from './chunks-of.ts'
import type { ConsumerSettings } from './consumer-options.ts'
import type { HeldLease } from './held-lease.ts'

/** After these the message is not ours any more. */
const LOST: ReadonlySet<EntryError['code']> = new Set([
  'messageNotLeased',
  'handleExpired',
  'invalidReceiptHandle',
  'queueNotFound',
])

/**
 * Extends leases as long as they are held: each once a quarter of its time is over, so that two extensions may fail before
 * it ends, and one that is over soon costs none.
 */
export class Heartbeat {
  readonly #queue: Queue
  readonly #settings: ConsumerSettings
  readonly #held = new Set<HeldLease>()
  #timer: ReturnType<typeof setInterval> | undefined
  #beat: Promise<void> | undefined

  constructor(queue: Queue, settings: ConsumerSettings) {
    this.#queue = queue
    this.#settings = settings
  }

  start(): void {
    // Timers cannot run for months.
    const intervalMs = Math.min(this.#settings.visibilityTimeoutSeconds * 125, 60_000)
    this.#timer = setInterval(() => {
      this.#beat ??= this.#extendDue().finally(() => {
        this.#beat = undefined
      })
    }, intervalMs)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  hold(lease: HeldLease): void {
    this.#held.add(lease)
  }

  /** Extends these no more. Resolves when an extension that was under way is over, so that it cannot undo what comes next. */
  async letGo(leases: Iterable<HeldLease>): Promise<void> {
    for (const lease of leases) this.#held.delete(lease)
    await this.#beat
  }

  async #extendDue(): Promise<void> {
    const quarterMs = this.#settings.visibilityTimeoutSeconds * 250
    const due = [...this.#held].filter(({ leasedAtMs }) => performance.now() - leasedAtMs >= quarterMs)
    for (const leases of chunksOf(due, REQUEST_ENTRIES_MAX)) await this.#extend(leases, quarterMs / 1_000)
    const endedAtMs = performance.now() - quarterMs * 4
    for (const lease of due) {
      if (lease.leasedAtMs < endedAtMs) this.#lose(lease, new Error('The lease ended, since it could not be extended.'))
    }
  }

  async #extend(leases: readonly HeldLease[], timeoutSeconds: number): Promise<void> {
    const { visibilityTimeoutSeconds, onError } = this.#settings
    const askedAtMs = performance.now()
    try {
      const changes = leases.map(({ message }) => ({ lease: message, visibilityTimeoutSeconds }))
      const results = await this.#queue.extendBatch(changes, { timeoutSeconds: Math.min(timeoutSeconds, 30) })
      for (const [i, lease] of leases.entries()) {
        const error = results[i]?.error
        if (error === undefined) lease.leasedAtMs = askedAtMs
        else if (LOST.has(error.code)) this.#lose(lease, error)
        else if (this.#held.has(lease)) onError(error, { during: 'extend', messages: [lease.message] })
      }
    } catch (error) {
      onError(error, { during: 'extend', messages: leases.map(({ message }) => message) })
    }
  }

  /** One that was let go meanwhile is settled: that its message is gone is no news. */
  #lose(lease: HeldLease, error: unknown): void {
    if (!this.#held.delete(lease)) return
    lease.lose(error)
    this.#settings.onError(error, { during: 'extend', messages: [lease.message] })
  }
}
