/** A stretch of time is measured no shorter: completions are reported every few seconds. */
const SPAN_MS_MIN = 30_000
/** Nobody looked for so long that nobody knows whether the consumers were busy meanwhile. */
const SPAN_MS_MAX = 300_000

/** Where the measurement that is under way began. */
export interface PaceMark {
  readonly atMs: number
  /** Completions of the queue since its creation. */
  readonly completed: number
  readonly outstanding: number
  readonly consumers: number
  /** Consumers that were just asked for are still starting: what is measured until the next mark does not count. */
  readonly isSettled: boolean
}

/** What is known about the pace of one consumer. */
export interface Pace {
  /** Completions a second of one consumer, when they last had enough to do. */
  readonly perSecond: number | undefined
  readonly mark: PaceMark | undefined
}

/**
 * Learns what one consumer completes: while the number of consumers stays the same and each has something to do, it is what all
 * complete, shared among them. Idle consumers say nothing about what they could do.
 */
export function learnPace(pace: Pace, now: Omit<PaceMark, 'isSettled'>): Pace {
  const { mark } = pace
  const begin = (isSettled: boolean): Pace => ({ ...pace, mark: { ...now, isSettled } })
  if (mark === undefined) return begin(true)
  if (mark.consumers !== now.consumers) return begin(false)
  const spanMs = now.atMs - mark.atMs
  // A clock that was set back, or a queue that was measured anew.
  if (spanMs < 0 || spanMs > SPAN_MS_MAX || now.completed < mark.completed) return begin(mark.isSettled)
  if (spanMs < SPAN_MS_MIN) return pace
  const isBusy = now.consumers > 0 && Math.min(mark.outstanding, now.outstanding) > now.consumers
  const completed = now.completed - mark.completed
  if (!mark.isSettled || !isBusy || completed === 0) return begin(true)
  return { ...begin(true), perSecond: completed / (spanMs / 1000) / now.consumers }
}
