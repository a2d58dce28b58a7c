import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type ArmedFault, type Fault, FaultBoard, type SeenFrame } from './fault.ts'
import { ProxiedConnection } from './proxied-connection.ts'
import { throughAddress, upstreamAddress } from './upstream-address.ts'

/**
 * Stands between a server and Postgres, reads every message both ways, and does harm at a named one: `before`, `inside` or
 * `after` it the connection is reset, finished, half closed or stalled, or the message gets lost. What happens is bound to what is
 * said on the wire and never to time, so that it happens again the same way.
 *
 *     const proxy = await startPostgresProxy(postgres.url)
 *     // … start a server on proxy.databaseUrl
 *     const fault = proxy.arm({ matches: answersOf(/^commit/i, 'CommandComplete'), at: 'before', action: 'reset' })
 *     // … the transaction is committed, and its client never hears of it
 *     await fault.hit
 */
export interface PostgresProxy {
  /** Leads through the proxy to the same database, over TCP. */
  readonly databaseUrl: string
  /** Watches for a message and does this when it comes; several can be armed at a time. */
  arm(fault: Fault): ArmedFault
  /** Tells every message that comes, before anything happens to it. @returns a function that ends this */
  onFrame(listener: (frame: SeenFrame) => void): () => void
  /** Resolves with the next message that matches. */
  next(matches: (frame: SeenFrame) => boolean): Promise<SeenFrame>
  /** From now on every message takes so long on its way. */
  setLatency(ms: number): void
  /** From now on no more than so many bytes arrive at a time, each a while after those before. `undefined`: all at once, again. */
  setDrip(bytes: number | undefined): void
  /** What becomes of new connections from now on: they are made, reset at once, or made and stalled until `resume`. */
  setDoor(door: Door): void
  /** Connections of clients that are there, and stalled ones. */
  readonly connections: readonly ProxiedConnection[]
  /** Ends the connections on which nothing is under way. Resolves when both sides have closed them. */
  finishIdle(matches: (connection: ProxiedConnection) => boolean): Promise<void>
  /** Lets stalled connections go on, with all that was held up. */
  resume(): void
  /** Resolves when Postgres is done with every connection that was cut: only then is the outcome of its last statement settled. */
  settled(): Promise<void>
  /** Ends every connection, stalled ones too, and listens no more. */
  close(): Promise<void>
}

/** What a proxy does with new connections. */
export type Door = 'open' | 'reset' | 'stall'

/**
 * Starts a proxy on a free port. `databaseUrl` may lead over TCP or over a unix socket; encryption is not supported.
 * @param host the address of this machine that it listens on
 */
export async function startPostgresProxy(databaseUrl: string, host = '127.0.0.1'): Promise<PostgresProxy> {
  const address = upstreamAddress(databaseUrl)
  const faults = new FaultBoard()
  const connections = new Set<ProxiedConnection>()
  /** Those that Postgres has not closed yet. */
  const open = new Set<ProxiedConnection>()
  const listeners = new Set<(frame: SeenFrame) => void>()
  let latencyMs = 0
  let dripBytes: number | undefined
  let door: Door = 'open'
  let count = 0
  /** Of clients; a server that closes waits for each of them, whatever has become of its connection. */
  const clients = new Set<Socket>()
  let isClosing = false

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    clients.add(client)
    client.once('close', () => clients.delete(client))
    // It was in the queue of the kernel.
    if (isClosing) {
      client.destroy()
      return
    }
    if (door === 'reset') {
      client.on('error', () => undefined)
      client.resetAndDestroy()
      return
    }
    const postgres = connect({ ...address, allowHalfOpen: true })
    const connection = new ProxiedConnection({
      number: ++count,
      client,
      postgres,
      faults,
      latencyMs: () => latencyMs,
      dripBytes: () => dripBytes,
      onFrame: (frame) => {
        for (const listener of listeners) listener(frame)
      },
    })
    if (door === 'stall') connection.stall()
    connections.add(connection)
    open.add(connection)
    connection.clientGone.then(() => connections.delete(connection))
    connection.postgresGone.then(() => open.delete(connection))
  })
  server.listen(0, host)
  await once(server, 'listening')

  function onFrame(listener: (frame: SeenFrame) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return {
    databaseUrl: throughAddress(databaseUrl, server.address() as AddressInfo),
    arm: (fault) => faults.arm(fault),
    onFrame,
    next: (matches) =>
      new Promise((resolve) => {
        const stop = onFrame((frame) => {
          if (!matches(frame)) return
          stop()
          resolve(frame)
        })
      }),
    setLatency: (ms) => {
      latencyMs = ms
    },
    setDrip: (bytes) => {
      dripBytes = bytes
    },
    setDoor: (next) => {
      door = next
    },
    get connections() {
      return [...connections]
    },
    finishIdle: async (matches) => {
      const idle = [...connections].filter((connection) => connection.isIdle && matches(connection))
      for (const connection of idle) connection.cut('finish')
      await Promise.all(idle.flatMap(({ clientGone, postgresGone }) => [clientGone, postgresGone]))
    },
    resume: () => {
      for (const connection of open) connection.resume()
    },
    settled: async () => {
      await Promise.all([...open].filter(({ isCut }) => isCut).map(({ postgresGone }) => postgresGone))
    },
    close: async () => {
      isClosing = true
      for (const connection of [...connections, ...open]) connection.destroy()
      for (const client of clients) client.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Matches what Postgres says of a statement: messages of this type, or all. */
export function answersOf(statement: RegExp, type?: string): (frame: SeenFrame) => boolean {
  return (frame) =>
    frame.direction === 'backend' && statement.test(frame.statement.text) && (type ?? frame.type) === frame.type
}

/** Matches what a client says of a statement: messages of this type, or all. */
export function requestsOf(statement: RegExp, type?: string): (frame: SeenFrame) => boolean {
  return (frame) =>
    frame.direction === 'frontend' && statement.test(frame.statement.text) && (type ?? frame.type) === frame.type
}
