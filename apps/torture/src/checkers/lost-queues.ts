import { type History, requestsOf, type Span } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'

/** What each protocol says of a queue that is not there. */
const NO_QUEUE = /QueueDoesNotExist|NonExistentQueue|queueNotFound/

/** A queue whose creation was acknowledged is there until its deletion is asked for. */
export const lostQueues: Checker = {
  name: 'lost queues',
  promises: ['G23'],
  check(history) {
    const findings = new Findings()
    for (const request of requestsOf(history)) {
      const creation = history.acts.findLast(
        (act) =>
          act.act === 'createQueue' &&
          act.queue === request.queue &&
          act.outcome === 'ok' &&
          act.completedAt < request.invokedAt,
      )
      if (creation === undefined || mayBeDeleted(history, creation, request)) continue
      findings.expect(
        request.outcome !== 'fail' || !NO_QUEUE.test(request.code ?? ''),
        () => `${request.queue} was created, and ${request.server} does not know it: ${request.code}`,
        creation,
        request,
      )
    }
    return findings
  },
}

/** A deletion whose outcome is unknown may take effect later than it is answered. */
function mayBeDeleted(history: History, creation: Span, request: Span): boolean {
  return history.acts.some(
    ({ act, queue, outcome, invokedAt, completedAt }) =>
      act === 'deleteQueue' &&
      queue === request.queue &&
      outcome !== 'fail' &&
      invokedAt < request.completedAt &&
      (outcome === 'unknown' || completedAt > creation.invokedAt),
  )
}
