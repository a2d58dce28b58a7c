/** setTimeout takes no more than this. */
const TIMEOUT_MS_MAX = 2_147_483_647

/** A timer for the earliest of several moments. */
export class DueTimer {
  readonly #onDue: () => void
  #timer: NodeJS.Timeout | undefined
  #dueAtMs = Number.POSITIVE_INFINITY

  constructor(onDue: () => void) {
    this.#onDue = onDue
  }

  /** Fires in `delayMs`, unless an earlier moment is known already. */
  atLatest(delayMs: number): void {
    const dueAtMs = performance.now() + delayMs
    if (dueAtMs >= this.#dueAtMs) return
    this.clear()
    this.#dueAtMs = dueAtMs
    this.#timer = setTimeout(
      () => {
        this.#dueAtMs = Number.POSITIVE_INFINITY
        this.#timer = undefined
        this.#onDue()
      },
      Math.min(TIMEOUT_MS_MAX, Math.max(0, delayMs)),
    )
    this.#timer.unref()
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#dueAtMs = Number.POSITIVE_INFINITY
  }
}
