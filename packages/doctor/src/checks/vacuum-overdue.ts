import type { Settings } from '../facts/read-settings.ts'
import type { TableFacts } from '../facts/read-tables.ts'
import { count, duration } from '../words/duration.ts'
import { identifier } from '../words/quote.ts'
import { defineCheck } from './check.ts'

export const vacuumOverdue = defineCheck({
  id: 'vacuum-overdue',
  title: 'Autovacuum comes to the tables that need it',
  needs: ['tables', 'settings'],
  examine({ tables, settings }, thresholds) {
    return tables
      .filter((table) => {
        const rows = Math.max(
          thresholds.vacuumOverdueRows,
          thresholds.vacuumOverdueTimes * vacuumThreshold(table, settings),
        )
        return (
          table.deadRows >= rows &&
          (table.vacuumedSeconds ?? Number.POSITIVE_INFINITY) >= thresholds.vacuumOverdueSeconds
        )
      })
      .map((table) => ({
        severity: 'warning' as const,
        subject: `table stanchion.${table.name}`,
        summary: `The table stanchion.${table.name} has ${count(table.deadRows, 'dead row')} and ${table.vacuumedSeconds === null ? 'was never vacuumed' : `was vacuumed ${duration(table.vacuumedSeconds)} ago`}, though autovacuum should come at ${count(Math.ceil(vacuumThreshold(table, settings)), 'dead row')}.`,
        advice: `VACUUM (VERBOSE) stanchion.${identifier(table.name)} now. Then see why it does not come by itself: SELECT * FROM pg_stat_progress_vacuum shows whether all autovacuum_max_workers are busy elsewhere.`,
      }))
  },
})

/** The number of dead rows at which autovacuum means to come. */
function vacuumThreshold({ liveRows, options }: TableFacts, settings: Settings): number {
  const of = (name: 'autovacuum_vacuum_threshold' | 'autovacuum_vacuum_scale_factor') =>
    Number(options[name] ?? settings.text(name))
  return of('autovacuum_vacuum_threshold') + of('autovacuum_vacuum_scale_factor') * liveRows
}
