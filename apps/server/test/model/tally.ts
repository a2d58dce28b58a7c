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
  'moved on',
  'created again',
] as const
const FIFO_EVENTS = ['blocked', 'repeated receive', 'duplicate', 'stored again'] as const
const STANDARD_EVENTS = ['stale delete'] as const

/** Something without which a run says little. */
export type Event = (typeof COMMON_EVENTS | typeof FIFO_EVENTS | typeof STANDARD_EVENTS)[number]

/** So often an event has to come about: once may be in a place where nothing can be told from it. */
const TIMES_MIN = 3

/** How often events have come about. */
export class Tally {
  readonly #times = new Map<Event, number>()

  add(event: Event, times = 1): void {
    this.#times.set(event, (this.#times.get(event) ?? 0) + times)
  }

  /** Those that queues of a kind can bring about, and did too seldom. */
  missing(isFifo: boolean): Event[] {
    const events = [...COMMON_EVENTS, ...(isFifo ? FIFO_EVENTS : STANDARD_EVENTS)]
    return events.filter((event) => (this.#times.get(event) ?? 0) < TIMES_MIN)
  }
}
