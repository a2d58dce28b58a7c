import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { type ArmedFault, type Fault, FaultBoard, type SeenFrame } from './fault.ts'
import { ProxiedConnection } from './proxied-connection.ts'
import { throughPort, upstreamAddress } from './upstream-address.ts'

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

/** Starts a proxy on a free port of 127.0.0.1. `databaseUrl` may lead over TCP or over a unix socket; encryption is not supported. */
export async function startPostgresProxy(databaseUrl: string): Promise<PostgresProxy> {
  const address = upstreamAddress(databaseUrl)
  const faults = new FaultBoard()
  const connections = new Set<ProxiedConnection>()
  /** Those that Postgres has not closed yet. */
  const open = new Set<ProxiedConnection>()
  const listeners = new Set<(frame: SeenFrame) => void>()
  let latencyMs = 0
  let count = 0

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const postgres = connect({ ...address, allowHalfOpen: true })
    const connection = new ProxiedConnection({
      number: ++count,
      client,
      postgres,
      faults,
      latencyMs: () => latencyMs,
      onFrame: (frame) => {
        for (const listener of listeners) listener(frame)
      },
    })
    connections.add(connection)
    open.add(connection)
    connection.clientGone.then(() => connections.delete(connection))
    connection.postgresGone.then(() => open.delete(connection))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function onFrame(listener: (frame: SeenFrame) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return {
    databaseUrl: throughPort(databaseUrl, (server.address() as AddressInfo).port),
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
      for (const connection of [...connections, ...open]) connection.destroy()
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
