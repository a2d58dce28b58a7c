import type { FactClient } from './fact-client.ts'
import type { Known } from './facts.ts'

/** A transaction that was prepared for a commit in two phases and belongs to no session any more. */
export interface PreparedTransaction {
  readonly gid: string
  readonly owner: string
  readonly seconds: number
}

const STATEMENT = `SELECT p.gid, p.owner, extract(epoch FROM clock_timestamp() - p.prepared)::double precision AS seconds
  FROM pg_prepared_xacts p WHERE p.database = current_database() ORDER BY p.prepared LIMIT 20`

export function readPreparedTransactions(client: FactClient): Promise<Known<PreparedTransaction[]>> {
  return client.ask(STATEMENT, (rows) => rows as unknown as PreparedTransaction[])
}
