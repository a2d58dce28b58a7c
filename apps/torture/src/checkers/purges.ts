import type { History } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'
import { surePurge } from './removals.ts'

/** What was acknowledged before a purge or the deletion of its queue never comes back, and a queue that is gone takes nothing. */
export const purges: Checker = {
  name: 'purge and create again',
  promises: ['G20', 'G21'],
  check(history) {
    const findings = new Findings()
    for (const delivery of history.deliveries) {
      const send = history.sendsByValue.get(delivery.value)
      if (send?.outcome !== 'ok') continue
      const act = surePurge(history, send, delivery.invokedAt)
      findings.expect(
        act === undefined,
        () => `${delivery.queue} delivered ${delivery.value} after a ${act?.act} that had to remove it`,
        send,
        ...(act === undefined ? [] : [act]),
        delivery,
      )
    }
    checkGoneQueues(history, findings)
    return findings
  },
}

/** Between the acknowledged deletion of a queue and the next attempt to create it. */
function checkGoneQueues(history: History, findings: Findings): void {
  for (const deletion of history.acts) {
    if (deletion.act !== 'deleteQueue' || deletion.outcome !== 'ok') continue
    const { queue } = deletion
    // One that was begun before may take effect after it.
    const creations = history.acts.filter((act) => act.act === 'createQueue' && act.queue === queue)
    const mayExistFrom = Math.min(
      ...creations.filter(({ completedAt }) => completedAt > deletion.invokedAt).map(({ invokedAt }) => invokedAt),
    )
    for (const send of history.sends) {
      if (send.queue !== queue || send.invokedAt < deletion.completedAt || send.completedAt > mayExistFrom) continue
      findings.expect(
        send.outcome !== 'ok',
        () => `${queue} accepted ${send.value} after it had been deleted`,
        deletion,
        send,
      )
    }
  }
}
