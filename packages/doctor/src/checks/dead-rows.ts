import { percent } from '../words/bytes.ts'
import { count } from '../words/duration.ts'
import { identifier } from '../words/quote.ts'
import { defineCheck } from './check.ts'

export const deadRows = defineCheck({
  id: 'dead-rows',
  title: 'Tables hold few dead rows',
  needs: ['tables', 'settings'],
  examine({ tables, settings }, thresholds) {
    if (settings.text('track_counts') === 'off')
      return { found: [], unseen: 'track_counts is off: Postgres does not count them.' }
    return tables
      .filter(
        ({ deadRows: dead, liveRows }) => dead >= thresholds.deadRows && dead >= thresholds.deadRowsShare * liveRows,
      )
      .map(({ name, deadRows: dead, liveRows }) => ({
        severity: 'warning' as const,
        subject: `table stanchion.${name}`,
        summary: `The table stanchion.${name} holds ${count(dead, 'dead row')} beside ${count(liveRows, 'living one')} (${percent(dead / (dead + liveRows))} of it): statements read past them.`,
        advice: `First end what holds a snapshot, see snapshot-held. Then VACUUM (VERBOSE) stanchion.${identifier(name)}. If it comes again, set autovacuum_naptime = 10s: ALTER SYSTEM SET autovacuum_naptime = '10s'; SELECT pg_reload_conf().`,
      }))
  },
})
