import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 20
/** What was measured is forgotten after this long, so that an old hiccup is not reported for ever. */
const WINDOW_MS = 60_000
/** In less time a single hiccup, such as the start itself, would be one in a hundred. */
const SETTLE_MS = 10_000

/** Remembers how late the event loop ran what was due in about the last minute. */
export class EventLoopWatch {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  readonly #timer: NodeJS.Timeout
  readonly #settleMs: number
  #before: number | undefined
  #beganAtMs = performance.now()

  /** @param settleMs how long it measures before it says anything */
  constructor(settleMs = SETTLE_MS) {
    this.#settleMs = settleMs
    this.#histogram.enable()
    this.#timer = setInterval(() => {
      this.#before = this.#p99Seconds()
      this.#histogram.reset()
      this.#beganAtMs = performance.now()
    }, WINDOW_MS)
    this.#timer.unref()
  }

  /** The lag that one in a hundred pieces of work exceeds, the worse of this minute and the one before; `undefined` at the start. */
  lagSeconds(): number | undefined {
    if (performance.now() - this.#beganAtMs < this.#settleMs) return this.#before
    return Math.max(this.#before ?? 0, this.#p99Seconds())
  }

  close(): void {
    clearInterval(this.#timer)
    this.#histogram.disable()
  }

  /** The histogram holds the whole time between two of its samples, the rest that was meant with it. */
  #p99Seconds(): number {
    return Math.max(0, this.#histogram.percentile(99) / 1e6 - RESOLUTION_MS) / 1_000
  }
}
