import { createHash } from 'node:crypto'

/** Random choices that are the same for the same seed (sfc32). */
export class Random {
  readonly #seed: string
  readonly #state: Uint32Array

  constructor(seed: string | number) {
    this.#seed = String(seed)
    const digest = createHash('sha256').update(this.#seed).digest()
    this.#state = Uint32Array.from([0, 4, 8, 12], (offset) => digest.readUInt32LE(offset))
  }

  /** Choices of their own for a part, whatever others choose meanwhile. */
  fork(part: string): Random {
    return new Random(`${this.#seed}/${part}`)
  }

  /** From 0 up to, and without, 1. */
  next(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state
    const sum = a + b + counter
    this.#state.set([b ^ (b >>> 9), c + (c << 3), ((c << 21) | (c >>> 11)) + sum, counter + 1])
    return (sum >>> 0) / 0x1_0000_0000
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.between(0, list.length - 1)]
    if (picked === undefined) throw new Error('there is nothing to pick from')
    return picked
  }

  /** In another order. */
  shuffle<T>(list: readonly T[]): T[] {
    return list
      .map((item) => ({ item, rank: this.next() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item)
  }
}
