import type { FactClient } from './fact-client.ts'
import type { Known } from './facts.ts'

/** How the archiving of WAL goes. */
export interface ArchiverFacts {
  readonly failures: number
  readonly lastFailedFile: string | null
  /** The last attempt failed. */
  readonly isFailing: boolean
  readonly lastFailedSeconds: number | null
}

const STATEMENT = `SELECT failed_count::double precision AS failures, last_failed_wal AS "lastFailedFile",
    coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) AS "isFailing",
    extract(epoch FROM clock_timestamp() - last_failed_time)::double precision AS "lastFailedSeconds"
  FROM pg_stat_archiver`

export function readArchiver(client: FactClient): Promise<Known<ArchiverFacts>> {
  return client.ask(STATEMENT, ([row]) => row as unknown as ArchiverFacts)
}
