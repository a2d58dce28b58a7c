import type pg from 'pg'

/** Ends a connection at once, whatever is under way on it; its query fails, and the pool lets go of it. */
export function destroySocket(client: pg.PoolClient): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
  connection.stream.destroy()
}
