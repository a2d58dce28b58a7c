import type { FactClient } from './fact-client.ts'
import type { Known } from './facts.ts'

/** A session with a transaction under way. */
export interface Session {
  readonly pid: number
  readonly user: string
  readonly application: string
  /** `null`: it came over a unix socket. */
  readonly address: string | null
  readonly state: string
  readonly kind: string
  readonly transactionSeconds: number
  readonly stateSeconds: number
  readonly queryStartedAt: Date | null
  /** No row that was deleted since it began can be cleaned away. Vacuums hold nobody up. */
  readonly holdsSnapshot: boolean
}

export interface SessionFacts {
  readonly sessions: readonly Session[]
  /** Sessions of other roles, of which Postgres shows this one nothing but that they are there. */
  readonly hidden: number
}

/**
 * Sessions of this database alone: those of other databases do not keep its rows. The text of their statements is not read, since
 * it may hold bodies of messages.
 */
const STATEMENT = `SELECT a.pid, a.usename AS user, a.application_name AS application, host(a.client_addr) AS address, a.state,
    a.backend_type AS kind, extract(epoch FROM clock_timestamp() - a.xact_start)::double precision AS "transactionSeconds",
    extract(epoch FROM clock_timestamp() - a.state_change)::double precision AS "stateSeconds", a.query_start AS "queryStartedAt",
    (a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL) AND a.query !~* '^\\s*vacuum' AS "holdsSnapshot"
  FROM pg_stat_activity a
  WHERE a.datname = current_database() AND a.usesysid IS NOT NULL AND a.pid <> pg_backend_pid()
    AND (a.backend_type IS NULL OR (a.backend_type = 'client backend' AND a.xact_start IS NOT NULL))
  ORDER BY a.xact_start, a.pid LIMIT 1000`

export function readSessions(client: FactClient): Promise<Known<SessionFacts>> {
  return client.ask(STATEMENT, (rows) => {
    const sessions = rows.filter(({ kind }) => kind !== null) as unknown as Session[]
    return { sessions, hidden: rows.length - sessions.length }
  })
}
