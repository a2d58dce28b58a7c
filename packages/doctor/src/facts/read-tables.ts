import type { FactClient } from './fact-client.ts'
import type { Known } from './facts.ts'

/** A table of Stanchion. */
export interface TableFacts {
  readonly name: string
  readonly liveRows: number
  readonly deadRows: number
  /** Since the last vacuum, by hand or not; `null`: none since the statistics began. */
  readonly vacuumedSeconds: number | null
  /** Its own settings, such as `autovacuum_enabled`. */
  readonly options: Readonly<Record<string, string>>
}

/**
 * Segments of the log are left out: nothing in them dies, and autovacuum is off for them on purpose. The metrics read the
 * sums of the same numbers (`read-database-statistics.ts` in packages/queue); here every table is looked at with its settings.
 */
const STATEMENT = `SELECT c.relname AS name, pg_stat_get_live_tuples(c.oid)::double precision AS "liveRows",
    pg_stat_get_dead_tuples(c.oid)::double precision AS "deadRows",
    extract(epoch FROM clock_timestamp() - greatest(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid))
           )::double precision AS "vacuumedSeconds",
    (SELECT coalesce(jsonb_object_agg(o.option_name, o.option_value), '{}') FROM pg_options_to_table(c.reloptions) o) AS options
  FROM pg_class c WHERE c.relnamespace = 'stanchion'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition ORDER BY c.relname`

export function readTables(client: FactClient): Promise<Known<TableFacts[]>> {
  return client.ask(STATEMENT, (rows) => rows as unknown as TableFacts[])
}
