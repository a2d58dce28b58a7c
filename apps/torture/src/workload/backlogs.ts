/** Roughly how many messages are in each queue, so that a run drains what it fills. Clients of a run share it. */
export class Backlogs {
  readonly #max: number
  readonly #messages = new Map<string, number>()

  /** @param max no more is sent to a queue that has so many */
  constructor(max: number) {
    this.#max = max
  }

  hasRoom(queue: string): boolean {
    return (this.#messages.get(queue) ?? 0) < this.#max
  }

  /** @param retentionSeconds after which messages that are added are gone, whatever becomes of them */
  add(queue: string, count: number, retentionSeconds?: number): void {
    if (retentionSeconds !== undefined) setTimeout(() => this.add(queue, -count), retentionSeconds * 1000).unref()
    this.#messages.set(queue, Math.max(0, (this.#messages.get(queue) ?? 0) + count))
  }

  clear(queue: string): void {
    this.#messages.delete(queue)
  }
}
