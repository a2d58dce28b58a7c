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

const FIELDS = [
  'visible',
  'inFlight',
  'delayed',
  'oldestAgeSeconds',
  'sent',
  'received',
  'deleted',
  'expired',
  'deadLettered',
  'leasesExpired',
] as const satisfies readonly (keyof HistorySample)[]

const COUNTED = ['sent', 'received', 'deleted', 'expired', 'deadLettered', 'leasesExpired'] as const

const NOTHING: HistorySample = {
  ...{ visible: 0, inFlight: 0, delayed: 0, oldestAgeSeconds: Number.NaN },
  ...{ sent: 0, received: 0, deleted: 0, expired: 0, deadLettered: 0, leasesExpired: 0 },
}

/** A ring of samples at even steps of time; what it has room for no longer is overwritten. */
class Ring {
  readonly stepSeconds: number
  readonly size: number
  readonly #steps: Uint32Array
  readonly #values: Float32Array

  constructor(stepSeconds: number, size: number) {
    this.stepSeconds = stepSeconds
    this.size = size
    this.#steps = new Uint32Array(size)
    this.#values = new Float32Array(size * FIELDS.length)
  }

  /** The sample of a step; nothing happened in a step that has none. */
  at(step: number): HistorySample {
    const slot = step % this.size
    if (this.#steps[slot] !== step) return NOTHING
    const start = slot * FIELDS.length
    return Object.fromEntries(FIELDS.map((field, i) => [field, this.#values[start + i]])) as unknown as HistorySample
  }

  /** The sum of a count from one step to another, both included. */
  sum(first: number, last: number, field: (typeof COUNTED)[number]): number {
    const offset = FIELDS.indexOf(field)
    let sum = 0
    for (let step = Math.max(first, last - this.size + 1); step <= last; step++) {
      const slot = step % this.size
      if (this.#steps[slot] === step) sum += this.#values[slot * FIELDS.length + offset] as number
    }
    return sum
  }

  /** Sets depths and age of a step to the newest and adds its counts. */
  add(step: number, sample: HistorySample): void {
    const slot = step % this.size
    const start = slot * FIELDS.length
    const isNew = this.#steps[slot] !== step
    this.#steps[slot] = step
    FIELDS.forEach((field, i) => {
      const isSum = !isNew && (COUNTED as readonly string[]).includes(field)
      this.#values[start + i] = isSum ? (this.#values[start + i] as number) + sample[field] : sample[field]
    })
  }
}

/** How finely and how far back a queue is remembered: 10 seconds for a quarter of an hour, a minute for three hours. */
export const FINE = { stepSeconds: 10, size: 90 }
export const COARSE = { stepSeconds: 60, size: 180 }

/**
 * The last hours of one queue: about 12 kB. A queue that did nothing in that time needs none.
 */
export class QueueHistory {
  readonly #fine = new Ring(FINE.stepSeconds, FINE.size)
  readonly #coarse = new Ring(COARSE.stepSeconds, COARSE.size)
  #busyAtMs = 0

  /** @param atMs epoch milliseconds */
  add(atMs: number, sample: HistorySample): void {
    for (const ring of [this.#fine, this.#coarse]) ring.add(stepOf(atMs, ring.stepSeconds), sample)
    if (!isNothing(sample)) this.#busyAtMs = atMs
  }

  /** Whether it says nothing any more that no history would not say. */
  isOver(atMs: number): boolean {
    return atMs - this.#busyAtMs > COARSE.stepSeconds * COARSE.size * 1000
  }

  fine(step: number): HistorySample {
    return this.#fine.at(step)
  }

  /** What was counted from one fine step to another, both included, without making a sample of each. */
  fineSum(first: number, last: number, field: (typeof COUNTED)[number]): number {
    return this.#fine.sum(first, last, field)
  }

  coarse(step: number): HistorySample {
    return this.#coarse.at(step)
  }
}

/** The number of the step that a moment is in. */
export function stepOf(atMs: number, stepSeconds: number): number {
  return Math.floor(atMs / 1000 / stepSeconds)
}

export function isNothing(sample: HistorySample): boolean {
  return FIELDS.every((field) => field === 'oldestAgeSeconds' || sample[field] === 0)
}

export { NOTHING as NOTHING_HAPPENED }
