import type { Delivery, History, Receive } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'
import { latestEndMs } from './database-time.ts'
import { latestLeaseEndMs } from './lease-end.ts'

/** After its faults are over a server acknowledges something again within this time. */
const RECOVERY_MS_MAX = 5_000
/** What is deliverable reaches a consumer within this time, once no fault is left. */
const DELIVERY_MS_MAX = 2_000
/** For a machine that is busy with clients, servers and database at once. */
const BUSY_MARGIN_MS = 1_000

/** Once faults stop, servers work again by themselves, and what is deliverable is delivered. */
export const liveness: Checker = {
  name: 'liveness after healing',
  promises: ['G4', 'G27', 'G28'],
  check(history) {
    const findings = new Findings()
    checkRecovery(history, findings)
    const drain = history.phases.find(({ phase }) => phase === 'drain')
    if (drain !== undefined) checkDrain(history, drain, findings)
    return findings
  },
}

function checkRecovery(history: History, findings: Findings): void {
  const spans = requestsByServer(history)
  for (const fault of history.faults) {
    if (fault.endedAt === Number.POSITIVE_INFINITY) continue
    const lastMs = fault.endedMs + RECOVERY_MS_MAX + BUSY_MARGIN_MS
    const isAlone = history.faults.every(
      (other) => other === fault || other.endedMs <= fault.endedMs || other.beganMs >= lastMs,
    )
    if (!isAlone) continue
    for (const [server, requests] of spans) {
      const after = requests.filter(({ invokedAt }) => invokedAt > fault.endedAt)
      const tried = after.filter(({ invokedMs }) => invokedMs < fault.endedMs + RECOVERY_MS_MAX / 2)
      if (tried.length === 0) continue
      findings.expect(
        after.some(({ outcome, completedMs }) => outcome === 'ok' && completedMs < lastMs),
        () => `${server} acknowledged nothing for ${lastMs - fault.endedMs} ms after ${fault.fault} had been healed`,
        ...tried.slice(0, 10),
      )
    }
  }
}

function requestsByServer(history: History) {
  const spans = new Map<string, (Receive | History['sends'][number])[]>()
  for (const request of [...history.receives, ...history.sends]) {
    const known = spans.get(request.server) ?? []
    spans.set(request.server, known)
    known.push(request)
  }
  return spans
}

/** A backlog takes its time: the wait of a message counts from the last one that came out of its queue before. */
function checkDrain(history: History, drain: { readonly at: number; readonly atMs: number }, findings: Findings): void {
  const targets = new Set([...history.queues.values()].map(({ deadLetter }) => deadLetter?.queue))
  for (const queue of history.queues.keys()) {
    // When a message became a dead letter is not known.
    if (targets.has(queue)) continue
    const drained = history.deliveries
      .filter((delivery) => delivery.queue === queue && delivery.invokedAt > drain.at)
      .sort((a, b) => a.completedAt - b.completedAt)
    const dues = duesOf(history, queue, drained)
    let progressMs = drain.atMs
    for (const delivery of drained) {
      const waitedMs = delivery.completedMs - Math.max(progressMs, dues(delivery))
      progressMs = delivery.completedMs
      findings.expect(
        waitedMs < DELIVERY_MS_MAX + BUSY_MARGIN_MS,
        () =>
          `${queue} delivered ${delivery.value} ${Math.round(waitedMs)} ms after it could have, with nothing in between`,
        delivery,
      )
    }
  }
}

/** When a message was deliverable at the latest; of a group, the last of its messages. */
function duesOf(history: History, queue: string, drained: readonly Delivery[]): (delivery: Delivery) => number {
  const lost = history.receives.filter((receive) => receive.queue === queue && receive.outcome === 'unknown')
  const isFifo = history.queues.get(queue)?.kind === 'fifo'
  const keyOf = ({ group, value }: Delivery) => (isFifo ? `${group}` : value)
  const latest = new Map<string, number>()
  for (const delivery of drained) {
    const send = history.sendsByValue.get(delivery.value)
    const before = (history.messages.get(delivery.messageId)?.deliveries ?? []).filter(
      ({ completedAt }) => completedAt < delivery.invokedAt,
    )
    const dueMs = Math.max(
      send === undefined ? 0 : latestEndMs(history, send, (send.delaySeconds ?? 0) * 1000, delivery),
      ...lost.map((receive) => latestEndMs(history, receive, receive.leaseSeconds * 1000, delivery)),
      ...before.map((earlier) => latestLeaseEndMs(history, earlier, delivery)),
    )
    latest.set(keyOf(delivery), Math.max(latest.get(keyOf(delivery)) ?? 0, dueMs))
  }
  return (delivery) => latest.get(keyOf(delivery)) ?? 0
}
