const COMMON_EVENTS = [
  'received',
  'received again',
  'deleted',
  'stale change',
  'expired',
  'purged',
  'dead letter',
  'received dead letter',
  'moved by a task',
  'restart',
] as const
const FIFO_EVENTS = ['blocked', 'repeated receive', 'duplicate'] as const
const STANDARD_EVENTS = ['stale delete'] as const

/** Something without which a run says little. */
export type Event = (typeof COMMON_EVENTS | typeof FIFO_EVENTS | typeof STANDARD_EVENTS)[number]

/** Which events have come about. */
export class Tally {
  readonly #seen = new Set<Event>()

  add(event: Event, times = 1): void {
    if (times > 0) this.#seen.add(event)
  }

  /** Those that queues of a kind can bring about, and did not. */
  missing(isFifo: boolean): Event[] {
    return [...COMMON_EVENTS, ...(isFifo ? FIFO_EVENTS : STANDARD_EVENTS)].filter((event) => !this.#seen.has(event))
  }
}
