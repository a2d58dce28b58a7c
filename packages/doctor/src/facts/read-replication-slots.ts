import type { FactClient } from './fact-client.ts'
import type { Known } from './facts.ts'

/** A replication slot of the server. */
export interface ReplicationSlot {
  readonly name: string
  readonly kind: 'physical' | 'logical'
  readonly active: boolean
  /** `reserved`, `extended`, `unreserved` or `lost`; `null` while it holds nothing. */
  readonly walStatus: string | null
  readonly heldBytes: number
  /** Since how long nobody reads it; `null` before Postgres 17, which does not know. */
  readonly inactiveSeconds: number | null
  /** How many transactions ago the snapshot was made that it holds; `null`: none. */
  readonly snapshotTransactions: number | null
}

/** Read through jsonb, because older versions do not have every column. */
const STATEMENT = `SELECT s.slot_name AS name, s.slot_type AS kind, s.active, s.wal_status AS "walStatus",
    CASE WHEN pg_is_in_recovery() OR s.restart_lsn IS NULL THEN 0
         ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn) END::double precision AS "heldBytes",
    extract(epoch FROM clock_timestamp() - (to_jsonb(s) ->> 'inactive_since')::timestamptz)::double precision AS "inactiveSeconds",
    age(s.xmin)::double precision AS "snapshotTransactions"
  FROM pg_replication_slots s ORDER BY s.slot_name LIMIT 100`

export function readReplicationSlots(client: FactClient): Promise<Known<ReplicationSlot[]>> {
  return client.ask(STATEMENT, (rows) => rows as unknown as ReplicationSlot[])
}
