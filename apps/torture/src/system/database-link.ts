import { type PostgresProxy, startPostgresProxy } from '../proxy/postgres-proxy.ts'
import type { Line } from './network.ts'
import type { PgBouncer } from './pg-bouncer.ts'

/** What stands between one server and Postgres. */
export interface DatabaseLink {
  /** The settings with which the server finds its database. */
  readonly env: Readonly<Record<string, string>>
  /** Absent: nothing that could be hurt. */
  readonly proxy?: PostgresProxy
  /** Absent: as `proxy`. */
  readonly line?: Line
  /** Takes it away, when its server has ended. */
  close(): Promise<void>
}

/** What a link is made of. */
export interface LinkOptions {
  /** Where Postgres is. */
  readonly databaseUrl: string
  /** Whether the link has a proxy, so that one server is hurt while the others work. */
  readonly isProxied: boolean
  /** Behind the proxy, if there is one. */
  readonly line?: Line | undefined
  /** Which all servers share. */
  readonly pgBouncer?: PgBouncer | undefined
}

/** Makes the way of one server to Postgres. */
export async function openDatabaseLink({
  databaseUrl,
  isProxied,
  line,
  pgBouncer,
}: LinkOptions): Promise<DatabaseLink> {
  const target = pgBouncer?.databaseUrl ?? line?.databaseUrl(databaseUrl) ?? databaseUrl
  const proxy = isProxied ? await startPostgresProxy(target) : undefined
  return {
    env: {
      DATABASE_URL: proxy?.databaseUrl ?? target,
      // Notices go through no pooler.
      ...(pgBouncer && { STANCHION_DATABASE_POOLER: 'transaction', STANCHION_LISTEN_DATABASE_URL: databaseUrl }),
    },
    ...(proxy && { proxy }),
    ...(line && { line }),
    close: async () => proxy?.close(),
  }
}
