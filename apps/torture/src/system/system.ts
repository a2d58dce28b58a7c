import { join } from 'node:path'
import { type PostgresProcess, startPostgresProcess } from '@stanchion/testing'
import { ServerNode } from './server-node.ts'

/** All that runs and can be hurt: servers behind one list of addresses, and the Postgres they share. */
export interface System {
  readonly servers: readonly ServerNode[]
  readonly postgres: PostgresProcess
  readonly databaseUrl: string
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
  /** For the Node of the servers. */
  readonly nodeArgs?: readonly string[]
}

const POSTGRES_SETTINGS = { shared_buffers: '256MB', max_connections: '200' }

/** Starts a Postgres with an empty data directory, and servers on it. */
export async function startSystem({
  servers: count,
  directory,
  env = {},
  nodeArgs = [],
}: SystemOptions): Promise<System> {
  const postgres = await startPostgresProcess(POSTGRES_SETTINGS)
  const servers: ServerNode[] = []
  const stop = async () => {
    await Promise.all(servers.map((server) => server.kill()))
    await postgres.stop()
  }
  try {
    const databaseUrl = await postgres.createDatabase()
    for (let i = 1; i <= count; i++) {
      const name = `server-${i}`
      servers.push(
        await ServerNode.start({ name, databaseUrl, env, nodeArgs, logFile: join(directory, `${name}.log`) }),
      )
    }
    return { servers, postgres, databaseUrl, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
