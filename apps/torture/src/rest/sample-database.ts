import pg from 'pg'
import type { DatabaseSample } from '../history/event.ts'

/** Views of Postgres alone, so that nothing here knows what the service stores and how. */
const SQL = `
SELECT pg_database_size(current_database())::float8 AS bytes,
  (SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()) AS "frozenXidAge",
  (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8 FROM pg_stat_activity
   WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend') AS "oldestTransactionSeconds",
  (SELECT count(*)::integer FROM pg_stat_activity
   WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend') AS connections,
  (SELECT coalesce(sum(n_dead_tup), 0)::float8 FROM pg_stat_user_tables) AS "deadRows",
  (SELECT coalesce(jsonb_object_agg(name, bytes), '{}') FROM (
     SELECT relname AS name, pg_total_relation_size(relid) AS bytes FROM pg_stat_user_tables ORDER BY bytes DESC LIMIT 10) t) AS tables`

/** Size, transaction ids and sessions of a database. */
export async function sampleDatabase(databaseUrl: string): Promise<DatabaseSample> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<DatabaseSample>(SQL)
    return rows[0] as DatabaseSample
  } finally {
    await client.end()
  }
}
