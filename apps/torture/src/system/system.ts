import { join } from 'node:path'
import { type PostgresProcess, startPostgresProcess } from '@stanchion/testing'
import { type PostgresProxy, startPostgresProxy } from '../proxy/postgres-proxy.ts'
import { ServerNode } from './server-node.ts'

/** All that runs and can be hurt: servers behind one list of addresses, and the Postgres they share. */
export interface System {
  readonly servers: readonly ServerNode[]
  readonly postgres: PostgresProcess
  /** Leads straight to the database. */
  readonly databaseUrl: string
  /** What servers reach Postgres through; `undefined` when they reach it directly. */
  readonly proxy: PostgresProxy | undefined
  /** Ends everything and removes the data. */
  stop(): Promise<void>
}

/** What a system is made of. */
export interface SystemOptions {
  readonly servers: number
  /** Where logs of servers go. */
  readonly directory: string
  /** Settings of the servers beside the defaults. */
  readonly env?: Readonly<Record<string, string>>
  /** Whether servers reach Postgres through a proxy. */
  readonly isProxied?: boolean
  /** For the Node of the servers. */
  readonly nodeArgs?: readonly string[]
}

const POSTGRES_SETTINGS = { shared_buffers: '256MB', max_connections: '200' }

/** Starts a Postgres with an empty data directory, and servers on it. */
export async function startSystem({
  servers: count,
  directory,
  env = {},
  isProxied = false,
  nodeArgs = [],
}: SystemOptions): Promise<System> {
  const postgres = await startPostgresProcess(POSTGRES_SETTINGS)
  const servers: ServerNode[] = []
  let proxy: PostgresProxy | undefined
  const stop = async () => {
    await Promise.all(servers.map((server) => server.kill()))
    await proxy?.close()
    await postgres.stop()
  }
  try {
    const databaseUrl = await postgres.createDatabase()
    if (isProxied) proxy = await startPostgresProxy(databaseUrl)
    const options = { databaseUrl: proxy?.databaseUrl ?? databaseUrl, env, nodeArgs }
    for (let i = 1; i <= count; i++) {
      const name = `server-${i}`
      servers.push(await ServerNode.start({ name, ...options, logFile: join(directory, `${name}.log`) }))
    }
    return { servers, postgres, databaseUrl, proxy, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
