import { sql } from 'kysely'
import type { DatabaseStatistics } from '../types.ts'
import type { Database } from './database.ts'

/**
 * What Postgres itself knows of the schema and of who holds it up, in one statement that reads no table of ours. Any role may run it:
 * of sessions of other roles Postgres shows nothing but that they are there, so they are counted as hidden, unless the role is a
 * member of pg_read_all_stats. Segments are partitions of message_log and add up under its name.
 *
 * A snapshot is as old as the transaction that holds it. Prepared transactions hold one too, and have no session. Only those of
 * this database keep its rows from being cleaned away; vacuums, by hand or not, do not.
 */
const STATEMENT = sql<Row>`
  WITH held AS (
    SELECT clock_timestamp() - a.xact_start AS age FROM pg_stat_activity a
    WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
      AND (a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL) AND a.query !~* '^\\s*vacuum'
    UNION ALL
    SELECT clock_timestamp() - p.prepared FROM pg_prepared_xacts p WHERE p.database = current_database()
  ), rows AS (
    SELECT coalesce(parent.relname, c.relname) AS table_name, sum(pg_stat_get_live_tuples(c.oid)) AS live,
           sum(pg_stat_get_dead_tuples(c.oid)) AS dead
    FROM pg_class c
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    LEFT JOIN pg_class parent ON parent.oid = i.inhparent
    WHERE c.relnamespace = 'stanchion'::regnamespace AND c.relkind IN ('r', 'p')
    GROUP BY 1
  )
  SELECT pg_database_size(current_database()) AS size_bytes,
         (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = 'stanchion.message_log'::regclass) AS log_segments,
         (SELECT greatest(0, coalesce(extract(epoch FROM max(age)), 0))::double precision FROM held) AS oldest_snapshot_age_seconds,
         (SELECT count(*) FROM pg_stat_activity a
          WHERE a.datname = current_database() AND a.usesysid IS NOT NULL AND a.backend_type IS NULL) AS hidden_sessions,
         current_setting('track_counts')::boolean AS are_rows_counted,
         (SELECT jsonb_agg(jsonb_build_object('table', table_name, 'liveRows', live, 'deadRows', dead) ORDER BY table_name)
          FROM rows) AS tables`

interface Row {
  size_bytes: string
  log_segments: string
  oldest_snapshot_age_seconds: number
  hidden_sessions: string
  are_rows_counted: boolean
  tables: DatabaseStatistics['tables']
}

/** @throws QueueError `unavailable` */
export async function readDatabaseStatistics(database: Database): Promise<DatabaseStatistics> {
  const { rows } = await database.withCatalogue((catalogue) => STATEMENT.execute(catalogue))
  const [row] = rows as [Row]
  return {
    sizeBytes: Number(row.size_bytes),
    logSegments: Number(row.log_segments),
    oldestSnapshotAgeSeconds: row.oldest_snapshot_age_seconds,
    hiddenSessions: Number(row.hidden_sessions),
    tables: row.are_rows_counted ? row.tables : [],
  }
}
