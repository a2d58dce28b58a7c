/** A forward jump of the database clock beyond this is not believed until it is confirmed (G11). */
const JUMP_MS_MAX = 60_000

/**
 * What this node knows of the database's clock, which decides every time in the product. The node's own monotonic clock
 * only carries the last answer forward.
 */
export class DatabaseClock {
  #offsetMs = Number.NaN
  #trustedOffsetMs = Number.NaN

  /** Takes note of a time the database told, as near as possible to the moment it told it. */
  observe(databaseNowMs: number): void {
    const offsetMs = databaseNowMs - performance.now()
    this.#offsetMs = offsetMs
    if (Number.isNaN(this.#trustedOffsetMs) || offsetMs - this.#trustedOffsetMs <= JUMP_MS_MAX) {
      this.#trustedOffsetMs = offsetMs
    }
  }

  /** Epoch milliseconds of the database clock, by the last answer. */
  nowMs(): number {
    return this.#offsetMs + performance.now()
  }

  /** The same without a forward jump that nobody has confirmed; retention is judged by it. */
  trustedNowMs(): number {
    return this.#trustedOffsetMs + performance.now()
  }

  /** How far the database clock is ahead of what is believed; 0 when it is believed. */
  get distrustedJumpMs(): number {
    const jumpMs = this.#offsetMs - this.#trustedOffsetMs
    return jumpMs > JUMP_MS_MAX ? jumpMs : 0
  }

  /** An operator says that the jump is real. */
  confirm(): void {
    this.#trustedOffsetMs = this.#offsetMs
  }
}
