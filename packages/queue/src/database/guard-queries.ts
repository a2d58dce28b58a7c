import type pg from 'pg'
import { destroySocket } from './destroy-socket.ts'
import type { UnconfirmedCommits } from './unconfirmed-commits.ts'

/**
 * From now on a query that is not answered in `silenceMs` ends the connection, and a commit that no standby confirmed fails. The
 * driver's own limit only gives up the query: the connection would go back to the pool with the answer still to come, and everybody who
 * gets it would wait for that in vain, a ROLLBACK first of all.
 */
export function guardQueries(client: pg.PoolClient, silenceMs: number, unconfirmed: UnconfirmedCommits): void {
  const query = client.query.bind(client) as (...parameters: unknown[]) => unknown
  client.query = (async (...parameters: unknown[]) => {
    const timer = setTimeout(() => destroySocket(client), silenceMs)
    try {
      const result = await query(...parameters)
      unconfirmed.refuse(client)
      return result
    } finally {
      clearTimeout(timer)
    }
  }) as typeof client.query
}
