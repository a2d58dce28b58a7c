/** What became of the messages of a run, by their bodies, which are unique. */
export class Ledger {
  readonly #sent = new Set<string>()
  readonly #received = new Set<string>()
  /** With how many deletes had been acknowledged before. */
  readonly #deleted = new Map<string, number>()
  readonly #undone = new Set<string>()
  /** Requests that neither succeeded nor were refused: they may have taken effect. */
  unknown = 0

  /** A moment, to be given to `received` with what a receive answered that was asked at that moment. */
  moment(): number {
    return this.#deleted.size
  }

  /** A send was acknowledged. */
  sent(body: string): void {
    this.#sent.add(body)
  }

  /** A receive handed a message out. Only one that was asked after the delete had been acknowledged shows that the delete is undone. */
  received(body: string, askedAt: number): void {
    this.#received.add(body)
    if ((this.#deleted.get(body) ?? Number.POSITIVE_INFINITY) < askedAt) this.#undone.add(body)
  }

  /** A delete was acknowledged. */
  deleted(body: string): void {
    if (!this.#deleted.has(body)) this.#deleted.set(body, this.#deleted.size)
  }

  /** To be read after the queue was drained. */
  totals() {
    const lost = [...this.#sent].filter((body) => !this.#received.has(body))
    return {
      acknowledgedSends: this.#sent.size,
      acknowledgedDeletes: this.#deleted.size,
      unknown: this.unknown,
      lostSends: lost.length,
      undoneDeletes: this.#undone.size,
    }
  }
}
