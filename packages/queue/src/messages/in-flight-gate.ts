import { QueueError } from '../errors.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import type { ReceiveRequest } from '../types.ts'

/** How long a count is built upon. Other nodes hand out meanwhile, so the ceiling is kept about, as SQS says of its own. */
const BELIEVED_MS = 1_000

/** What a node believes of the messages in flight of a queue: a count, and what it handed out since. */
interface Estimate {
  readonly version: number
  inFlight: number
  readonly countedAtMs: number
}

export interface InFlightGateOptions {
  /** Messages of one queue that may be in flight at a time. */
  readonly inFlightMax: number
  count(live: LiveQueue): Promise<number>
  isDraining(): boolean
}

/** Keeps receives from taking more of a queue than may be in flight. */
export class InFlightGate {
  readonly #options: InFlightGateOptions
  readonly #estimates = new Map<number, Estimate>()

  constructor(options: InFlightGateOptions) {
    this.#options = options
  }

  /**
   * Waits, if the receive may, until the queue is below its ceiling.
   * @returns the receive as it may be done; `undefined` when there is nothing to be had in its time
   * @throws QueueError `tooManyInFlight` for a standard queue and a receive that does not wait
   */
  async admit(live: LiveQueue, request: ReceiveRequest): Promise<ReceiveRequest | undefined> {
    const waitSeconds = request.waitSeconds ?? live.queue.settings.receiveWaitSeconds
    const endMs = performance.now() + waitSeconds * 1_000
    for (;;) {
      const room = this.#options.inFlightMax - (await this.#inFlight(live, request.maxMessages))
      const leftMs = Math.max(0, endMs - performance.now())
      if (room > 0) {
        const maxMessages = Math.min(room, request.maxMessages)
        return { ...request, maxMessages, waitSeconds: Math.min(waitSeconds, Math.ceil(leftMs / 1_000)) }
      }
      if (waitSeconds === 0 && live.queue.fifo === undefined) {
        throw new QueueError(
          'tooManyInFlight',
          `At most ${this.#options.inFlightMax} messages of a queue are in flight.`,
        )
      }
      if (leftMs === 0 || request.signal?.aborted || this.#options.isDraining()) return undefined
      await new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, BELIEVED_MS)))
    }
  }

  /** So many were handed out. */
  taken(live: LiveQueue, count: number): void {
    const estimate = this.#estimates.get(live.queue.id)
    if (estimate !== undefined) estimate.inFlight += count
  }

  /** Counts anew when the last count is old, or when it leaves no room: messages may have been deleted since. */
  async #inFlight(live: LiveQueue, wanted: number): Promise<number> {
    const known = this.#estimates.get(live.queue.id)
    const isBelieved =
      known !== undefined &&
      known.version === live.version &&
      performance.now() - known.countedAtMs < BELIEVED_MS &&
      known.inFlight + wanted <= this.#options.inFlightMax
    if (isBelieved) return known.inFlight
    this.#forgetOld()
    const countedAtMs = performance.now()
    const inFlight = await this.#options.count(live)
    this.#estimates.delete(live.queue.id)
    this.#estimates.set(live.queue.id, { version: live.version, inFlight, countedAtMs })
    return inFlight
  }

  #forgetOld(): void {
    const earliestMs = performance.now() - BELIEVED_MS
    for (const [id, { countedAtMs }] of this.#estimates) {
      // They stand in the order of their counts.
      if (countedAtMs >= earliestMs) break
      this.#estimates.delete(id)
    }
  }
}
