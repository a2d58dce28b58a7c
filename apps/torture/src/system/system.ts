import { join } from 'node:path'
import { type PostgresProcess, startPostgresProcess } from '@stanchion/testing'
import { withFailpoints } from '../failpoints/with-failpoints.ts'
import type { Fault } from '../faults/fault.ts'
import { type DatabaseLink, openDatabaseLink } from './database-link.ts'
import { FakedClock } from './faked-clock.ts'
import { makeNetwork } from './network.ts'
import { type PgBouncer, startPgBouncer } from './pg-bouncer.ts'
import { ServerNode } from './server-node.ts'

/** All that runs and can be hurt: servers behind one list of addresses, and the Postgres they share. */
export interface System {
  readonly servers: readonly ServerNode[]
  readonly postgres: PostgresProcess
  readonly databaseUrl: string
  /** Between all servers and Postgres; absent without `isPooled`. */
  readonly pgBouncer?: PgBouncer
  /** That of Postgres, where a fault steps it. */
  readonly clock?: FakedClock
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
  /** Whether a PgBouncer in transaction mode stands before Postgres. */
  readonly isPooled?: boolean
  /** A checkout of an older version, whose servers it has at first. */
  readonly oldServer?: string | undefined
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
  isPooled = false,
  oldServer,
  env = {},
  nodeArgs = [],
}: SystemOptions): Promise<System> {
  const isIn = (through: Fault['through']) => faults.some((fault) => fault.through === through)
  const isOnVolume = faults.some(({ on }) => on === 'volume')
  const hasClocks = faults.some(({ on }) => on === 'clocks')
  const clocks: FakedClock[] = []
  const makeClock = () => {
    if (!hasClocks) return {}
    const clock = new FakedClock()
    clocks.push(clock)
    return { clock }
  }
  const ofPostgres = makeClock()
  const network = isIn('network') ? await makeNetwork(count) : undefined
  const postgres = await startPostgresProcess({
    settings: { ...POSTGRES_SETTINGS, ...network?.postgresSettings },
    ...(ofPostgres.clock === undefined ? {} : { env: ofPostgres.clock.env }),
    ...(isOnVolume ? { volumeMegabytes: VOLUME_MEGABYTES } : {}),
    ...(network && { wrapper: network.wrapper }),
  }).catch(async (error) => {
    await network?.close()
    throw error
  })
  const servers: ServerNode[] = []
  const links: DatabaseLink[] = []
  let pgBouncer: PgBouncer | undefined
  const stop = async () => {
    await Promise.all(servers.map((server) => server.kill()))
    await Promise.all(links.map((link) => link.close()))
    await pgBouncer?.stop()
    await postgres.stop()
    await network?.close()
    for (const clock of clocks) clock.remove()
  }
  try {
    const databaseUrl = await postgres.createDatabase()
    if (isPooled) pgBouncer = await startPgBouncer(databaseUrl)
    const start = isIn('failpoints') ? withFailpoints({ env, nodeArgs }) : { env, nodeArgs }
    const isProxied = isIn('proxy')
    for (let i = 1; i <= count; i++) {
      const name = `server-${i}`
      const link = await openDatabaseLink({ databaseUrl, isProxied, line: network?.lines[i - 1], pgBouncer })
      links.push(link)
      const files = { logFile: join(directory, `${name}.log`), failpointFile: join(directory, `${name}.failpoint`) }
      servers.push(await ServerNode.start({ name, link, oldServer, ...start, ...files, ...makeClock() }))
    }
    return { servers, postgres, databaseUrl, ...(pgBouncer && { pgBouncer }), ...ofPostgres, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
