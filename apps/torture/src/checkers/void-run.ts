import type { History, Receive } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'

/** What a run has to show for its verdicts to mean anything. */
export interface VoidLimits {
  /** Sends, receives and deletions that were acknowledged after the last fault was healed, before the drain. */
  readonly acksAfterLastFaultMin: number
  /** Receives of two clients from one queue at the same time that both brought something. */
  readonly overlappingClaimsMin: number
  readonly faultsMin: number
}

/** The name of the checker that says so. */
export const VOID = 'not void'

/** A run that has proved nothing is void, and void is red. */
export function voidRun(limits: VoidLimits): Checker {
  return {
    name: VOID,
    promises: [],
    check(history) {
      const findings = new Findings()
      const faults = history.faults.filter(({ injectedAt }) => injectedAt < Number.POSITIVE_INFINITY).length
      findings.expect(faults >= limits.faultsMin, () => `void: ${faults} faults, ${limits.faultsMin} are needed`)
      const unhealed = history.faults.find(({ endedAt }) => endedAt === Number.POSITIVE_INFINITY)
      findings.expect(unhealed === undefined, () => `void: ${unhealed?.fault} was never healed`)
      const acks = acksAfterLastFault(history)
      findings.expect(
        acks >= limits.acksAfterLastFaultMin,
        () =>
          `void: ${acks} requests were acknowledged after the last fault, ${limits.acksAfterLastFaultMin} are needed`,
      )
      const overlaps = overlappingClaims(history)
      findings.expect(
        overlaps >= limits.overlappingClaimsMin,
        () => `void: ${overlaps} claims overlapped, ${limits.overlappingClaimsMin} are needed`,
      )
      const end = history.phases.findLast(({ phase }) => phase === 'end')
      findings.expect(end?.phase === 'end' && end.isClean, () => 'void: the drain was not clean')
      return findings
    },
  }
}

function acksAfterLastFault(history: History): number {
  const from = Math.max(-1, ...history.faults.map(({ endedAt }) => endedAt))
  const to = history.phases.find(({ phase }) => phase === 'rest')?.at ?? Number.POSITIVE_INFINITY
  const { sends, deliveries, deletions } = history
  const requests = [...sends, ...deliveries, ...deletions].filter(
    ({ outcome, invokedAt, completedAt }) => outcome === 'ok' && invokedAt > from && completedAt < to,
  )
  return new Set(requests.map(({ id }) => id)).size
}

function overlappingClaims(history: History): number {
  const lastOfQueue = new Map<string, Receive>()
  let overlaps = 0
  for (const receive of history.receives) {
    if (receive.deliveries.length === 0) continue
    const last = lastOfQueue.get(receive.queue)
    if (last !== undefined && last.completedAt > receive.invokedAt && last.client !== receive.client) overlaps += 1
    if (last === undefined || receive.completedAt > last.completedAt) lastOfQueue.set(receive.queue, receive)
  }
  return overlaps
}
