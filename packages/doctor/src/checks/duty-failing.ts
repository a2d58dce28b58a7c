import type { DutyFacts } from '../facts/facts.ts'
import type { Thresholds } from '../thresholds.ts'
import { count, duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'

export const dutyFailing = defineCheck({
  id: 'duty-failing',
  title: 'Background duties of this node succeed',
  needs: ['node'],
  runbook: 'service-failing',
  examine({ node: { duties } }, thresholds) {
    return duties.flatMap((duty) => {
      const summary = summaryOf(duty, thresholds)
      return summary === undefined
        ? []
        : [{ severity: 'warning' as const, subject: `duty ${duty.name}`, summary, advice: ADVICE }]
    })
  },
})

const ADVICE =
  'What each duty does stands in docs/architecture.md. It is tried again by itself; the log of the server has every failure ("a background duty failed").'

function summaryOf(duty: DutyFacts, { dutyFailures, dutyRestSeconds }: Thresholds): string | undefined {
  const { name, intervalSeconds, succeededSecondsAgo, failuresInARow, lastError } = duty
  if (failuresInARow >= dutyFailures) {
    return `The last ${count(failuresInARow, 'round')} of the background duty ${name} failed in this node: ${lastError ?? 'without a message'}.`
  }
  if (succeededSecondsAgo === undefined || succeededSecondsAgo < intervalSeconds + dutyRestSeconds) return undefined
  return `The background duty ${name} of this node finished its last round ${duration(succeededSecondsAgo)} ago, and should finish one every ${duration(intervalSeconds)}: it hangs.`
}
