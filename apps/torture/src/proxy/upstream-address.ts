import type { NetConnectOpts } from 'node:net'
import { join } from 'node:path'
import { parse } from 'pg-connection-string'

const DEFAULT_PORT = 5432

/** Where Postgres listens, by its URL: on a port, or on a socket in a directory. */
export function upstreamAddress(databaseUrl: string): NetConnectOpts {
  const { host, port } = parse(databaseUrl)
  const number = Number(port || DEFAULT_PORT)
  if (host?.startsWith('/')) return { path: join(host, `.s.PGSQL.${number}`) }
  return { host: host || '127.0.0.1', port: number }
}

/** The same URL with another address, over TCP. */
export function throughAddress(
  databaseUrl: string,
  { address, port }: { readonly address: string; readonly port: number },
): string {
  const { user, password, database } = parse(databaseUrl)
  const url = new URL(`postgres://${address}:${port}/`)
  url.username = encodeURIComponent(user ?? '')
  url.password = encodeURIComponent(password ?? '')
  url.pathname = encodeURIComponent(database ?? '')
  return url.href
}
