import { QueueError } from '../errors.ts'
import type { Turns } from './turns.ts'

/** How a {@link Batcher} works. */
export interface BatcherOptions<Item, Result> {
  /**
   * Executes one batch; answers, for each item in their order, its result or the error that is its own. `expiresAtMs` is
   * when (on `performance.now()`) the oldest item's deadline ends.
   */
  run(items: readonly Item[], expiresAtMs: number): Promise<readonly (Result | Error)[]>
  /** How much of `weightMax` an item takes; read once, when it is submitted. */
  weigh(item: Item): number
  /** A batch takes items while their weights fit into this; a single heavier item goes alone. */
  weightMax: number
  /** Batches that may run at the same time. */
  inFlightMax: number
  /** Shared with other batchers, with which it takes turns. Absent: it starts whenever it likes. */
  turns?: Turns
  /** What the items that wait may weigh together; one more is refused with `overloaded`. */
  waitingWeightMax: number
  /** An item that has waited this long is refused with `deadlineExceeded` and never runs (G24). */
  deadlineMs: number
}

interface Waiting<Item, Result> {
  readonly item: Item
  readonly weight: number
  readonly expiresAtMs: number
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * Natural batching: what is submitted while a batch runs rides in the next one. Nothing waits for a timer, so an idle
 * batcher runs a first item at once, and a busy one grows its batches by itself.
 */
export class Batcher<Item, Result> {
  readonly #options: BatcherOptions<Item, Result>
  #waiting: Waiting<Item, Result>[] = []
  #head = 0
  #waitingWeight = 0
  #inFlight = 0
  #scheduled = false
  #expiryTimer: NodeJS.Timeout | undefined

  constructor(options: BatcherOptions<Item, Result>) {
    this.#options = options
  }

  /** Items that wait to join a batch. */
  get waiting(): number {
    return this.#waiting.length - this.#head
  }

  /**
   * Resolves with this item's result.
   * @throws QueueError `overloaded`, `deadlineExceeded`, or whatever `run` rejects with
   */
  submit(item: Item): Promise<Result> {
    const weight = this.#options.weigh(item)
    if (this.#waitingWeight + weight > this.#options.waitingWeightMax) {
      return Promise.reject(new QueueError('overloaded', 'Too many requests are waiting. Try again shortly.'))
    }
    this.#waitingWeight += weight
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({
        item,
        weight,
        expiresAtMs: performance.now() + this.#options.deadlineMs,
        resolve,
        reject,
      })
      this.#schedule()
    })
  }

  /** One turn of the event loop later, so that requests which arrived in one read of the socket share a batch. */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight >= this.#options.inFlightMax) {
      this.#armExpiry()
      return
    }
    this.#scheduled = true
    setImmediate(() => {
      const { turns } = this.#options
      if (turns === undefined) this.#startScheduled()
      else turns.ask(() => this.#startScheduled())
    })
  }

  /** Resolves when all that it started is over; `undefined` when nothing was waiting any more. */
  #startScheduled(): Promise<unknown> | undefined {
    this.#scheduled = false
    const started: Promise<void>[] = []
    while (this.#inFlight < this.#options.inFlightMax && this.waiting > 0) {
      const batch = this.#take()
      if (batch.length > 0) started.push(this.#run(batch))
    }
    this.#armExpiry()
    return started.length > 1 ? Promise.all(started) : started[0]
  }

  #take(): Waiting<Item, Result>[] {
    const batch: Waiting<Item, Result>[] = []
    const now = performance.now()
    let weight = 0
    while (this.#head < this.#waiting.length) {
      const next = this.#waiting[this.#head]
      if (next === undefined) break
      if (next.expiresAtMs <= now) {
        this.#head++
        this.#waitingWeight -= next.weight
        next.reject(deadlineExceeded())
        continue
      }
      if (batch.length > 0 && weight + next.weight > this.#options.weightMax) break
      this.#head++
      this.#waitingWeight -= next.weight
      weight += next.weight
      batch.push(next)
    }
    if (this.#head > 1024 || this.#head === this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head)
      this.#head = 0
    }
    return batch
  }

  #run(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    this.#inFlight++
    return this.#options
      .run(
        batch.map((waiting) => waiting.item),
        batch[0]?.expiresAtMs ?? 0,
      )
      .then(
        (results) => {
          for (let i = 0; i < batch.length; i++) {
            const result = results[i]
            // A missing result would leave a caller waiting for ever: that is our mistake, and it must be loud.
            if (i >= results.length) batch[i]?.reject(new Error('a batch answered fewer results than it has items'))
            else if (result instanceof Error) batch[i]?.reject(result)
            else batch[i]?.resolve(result as Result)
          }
        },
        (error: unknown) => {
          for (const waiting of batch) waiting.reject(error)
        },
      )
      .finally(() => {
        this.#inFlight--
        if (this.waiting > 0) this.#schedule()
      })
  }

  /** While batches are stuck, whoever waits too long is told so; the head is always the oldest. */
  #armExpiry(): void {
    if (this.#expiryTimer !== undefined) return
    const oldest = this.#waiting[this.#head]
    if (oldest === undefined) return
    this.#expiryTimer = setTimeout(
      () => {
        this.#expiryTimer = undefined
        const now = performance.now()
        for (let next = this.#waiting[this.#head]; next !== undefined && next.expiresAtMs <= now; ) {
          this.#head++
          this.#waitingWeight -= next.weight
          next.reject(deadlineExceeded())
          next = this.#waiting[this.#head]
        }
        this.#armExpiry()
      },
      Math.max(1, oldest.expiresAtMs - performance.now()),
    )
    this.#expiryTimer.unref()
  }
}

function deadlineExceeded(): QueueError {
  return new QueueError('deadlineExceeded', 'The request waited too long for the database; nothing was done.')
}
