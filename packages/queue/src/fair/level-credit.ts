/** The part of every claim that levels behind the first are owed together, while they have older messages. */
const DEEPER_SHARE = 1 / 4

/** What a claim owes the deeper levels of a family. */
export interface Owed {
  /** How many messages. */
  readonly count: number
  /** The level whose turn it is to get them. */
  readonly level: number
}

/**
 * What the deeper levels of a family are owed, so that none starves behind the levels before it: a quarter of all that is
 * handed out. It is saved up, because a receive of one message cannot be divided. They take turns: the second level has every
 * second one, each further level half as many as the one before, and the deepest as many as that.
 */
export class LevelCredit {
  #credit = 0
  #turn = 0

  /** What of the next `count` messages is owed in a family of two or more levels. */
  owed(count: number, levels: number): Owed {
    this.#credit += count * DEEPER_SHARE
    const owed = Math.min(Math.floor(this.#credit), count)
    if (owed > 0) this.#turn++
    // The ruler sequence: 1 2 1 3 1 2 1 4 and so on.
    const ruler = 32 - Math.clz32(this.#turn & -this.#turn)
    return { count: owed, level: Math.min(Math.max(1, ruler), levels - 1) }
  }

  /**
   * A claim has ended.
   * @param owed what {@link owed} said for it
   * @param served how many messages it got from deeper levels
   */
  settle(owed: Owed, served: number): void {
    // Levels that did not want what they were owed have nothing to save up for.
    this.#credit = served < owed.count ? 0 : Math.max(0, this.#credit - served)
  }
}
