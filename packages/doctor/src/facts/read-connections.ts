import type { FactClient } from './fact-client.ts'
import type { Known } from './facts.ts'

/** Who is connected. */
export interface ConnectionFacts {
  /** Connections of clients to the whole server. */
  readonly used: number
  /** Connections of clients to this database that call themselves the pool of a node. */
  readonly ofNodes: number
  /** Nodes that have reported what they did within the last minute. */
  readonly nodesReporting: number
}

const STATEMENT = `SELECT count(*)::integer AS used,
    count(*) FILTER (WHERE a.datname = current_database() AND a.application_name LIKE 'stanchion%')::integer AS "ofNodes",
    (SELECT count(DISTINCT r.node_id)::integer FROM stanchion.statistics_report r
     WHERE r.reported_at > stanchion.clock() - interval '1 minute') AS "nodesReporting"
  FROM pg_stat_activity a
  WHERE a.datid IS NOT NULL AND a.usesysid IS NOT NULL AND coalesce(a.backend_type, 'client backend') = 'client backend'`

export function readConnections(client: FactClient): Promise<Known<ConnectionFacts>> {
  return client.ask(STATEMENT, ([row]) => row as unknown as ConnectionFacts)
}
