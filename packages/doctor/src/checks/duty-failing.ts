import { count } from '../words/duration.ts'
import { defineCheck } from './check.ts'

export const dutyFailing = defineCheck({
  id: 'duty-failing',
  title: 'Background duties of this node succeed',
  needs: ['node'],
  examine({ node: { duties } }, thresholds) {
    return duties
      .filter(({ failuresInARow }) => failuresInARow >= thresholds.dutyFailures)
      .map(({ name, failuresInARow, lastError }) => ({
        severity: 'warning' as const,
        subject: `duty ${name}`,
        summary: `The last ${count(failuresInARow, 'round')} of the background duty ${name} failed in this node: ${lastError ?? 'without a message'}.`,
        advice:
          'What each duty does stands in docs/architecture.md. It is tried again by itself; the log of the server has every failure ("a background duty failed").',
      }))
  },
})
