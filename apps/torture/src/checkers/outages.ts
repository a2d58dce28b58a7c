import { requestsOf } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'

/** While the database is away a request ends within this time. */
const ANSWER_MS_MAX = 10_000
const BUSY_MARGIN_MS = 1_000

/** While the database is away nothing is acknowledged, and nobody waits for long to hear that. */
export const outages: Checker = {
  name: 'outages',
  promises: ['G23', 'G28'],
  check(history) {
    const findings = new Findings()
    const requests = requestsOf(history)
    for (const outage of history.faults) {
      if (outage.stops !== 'database') continue
      for (const request of requests) {
        // A server may be cut off alone.
        if (outage.server !== undefined && outage.server !== request.server) continue
        if (request.invokedAt < outage.injectedAt || request.invokedAt > outage.healingAt) continue
        if (request.completedAt < outage.healingAt) {
          findings.expect(
            request.outcome !== 'ok',
            () => `${request.server} acknowledged a request on ${request.queue} while the database was away`,
            request,
          )
        }
        const isHeldElsewhere = history.faults.some(
          (other) => other !== outage && other.beganAt < request.completedAt && other.endedAt > request.invokedAt,
        )
        if (isHeldElsewhere) continue
        const tookMs = request.completedMs - request.invokedMs
        findings.expect(
          tookMs < ANSWER_MS_MAX + BUSY_MARGIN_MS,
          () =>
            `${request.server} took ${Math.round(tookMs)} ms for a request on ${request.queue} while the database was away`,
          request,
        )
      }
    }
    return findings
  },
}
