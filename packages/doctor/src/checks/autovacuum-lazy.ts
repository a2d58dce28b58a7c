import type { Settings } from '../facts/read-settings.ts'
import { identifier } from '../words/quote.ts'
import { type Draft, defineCheck } from './check.ts'

/** Tables whose rows change with every message. */
const HOT = ['lease', 'parked_message', 'fifo_group', 'fifo_cursor', 'fifo_deduplication', 'queue_statistics']

export const autovacuumLazy = defineCheck({
  id: 'autovacuum-lazy',
  title: 'Autovacuum comes often enough',
  needs: ['tables', 'settings'],
  examine({ tables, settings }, thresholds) {
    const found: Draft[] = []
    const naptime = settings.number('autovacuum_naptime')
    if (naptime > thresholds.autovacuumNaptimeSeconds) {
      found.push({
        severity: 'warning',
        subject: 'setting autovacuum_naptime',
        summary: `autovacuum_naptime is ${naptime} s: tables that change with every message gather dead rows for so long.`,
        advice: "ALTER SYSTEM SET autovacuum_naptime = '10s'; SELECT pg_reload_conf().",
      })
    }
    for (const { name, options } of tables.filter((table) => HOT.includes(table.name))) {
      const scale = Number(options.autovacuum_vacuum_scale_factor ?? settings.text('autovacuum_vacuum_scale_factor'))
      const delayMs = Number(options.autovacuum_vacuum_cost_delay ?? globalDelayMs(settings))
      const lazy = [
        ...(scale > thresholds.autovacuumScaleFactor ? [`waits until ${scale} of the rows are dead`] : []),
        ...(delayMs > thresholds.autovacuumCostDelayMs ? [`rests ${delayMs} ms at every step`] : []),
      ]
      if (lazy.length === 0) continue
      const table = `stanchion.${identifier(name)}`
      found.push({
        severity: 'warning',
        subject: `table stanchion.${name}`,
        summary: `Autovacuum is lazy for the table stanchion.${name}, whose rows change with every message: it ${lazy.join(' and ')}.`,
        advice: `ALTER TABLE ${table} SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0).`,
      })
    }
    return found
  },
})

/** -1 means: as for vacuums by hand. */
function globalDelayMs(settings: Settings): number {
  const own = settings.number('autovacuum_vacuum_cost_delay')
  return own < 0 ? settings.number('vacuum_cost_delay') : own
}
