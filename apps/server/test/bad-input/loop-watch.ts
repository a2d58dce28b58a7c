const SAMPLE_MS = 10

/**
 * Watches for turns of the event loop that take long. What counts is the time in which the thread computed: on a busy machine a
 * turn takes longer than that without anybody's fault.
 */
export class LoopWatch {
  readonly #timer: NodeJS.Timeout
  #usedMs = usedMs()
  #longestMs = 0

  constructor() {
    this.#timer = setInterval(() => {
      const now = usedMs()
      this.#longestMs = Math.max(this.#longestMs, now - this.#usedMs)
      this.#usedMs = now
    }, SAMPLE_MS)
  }

  /** Ends the watch and answers the longest turn, in milliseconds. */
  stop(): number {
    clearInterval(this.#timer)
    return this.#longestMs
  }
}

function usedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
