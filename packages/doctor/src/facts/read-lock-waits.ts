import type { FactClient } from './fact-client.ts'
import type { Known } from './facts.ts'

/** A session that waits for a lock on a whole table of Stanchion. */
export interface LockWait {
  readonly pid: number
  readonly table: string
  readonly mode: string
  readonly seconds: number
  /** Who has it, or is before it. */
  readonly blockers: readonly { readonly pid: number; readonly user: string; readonly application: string }[]
}

/** Locks of rows are short and many; those of tables should never be waited for. */
const STATEMENT = `SELECT l.pid, c.relname AS "table", l.mode,
    extract(epoch FROM clock_timestamp() - l.waitstart)::double precision AS seconds,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('pid', b.pid, 'user', b.usename, 'application', b.application_name)), '[]')
     FROM pg_stat_activity b WHERE b.pid = ANY (pg_blocking_pids(l.pid))) AS blockers
  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
  WHERE NOT l.granted AND l.locktype = 'relation' AND c.relnamespace = 'stanchion'::regnamespace
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  ORDER BY l.waitstart LIMIT 20`

export function readLockWaits(client: FactClient): Promise<Known<LockWait[]>> {
  return client.ask(STATEMENT, (rows) => rows as unknown as LockWait[])
}
