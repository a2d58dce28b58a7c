import type { Counting, History } from '../history/index-history.ts'
import { type Checker, Findings } from './checker.ts'
import { queuesOf } from './removals.ts'

/** At rest every server counts what is there, which the drain then takes out; after it nothing is left. */
export const counters: Checker = {
  name: 'counters',
  promises: ['G26'],
  check(history) {
    const findings = new Findings()
    for (const counting of history.countings) {
      const { counts, queue } = counting
      if (counts === undefined) continue
      findings.expect(
        Math.min(counts.visible, counts.inFlight, counts.delayed) >= 0,
        () => `${queue} counts less than nothing: ${JSON.stringify(counts)}`,
        counting,
      )
    }
    const [restAt, drainAt, end] = ['rest', 'drain', 'end'].map((name) =>
      history.phases.findLast(({ phase }) => phase === name),
    )
    if (restAt === undefined || drainAt === undefined) return findings
    const atRest = history.countings.filter(
      ({ invokedAt, completedAt }) => invokedAt > restAt.at && completedAt < drainAt.at,
    )
    checkAgreement(history, atRest, findings)
    if (end === undefined) return findings
    if (end.phase === 'end' && end.isClean) checkAgainstDrain(history, atRest, drainAt.at, findings)
    else checkEmptied(history, drainAt.at, findings)
    return findings
  },
}

/** Whether messages of a queue may vanish by themselves from one count to the next. */
function expires(history: History, queue: string): boolean {
  return history.queues.get(queue)?.retentionSeconds !== undefined
}

function checkAgreement(history: History, atRest: readonly Counting[], findings: Findings): void {
  const firsts = new Map<string, Counting>()
  for (const counting of atRest) {
    if (counting.counts === undefined || expires(history, counting.queue)) continue
    const first = firsts.get(counting.queue) ?? counting
    firsts.set(counting.queue, first)
    findings.expect(
      totalOf(first) === totalOf(counting),
      () =>
        `at rest ${counting.queue} counts ${totalOf(first)} at ${first.server} and ${totalOf(counting)} at ${counting.server}`,
      first,
      counting,
    )
  }
}

/** Dead letters are counted with where they came from: the drain itself moves some. */
function checkAgainstDrain(history: History, atRest: readonly Counting[], drainAt: number, findings: Findings): void {
  const targets = new Set([...history.queues.values()].map(({ deadLetter }) => deadLetter?.queue))
  for (const queue of history.queues.keys()) {
    if (targets.has(queue)) continue
    const family = queuesOf(history, queue)
    const countings = family.map((name) => atRest.find((each) => each.queue === name && each.counts !== undefined))
    if (countings.includes(undefined)) continue
    const counted = countings.reduce((sum, counting) => sum + totalOf(counting as Counting), 0)
    const drained = new Set(
      history.deliveries
        .filter((delivery) => delivery.invokedAt > drainAt && family.includes(delivery.queue))
        .map(({ messageId }) => messageId),
    )
    findings.expect(
      expires(history, queue) ? counted >= drained.size : counted === drained.size,
      () => `${family.join(' and ')} counted ${counted} messages at rest, and ${drained.size} came out`,
      ...(countings as Counting[]),
    )
  }
}

function checkEmptied(history: History, drainAt: number, findings: Findings): void {
  const lasts = new Map<string, Counting>()
  for (const counting of history.countings) {
    if (counting.invokedAt > drainAt && counting.counts !== undefined) lasts.set(counting.queue, counting)
  }
  for (const [queue, last] of lasts) {
    findings.expect(
      totalOf(last) === 0,
      () => `${queue} counts ${JSON.stringify(last.counts)}, and nothing more comes out`,
      last,
    )
  }
}

function totalOf({ counts }: Counting): number {
  return (counts?.visible ?? 0) + (counts?.inFlight ?? 0) + (counts?.delayed ?? 0)
}
