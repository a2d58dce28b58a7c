/**
 * Work that takes longer than this is held up and holds up nobody else: on a slow disk every commit does, and then turns are only so far
 * apart. It bounds what a turn can cost anybody.
 */
const HELD_UP_MS = 3

/** Starts work, if there still is any, and says when it is over; it never rejects. */
export type Start = () => Promise<unknown> | undefined

/**
 * One piece of work at a time, in the order in which they asked. What waits for its turn grows meanwhile: few full batches cost less than many
 * small ones side by side (decision 0037).
 */
export class Turns {
  readonly #heldUpMs: number
  readonly #waiting: Start[] = []
  #isTaken = false

  constructor(heldUpMs = HELD_UP_MS) {
    this.#heldUpMs = heldUpMs
  }

  /** Calls `start` when it is its turn. */
  ask(start: Start): void {
    this.#waiting.push(start)
    this.#next()
  }

  #next(): void {
    while (!this.#isTaken) {
      const start = this.#waiting.shift()
      if (start === undefined) return
      const work = start()
      if (work !== undefined) this.#take(work)
    }
  }

  #take(work: Promise<unknown>): void {
    this.#isTaken = true
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      this.#isTaken = false
      this.#next()
    }
    const timer = setTimeout(end, this.#heldUpMs)
    work.then(end)
  }
}
