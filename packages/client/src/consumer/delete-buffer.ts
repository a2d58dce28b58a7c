import type { Queue } from '../queue.ts'
import { chunksOf } from './chunks-of.ts'
import type { ConsumerSettings } from './consumer-options.ts'
import type { HeldLease } from './held-lease.ts'

/** Collects deletes and sends them together: when there are enough of them, or after a short time. */
export class DeleteBuffer {
  readonly #queue: Queue
  readonly #settings: ConsumerSettings
  readonly #onSettled: (leases: readonly HeldLease[]) => void
  readonly #sending = new Set<Promise<void>>()
  #waiting: HeldLease[] = []
  #pending = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param onSettled told of leases whose delete was answered, or failed for good */
  constructor(queue: Queue, settings: ConsumerSettings, onSettled: (leases: readonly HeldLease[]) => void) {
    this.#queue = queue
    this.#settings = settings
    this.#onSettled = onSettled
  }

  /** How many are not answered yet. */
  get pending(): number {
    return this.#pending
  }

  add(lease: HeldLease): void {
    this.#waiting.push(lease)
    this.#pending += 1
    if (this.#waiting.length >= this.#settings.deleteBatchSize) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), this.#settings.deleteDelaySeconds * 1_000)
  }

  /** Sends what is there and waits until all is answered. */
  async drain(): Promise<void> {
    this.#flush()
    await Promise.all(this.#sending)
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const leases of chunksOf(this.#waiting, this.#settings.deleteBatchSize)) {
      const sending = this.#send(leases).finally(() => this.#sending.delete(sending))
      this.#sending.add(sending)
    }
    this.#waiting = []
  }

  async #send(leases: readonly HeldLease[]): Promise<void> {
    const { onError } = this.#settings
    try {
      const results = await this.#queue.deleteBatch(leases.map(({ message }) => message))
      for (const [i, { message }] of leases.entries()) {
        const error = results[i]?.error
        if (error !== undefined) onError(error, { during: 'delete', messages: [message] })
      }
    } catch (error) {
      onError(error, { during: 'delete', messages: leases.map(({ message }) => message) })
    }
    this.#pending -= leases.length
    this.#onSettled(leases)
  }
}
