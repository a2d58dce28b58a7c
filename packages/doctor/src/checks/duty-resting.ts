import { duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'

/** Duties that some node has to do all the time, as `stanchion.duty` names them, and what suffers. */
const ALWAYS_DUE: Readonly<Record<string, string>> = {
  'log segments': 'the log is not extended into the future, and sends will be refused',
}

export const dutyResting = defineCheck({
  id: 'duty-resting',
  title: 'Duties that one node does for all are done',
  needs: ['service', 'connections'],
  runbook: 'service-failing',
  examine({ service: { duties }, connections }, thresholds) {
    if (connections.ofNodes === 0)
      return { found: [], unseen: 'No server is connected to this database, so nothing is due.' }
    return duties
      .filter(({ name, seconds }) => name in ALWAYS_DUE && seconds >= thresholds.dutyRestSeconds)
      .map(({ name, seconds }) => ({
        severity: 'warning' as const,
        subject: `duty ${name}`,
        summary: `The duty "${name}" was done ${duration(seconds)} ago by any node, and should be every minute: ${ALWAYS_DUE[name]}.`,
        advice: `See who holds it up: SELECT pid, usename, application_name, state, xact_start FROM pg_stat_activity WHERE pid = ANY (SELECT pid FROM pg_locks WHERE relation = 'stanchion.duty'::regclass). Then restart that node.`,
      }))
  },
})
