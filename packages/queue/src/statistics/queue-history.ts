/** What one sample holds. Counts are of the step, not since the beginning. */
export interface HistorySample {
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
  /** `NaN`: the queue was empty. */
  readonly oldestAgeSeconds: number
  readonly sent: number
  readonly received: number
  readonly deleted: number
  readonly expired: number
  readonly deadLettered: number
  readonly leasesExpired: number
}

/** What is so until it is otherwise. */
const DEPTHS = ['visible', 'inFlight', 'delayed', 'oldestAgeSeconds'] as const
/** What happens in a step. */
export const COUNTED = ['sent', 'received', 'deleted', 'expired', 'deadLettered', 'leasesExpired'] as const
const FIELDS = [...DEPTHS, ...COUNTED] as const satisfies readonly (keyof HistorySample)[]
const AGE = FIELDS.indexOf('oldestAgeSeconds')

type Field = (typeof FIELDS)[number]

/** Where the values of a field stand in a step. */
const PLACES = Object.fromEntries(FIELDS.map((field, i) => [field, i])) as Record<Field, number>

export const NOTHING_HAPPENED: HistorySample = {
  ...{ visible: 0, inFlight: 0, delayed: 0, oldestAgeSeconds: Number.NaN },
  ...{ sent: 0, received: 0, deleted: 0, expired: 0, deadLettered: 0, leasesExpired: 0 },
}

/** Steps that a ring has room for at first: most queues of many change seldom. */
const SIZE_AT_FIRST = 4

/** Samples at even steps of time; what there is no room for any longer is overwritten. */
class Ring {
  readonly stepSeconds: number
  readonly size: number
  #values = new Float32Array(SIZE_AT_FIRST * FIELDS.length)
  #first = 0
  #last = -1

  constructor(stepSeconds: number, size: number) {
    this.stepSeconds = stepSeconds
    this.size = size
  }

  /** Sets depths and age of a step to the newest and adds its counts. Steps without a sample before it are as the last that had one. */
  add(atStep: number, sample: HistorySample): void {
    // A clock that was set back does not change the past.
    const step = Math.max(atStep, this.#last)
    const isNew = step > this.#last
    if (isNew) this.#hold(step)
    const start = this.#start(step)
    FIELDS.forEach((field, i) => {
      const isSum = !isNew && i > AGE
      this.#values[start + i] = isSum ? (this.#values[start + i] as number) + sample[field] : sample[field]
    })
  }

  /** What a step says of one field: nothing before the first sample, and after the last one what has not changed since. */
  value(field: Field, step: number): number {
    if (step < this.#first || step <= this.#last - this.size || this.#last === -1) return NOTHING_HAPPENED[field]
    const place = PLACES[field]
    if (step <= this.#last) return this.#values[this.#start(step) + place] as number
    if (place > AGE) return 0
    const value = this.#values[this.#start(this.#last) + place] as number
    return place === AGE ? value + (step - this.#last) * this.stepSeconds : value
  }

  #start(step: number): number {
    return (step * FIELDS.length) % this.#values.length
  }

  /** Makes room for the steps from the first one to this one, as far as they are remembered. */
  #grow(step: number): void {
    const length = Math.min(this.size, step - this.#first + 1) * FIELDS.length
    if (length <= this.#values.length) return
    const former = this.#values
    this.#values = new Float32Array(Math.min(this.size * FIELDS.length, 2 * length))
    for (let held = this.#first; held <= this.#last; held++) {
      const start = (held * FIELDS.length) % former.length
      this.#values.set(former.subarray(start, start + FIELDS.length), this.#start(held))
    }
  }

  /** Fills the steps up to this one with what was so before. */
  #hold(step: number): void {
    if (this.#last === -1) this.#first = step
    else {
      this.#grow(step)
      const from = Math.max(this.#last + 1, step - this.size + 1)
      const held = Array.from({ length: step - from }, (_, i) => FIELDS.map((field) => this.value(field, from + i)))
      held.forEach((values, i) => {
        this.#values.set(values, this.#start(from + i))
      })
    }
    this.#last = step
  }
}

/** How finely and how far back a queue is remembered: 10 seconds for a quarter of an hour, a minute for three hours. */
export const FINE = { stepSeconds: 10, size: 90 }
export const COARSE = { stepSeconds: 60, size: 180 }

/** How long it takes until nothing is remembered. */
export const HISTORY_MS = COARSE.stepSeconds * COARSE.size * 1000

/** The last hours of one queue, up to 11 kB. A queue that has not changed in that time needs none. */
export class QueueHistory {
  readonly #fine = new Ring(FINE.stepSeconds, FINE.size)
  readonly #coarse = new Ring(COARSE.stepSeconds, COARSE.size)
  #changedAtMs = 0

  /** @param atMs epoch milliseconds */
  add(atMs: number, sample: HistorySample): void {
    for (const ring of [this.#fine, this.#coarse]) ring.add(stepOf(atMs, ring.stepSeconds), sample)
    this.#changedAtMs = atMs
  }

  /** Whether it says nothing any more that the latest depth alone would not say. */
  isOver(atMs: number): boolean {
    return atMs - this.#changedAtMs > HISTORY_MS
  }

  /** What happened in the fine steps from one to another, both included. */
  sum(field: (typeof COUNTED)[number], first: number, last: number): number {
    let sum = 0
    for (let step = first; step <= last; step++) sum += this.#fine.value(field, step)
    return sum
  }

  visible(coarseStep: number): number {
    return this.#coarse.value('visible', coarseStep)
  }

  fine(step: number): HistorySample {
    return sampleOf(this.#fine, step)
  }

  coarse(step: number): HistorySample {
    return sampleOf(this.#coarse, step)
  }
}

function sampleOf(ring: Ring, step: number): HistorySample {
  return Object.fromEntries(FIELDS.map((field) => [field, ring.value(field, step)])) as unknown as HistorySample
}

/** The number of the step that a moment is in. */
export function stepOf(atMs: number, stepSeconds: number): number {
  return Math.floor(atMs / 1000 / stepSeconds)
}
