import type pg from 'pg'
import { destroySocket } from './destroy-socket.ts'

/**
 * From now on a query that is not answered in `silenceMs` ends the connection. The driver's own limit only gives up the query:
 * the connection would go back to the pool with the answer still to come, and everybody who gets it would wait for that in vain, a
 * ROLLBACK first of all.
 */
export function endWhenSilent(client: pg.PoolClient, silenceMs: number): void {
  const query = client.query.bind(client) as (...parameters: unknown[]) => unknown
  client.query = (async (...parameters: unknown[]) => {
    const timer = setTimeout(() => destroySocket(client), silenceMs)
    try {
      return await query(...parameters)
    } finally {
      clearTimeout(timer)
    }
  }) as typeof client.query
}
