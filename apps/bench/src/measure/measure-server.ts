import pg from 'pg'
import type { Contender } from '../contenders/contender.ts'
import { cpuTimeUs } from './cpu-time.ts'

/** What a stretch of time took from the machine. */
export interface Used {
  readonly clientUs: number
  readonly serverUs: number
  readonly postgresUs: number
  /** Written to the log of Postgres, by everyone. */
  readonly walBytes: number
  /** Transactions of the contender's database, which for single statements is their number. */
  readonly transactions: number
}

/** Starts to measure. @returns what ends it and tells */
export async function measureServer(contender: Contender, postgresPid: number): Promise<() => Promise<Used>> {
  const before = await read(contender, postgresPid)
  return async () => {
    const after = await read(contender, postgresPid)
    return {
      clientUs: after.clientUs - before.clientUs,
      serverUs: after.serverUs - before.serverUs,
      postgresUs: after.postgresUs - before.postgresUs,
      walBytes: after.walBytes - before.walBytes,
      transactions: after.transactions - before.transactions,
    }
  }
}

async function read({ serverPids, databaseUrl }: Contender, postgresPid: number): Promise<Used> {
  let serverUs = 0
  for (const pid of serverPids) serverUs += cpuTimeUs(pid, true)
  return {
    clientUs: cpuTimeUs(process.pid),
    serverUs,
    postgresUs: cpuTimeUs(postgresPid, true),
    ...(databaseUrl === undefined ? { walBytes: 0, transactions: 0 } : await readDatabase(databaseUrl)),
  }
}

async function readDatabase(connectionString: string): Promise<{ walBytes: number; transactions: number }> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const { rows } = await client.query(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS "walBytes", xact_commit::float8 AS transactions
     FROM pg_stat_database WHERE datname = current_database()`,
  )
  await client.end()
  return rows[0] as { walBytes: number; transactions: number }
}
