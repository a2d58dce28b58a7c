import { duration } from '../words/duration.ts'
import { names } from '../words/quote.ts'
import { defineCheck } from './check.ts'

export const tableLocked = defineCheck({
  id: 'table-locked',
  title: 'Nobody waits for a lock on a whole table',
  needs: ['lockWaits'],
  examine({ lockWaits }, thresholds) {
    return lockWaits
      .filter(({ seconds }) => seconds >= thresholds.lockWaitSeconds)
      .map(({ pid, table, mode, seconds, blockers }) => ({
        severity: 'critical' as const,
        subject: `table stanchion.${table}`,
        summary: `Process ${pid} waits for ${duration(seconds)} for ${mode} on the table stanchion.${table}, and whoever comes after it waits too. Before it stand ${names(blockers.map((blocker) => `process ${blocker.pid} of the user ${blocker.user} (${blocker.application || 'no name'})`))}.`,
        advice: `End what stands before it: ${blockers.map((blocker) => `SELECT pg_terminate_backend(${blocker.pid})`).join('; ') || 'it has just ended'}. Or end the waiting one: SELECT pg_cancel_backend(${pid}). Use lock_timeout for statements that take strong locks.`,
      }))
  },
})
