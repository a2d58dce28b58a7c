/** Does work in order, each piece so long after it was given as was asked for then. */
export class DelayLine {
  readonly #delayMs: () => number
  readonly #waiting: { readonly dueAtMs: number; readonly work: () => void }[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(delayMs: () => number) {
    this.#delayMs = delayMs
  }

  push(work: () => void): void {
    const delayMs = this.#delayMs()
    if (delayMs === 0 && this.#waiting.length === 0) {
      work()
      return
    }
    this.#waiting.push({ dueAtMs: performance.now() + delayMs, work })
    this.#timer ??= setTimeout(() => this.#run(), delayMs)
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#waiting.length = 0
  }

  #run(): void {
    this.#timer = undefined
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const leftMs = first.dueAtMs - performance.now()
      if (leftMs > 0) {
        this.#timer = setTimeout(() => this.#run(), leftMs)
        return
      }
      this.#waiting.shift()
      first.work()
    }
  }
}
