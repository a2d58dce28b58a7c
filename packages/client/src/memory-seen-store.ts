import type { SeenStore } from './idempotent.ts'

export interface MemorySeenStoreOptions {
  /** How many done keys are remembered; the oldest go first. 100,000 when absent. */
  readonly entriesMax?: number
  /** How long a done key is remembered: 3,600 when absent. */
  readonly ttlSeconds?: number
  /** Now, in milliseconds. */
  readonly now?: () => number
}

/** Remembers in this process: enough against deliveries that come twice while it runs. */
export class MemorySeenStore implements SeenStore {
  readonly #entriesMax: number
  readonly #ttlMs: number
  readonly #now: () => number
  readonly #running = new Set<string>()
  /** When each was done, the oldest first. */
  readonly #doneAtMs = new Map<string, number>()

  constructor({
    entriesMax = 100_000,
    ttlSeconds = 3_600,
    now = () => performance.now(),
  }: MemorySeenStoreOptions = {}) {
    this.#entriesMax = entriesMax
    this.#ttlMs = ttlSeconds * 1_000
    this.#now = now
  }

  /** How many keys are in memory. */
  get size(): number {
    return this.#running.size + this.#doneAtMs.size
  }

  claim(key: string): 'claimed' | 'running' | 'done' {
    this.#forget()
    if (this.#doneAtMs.has(key)) return 'done'
    if (this.#running.has(key)) return 'running'
    this.#running.add(key)
    return 'claimed'
  }

  finish(key: string): void {
    this.#running.delete(key)
    this.#doneAtMs.set(key, this.#now())
    this.#forget()
  }

  abandon(key: string): void {
    this.#running.delete(key)
  }

  #forget(): void {
    for (const [key, atMs] of this.#doneAtMs) {
      if (this.#doneAtMs.size <= this.#entriesMax && this.#now() - atMs < this.#ttlMs) return
      this.#doneAtMs.delete(key)
    }
  }
}
