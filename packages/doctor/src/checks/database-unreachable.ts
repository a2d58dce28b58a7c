import { defineCheck } from './check.ts'

export const databaseUnreachable = defineCheck({
  id: 'database-unreachable',
  title: 'The database answers a new connection',
  needs: ['connection'],
  runbook: 'database-unreachable',
  examine({ connection: { error } }) {
    if (error === undefined) return []
    return [
      {
        severity: 'critical',
        subject: 'the database',
        summary: `A new connection to the database was refused or not answered: ${error}.`,
        advice:
          'Check that Postgres runs and that DATABASE_URL names it: psql "$DATABASE_URL" -c "SELECT 1". ' +
          'With "too many clients", close connections or raise max_connections.',
      },
    ]
  },
})
