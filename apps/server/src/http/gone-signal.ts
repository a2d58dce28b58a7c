/** Tells that a caller is gone, once. It is the part of an `AbortSignal` that a receive needs, without what makes one of those dear. */
export class GoneSignal {
  #isGone = false
  #listeners: (() => void)[] = []

  get aborted(): boolean {
    return this.#isGone
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** The caller is gone. */
  abort(): void {
    if (this.#isGone) return
    this.#isGone = true
    for (const listener of this.#listeners.splice(0)) listener()
  }
}
