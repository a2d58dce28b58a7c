import { join } from 'node:path'
import { type PostgresProcess, startPostgresProcess } from '@stanchion/testing'
import type { Fault } from '../faults/fault.ts'
import { type DatabaseLink, directLink, proxiedLink } from './database-link.ts'
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
  /** What will be done to it: whatever that needs is there. Absent: nothing that needs anything. */
  readonly faults?: readonly Fault[]
  /** Settings of the servers beside the defaults. */
  readonly env?: Readonly<Record<string, string>>
  /** For the Node of the servers. */
  readonly nodeArgs?: readonly string[]
}

const POSTGRES_SETTINGS = {
  shared_buffers: '256MB',
  max_connections: '200',
  min_wal_size: '256MB',
  max_wal_size: '1GB',
}
/** As much as a long run can need; the image takes only what is used. */
const VOLUME_MEGABYTES = 8192

/** Starts a Postgres with an empty data directory, and servers on it. */
export async function startSystem({
  servers: count,
  directory,
  faults = [],
  env = {},
  nodeArgs = [],
}: SystemOptions): Promise<System> {
  const isOnVolume = faults.some(({ on }) => on === 'volume')
  const postgres = await startPostgresProcess({
    settings: POSTGRES_SETTINGS,
    ...(isOnVolume ? { volumeMegabytes: VOLUME_MEGABYTES } : {}),
  })
  const servers: ServerNode[] = []
  const links: DatabaseLink[] = []
  const stop = async () => {
    await Promise.all(servers.map((server) => server.kill()))
    await Promise.all(links.map((link) => link.close()))
    await postgres.stop()
  }
  try {
    const databaseUrl = await postgres.createDatabase()
    const isProxied = faults.some(({ through }) => through === 'proxy')
    for (let i = 1; i <= count; i++) {
      const name = `server-${i}`
      const link = isProxied ? await proxiedLink(databaseUrl) : directLink(databaseUrl)
      links.push(link)
      servers.push(await ServerNode.start({ name, link, env, nodeArgs, logFile: join(directory, `${name}.log`) }))
    }
    return { servers, postgres, databaseUrl, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
