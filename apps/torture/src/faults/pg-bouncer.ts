import type { Fault } from './fault.ts'

/** All servers lose all connections at once, while Postgres works: what was under way is done, or not. */
export const killPgBouncer: Fault = {
  name: 'kill-pgbouncer',
  about: 'kill -9 of the PgBouncer before Postgres, started again',
  hits: 'postgres',
  stops: 'database',
  needs: ({ pgBouncer }) => (pgBouncer ? undefined : 'servers go through PgBouncer with --pgbouncer alone'),
  async inject({ system: { pgBouncer } }) {
    if (pgBouncer === undefined) throw new Error('this system has no PgBouncer')
    await pgBouncer.kill()
    return () => pgBouncer.start()
  },
}
