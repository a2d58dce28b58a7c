import type { History } from '../history/index-history.ts'

/** A moment of which only is known that it lies between two others, by the clock of the clients. */
export interface Moment {
  readonly invokedMs: number
  readonly completedMs: number
}

type Steps = Pick<History, 'clockSteps'>

/**
 * When a time that the database measures can have been over at the earliest, by the clock of the clients. Steps of the database clock that
 * can lie in between shorten or lengthen it by just so much; what was over before a step back stays over.
 * @param begin when it began
 * @param until up to when somebody wants to know
 */
export function earliestEndMs({ clockSteps }: Steps, begin: Moment, lengthMs: number, until: Moment): number {
  const [firstLeast, firstMost] = stepsBefore(clockSteps, begin)
  const [lastLeast, lastMost] = stepsBefore(clockSteps, until)
  let earliestMs = Number.POSITIVE_INFINITY
  for (let first = firstLeast; first <= firstMost; first++) {
    let endMs = Math.max(begin.invokedMs, clockSteps[first - 1]?.fromMs ?? 0) + lengthMs
    for (let done = first; ; done++) {
      const step = clockSteps[done]
      const isLast = step === undefined || done >= lastMost
      if (isLast || done >= lastLeast || endMs <= step.toMs) earliestMs = Math.min(earliestMs, endMs)
      if (isLast || endMs <= step.fromMs) break
      endMs = Math.max(endMs - step.byMs, step.fromMs)
    }
  }
  return earliestMs
}

/** When a time that the database measures is over at the latest; all steps before `until` count, and none is made later. */
export function latestEndMs({ clockSteps }: Steps, begin: Moment, lengthMs: number, until: Moment): number {
  const [firstLeast, firstMost] = stepsBefore(clockSteps, begin)
  const [, last] = stepsBefore(clockSteps, until)
  const gainsMs: number[] = []
  for (let first = firstLeast; first <= firstMost; first++) {
    gainsMs.push(clockSteps.slice(first, last).reduce((sumMs, { byMs }) => sumMs + byMs, 0))
  }
  return begin.completedMs + lengthMs - Math.min(...gainsMs)
}

/** How far the steps of a history can have put off the clock of the database, in either direction. */
export function swayMs({ clockSteps }: Steps): number {
  return clockSteps.reduce((sumMs, { byMs }) => sumMs + Math.abs(byMs), 0)
}

/** How many steps were made before a moment, at least and at most. */
function stepsBefore(steps: History['clockSteps'], { invokedMs, completedMs }: Moment): readonly [number, number] {
  return [
    steps.filter(({ toMs }) => toMs < invokedMs).length,
    steps.filter(({ fromMs }) => fromMs <= completedMs).length,
  ]
}
