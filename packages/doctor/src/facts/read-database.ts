import type { FactClient } from './fact-client.ts'
import type { Known } from './facts.ts'

/** The database as a whole. */
export interface DatabaseFacts {
  readonly name: string
  readonly role: string
  readonly encoding: string
  readonly sizeBytes: number
  readonly transactionAge: number
  readonly multixactAge: number
  /** Of the collation, as stored and as the operating system has it now; `null` when it has no version. */
  readonly collationVersion: string | null
  readonly collationVersionNow: string | null
  readonly temporaryFiles: number
  readonly temporaryBytes: number
  /** Since when temporary files and checksum failures are counted. */
  readonly countedSeconds: number
  readonly checksumFailures: number
}

/** Every role may read this of its own database. A database whose statistics were never reset counts from the start of the server. */
const STATEMENT = `SELECT d.datname AS name, current_user AS role, pg_encoding_to_char(d.encoding) AS encoding,
    pg_database_size(d.oid)::double precision AS "sizeBytes", age(d.datfrozenxid)::double precision AS "transactionAge",
    mxid_age(d.datminmxid)::double precision AS "multixactAge", d.datcollversion AS "collationVersion",
    pg_database_collation_actual_version(d.oid) AS "collationVersionNow", s.temp_files::double precision AS "temporaryFiles",
    s.temp_bytes::double precision AS "temporaryBytes", coalesce(s.checksum_failures, 0)::double precision AS "checksumFailures",
    extract(epoch FROM clock_timestamp() - coalesce(s.stats_reset, pg_postmaster_start_time()))::double precision AS "countedSeconds"
  FROM pg_database d JOIN pg_stat_database s ON s.datid = d.oid WHERE d.datname = current_database()`

export function readDatabase(client: FactClient): Promise<Known<DatabaseFacts>> {
  return client.ask(STATEMENT, ([row]) => row as unknown as DatabaseFacts)
}
