/** The move tasks of a round. Clients of a run share it. */
export class Moves {
  #left: number
  /** The one that was started last. */
  task: string | undefined

  /** @param max no more are started */
  constructor(max: number) {
    this.#left = max
  }

  /** @returns whether one more may be started, which then counts */
  take(): boolean {
    if (this.#left === 0) return false
    this.#left -= 1
    return true
  }
}
