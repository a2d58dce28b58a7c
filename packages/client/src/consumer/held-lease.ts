import type { Message } from '../types.ts'

/** A message in hand. */
export class HeldLease {
  readonly message: Message
  /** When it was certainly leased, by `performance.now()`. */
  leasedAtMs = performance.now()
  readonly #lost = new AbortController()

  constructor(message: Message) {
    this.message = message
  }

  /** Aborted when somebody else may have the message. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  lose(reason: unknown): void {
    this.#lost.abort(reason)
  }
}
