import type { QueueHistory } from '@stanchion/client'

/** One moment of a queue, as charts read it. */
export interface ChartPoint {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly ready: number
  readonly leased: number
  readonly delayed: number
  readonly age: number
  readonly sent: number
  readonly received: number
  readonly deleted: number
}

/** The moments of a history, the oldest first. Where the server was not there yet, there is none. */
export function chartPoints({ samples }: QueueHistory): ChartPoint[] {
  return samples.map((sample) => ({
    at: Date.parse(sample.at),
    ready: sample.visible,
    leased: sample.inFlight,
    delayed: sample.delayed,
    age: sample.oldestMessageAgeSeconds ?? 0,
    sent: sample.sentPerSecond,
    received: sample.receivedPerSecond,
    deleted: sample.deletedPerSecond,
  }))
}

/** Full minutes between two moments, so many that they can be read. */
export function timeTicks(from: number, to: number, countMax = 6): number[] {
  const STEPS_MINUTES = [1, 2, 5, 10, 15, 30, 60]
  const minutes = STEPS_MINUTES.find((step) => (to - from) / (step * 60_000) <= countMax) ?? 60
  const step = minutes * 60_000
  const ticks: number[] = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at)
  return ticks
}
