/** Writers may commit this much later than the time they wrote. */
const MARGIN_MS = 1_000

/** Looking at everything is repeated after this many times of what it took. */
const REST_FACTOR = 20
const REST_MS_MIN = 1_000
const REST_MS_MAX = 30_000

/**
 * The lower bound for what can be due in a lane. While a transaction is held open somewhere, Postgres cannot forget the
 * index entries of leases that are long gone, and a search for due ones would wade through them all. What a complete
 * search has seen need not be searched again, but for a margin; and from time to time everything is searched again, so
 * that nothing depends on this bound for its correctness.
 */
export class DueFloor {
  #floorMs = Number.NEGATIVE_INFINITY
  #lookedAtEverythingAtMs = Number.NEGATIVE_INFINITY
  #restMs = REST_MS_MIN
  #lastNowMs = 0

  /** The bound to search with now, in epoch milliseconds of the database. */
  next(): number {
    return performance.now() - this.#lookedAtEverythingAtMs >= this.#restMs ? Number.NEGATIVE_INFINITY : this.#floorMs
  }

  /**
   * A search has ended.
   * @param usedMs the bound that it used
   * @param nowMs the database's time of the search
   * @param isComplete whether it found less than it wanted, so that nothing due is left
   */
  searched(usedMs: number, nowMs: number, isComplete: boolean, tookMs: number): void {
    // The clock was set back: what is written now may be older than the bound.
    if (nowMs < this.#lastNowMs - MARGIN_MS) this.#floorMs = Number.NEGATIVE_INFINITY
    this.#lastNowMs = nowMs
    if (!isComplete) return
    this.#floorMs = nowMs - MARGIN_MS
    if (usedMs === Number.NEGATIVE_INFINITY) {
      this.#lookedAtEverythingAtMs = performance.now()
      this.#restMs = Math.min(REST_MS_MAX, Math.max(REST_MS_MIN, tookMs * REST_FACTOR))
    }
  }
}
