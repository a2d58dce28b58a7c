import { identifier } from '../words/quote.ts'
import { defineCheck } from './check.ts'

export const tableAutovacuumOff = defineCheck({
  id: 'table-autovacuum-off',
  title: 'Autovacuum is on for every table',
  needs: ['tables'],
  examine({ tables }) {
    return tables
      .filter(({ options }) => ['false', 'off', 'no', '0'].includes(options.autovacuum_enabled ?? 'true'))
      .map(({ name }) => ({
        severity: 'warning' as const,
        subject: `table stanchion.${name}`,
        summary: `Autovacuum is switched off for the table stanchion.${name}: its dead rows stay, and receives become slower.`,
        advice: `ALTER TABLE stanchion.${identifier(name)} RESET (autovacuum_enabled); then VACUUM stanchion.${identifier(name)}.`,
      }))
  },
})
