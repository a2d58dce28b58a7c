/** The part of every claim that levels behind the first are owed together, while they have older messages. */
const DEEPER_SHARE = 1 / 4

/**
 * What the deeper levels of a family are owed, so that none starves behind the levels before it: a quarter of all that is
 * handed out, of which each level has a right to half of what is left of it, and the deepest to the rest. It is saved up, because a
 * receive of one message cannot be divided.
 */
export class LevelCredit {
  #credits: number[] = []

  /** How many of the next `count` messages each level is owed; the first level is owed what is left. */
  owed(count: number, levels: number): number[] {
    this.#credits = Array.from({ length: levels }, (_, level) => this.#credits[level] ?? 0)
    let left = DEEPER_SHARE
    let room = count
    return this.#credits.map((credit, level) => {
      if (level === 0) return 0
      const part = level === levels - 1 ? left : left / 2
      left -= part
      this.#credits[level] = credit + count * part
      const owed = Math.min(Math.floor(this.#credits[level]), room)
      room -= owed
      return owed
    })
  }

  /**
   * A claim has ended.
   * @param owed what {@link owed} said for it
   * @param served how many messages it got from each level
   */
  settle(owed: readonly number[], served: readonly number[]): void {
    this.#credits = this.#credits.map((credit, level) => {
      const got = served[level] ?? 0
      // A level that did not want what it was owed has nothing to save up for.
      if (got < (owed[level] ?? 0)) return 0
      return Math.max(0, credit - got)
    })
  }
}
