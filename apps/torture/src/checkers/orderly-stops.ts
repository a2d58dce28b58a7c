import { type FaultSpan, type History, requestsOf } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'

/** A server that is told to stop has ended within this time. */
const EXIT_MS_MAX = 30_000
/** And has answered those who wait for messages within this one. */
const POLL_MS_MAX = 1_000
const BUSY_MARGIN_MS = 1_000
/** So long a request may take to the server. One that meets the stop on its way finds a connection that was idle, and is closed. */
const ARRIVAL_MS_MAX = 200
/** What a client sees of a connection that was closed under its request. */
const BROKEN = ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE']

/** A server that is told to stop answers everybody who was there, and soon. */
export const orderlyStops: Checker = {
  name: 'orderly stops',
  promises: ['G29'],
  check(history) {
    const findings = new Findings()
    const requests = requestsOf(history)
    const polls = new Set(history.receives.filter(({ waitSeconds }) => waitSeconds > 0).map(({ id }) => id))
    for (const stop of history.faults) {
      if (stop.isOrderly === undefined || !isAlone(history, stop)) continue
      findings.expect(
        stop.injectedMs - stop.beganMs < EXIT_MS_MAX + BUSY_MARGIN_MS,
        () => `${stop.server} took ${Math.round(stop.injectedMs - stop.beganMs)} ms to stop`,
      )
      for (const request of requests) {
        const isUnderWay = request.invokedMs < stop.beganMs - ARRIVAL_MS_MAX && request.completedAt > stop.beganAt
        if (request.server !== stop.server || !isUnderWay) continue
        findings.expect(
          !BROKEN.includes(request.code ?? ''),
          () =>
            `${request.server} broke the connection of a request on ${request.queue} as it stopped: ${request.code}`,
          request,
        )
        if (!polls.has(request.id)) continue
        const waitedMs = request.completedMs - stop.beganMs
        findings.expect(
          waitedMs < POLL_MS_MAX + BUSY_MARGIN_MS,
          () => `${request.server} let a poll of ${request.queue} wait for ${Math.round(waitedMs)} ms as it stopped`,
          request,
        )
      }
    }
    return findings
  },
}

/** Whether nothing else was wrong from its beginning to its end. */
function isAlone(history: History, stop: FaultSpan): boolean {
  return history.faults.every(
    (other) => other === stop || other.endedAt < stop.beganAt || other.beganAt > stop.injectedAt,
  )
}
