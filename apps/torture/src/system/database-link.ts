import { type PostgresProxy, startPostgresProxy } from '../proxy/postgres-proxy.ts'

/** What stands between one server and Postgres. */
export interface DatabaseLink {
  /** Where the server finds its database. */
  readonly databaseUrl: string
  /** Absent: nothing that could be hurt. */
  readonly proxy?: PostgresProxy
  /** Takes it away, when its server has ended. */
  close(): Promise<void>
}

/** Leads straight to Postgres. */
export function directLink(databaseUrl: string): DatabaseLink {
  return { databaseUrl, close: async () => {} }
}

/** Leads through a proxy, one for each server, so that one is hurt while the others work. */
export async function proxiedLink(databaseUrl: string): Promise<DatabaseLink> {
  const proxy = await startPostgresProxy(databaseUrl)
  return { databaseUrl: proxy.databaseUrl, proxy, close: () => proxy.close() }
}
