import { Server } from 'node:http'
import type { Socket } from 'node:net'
import { PlainConnection, type PlainDoor, type PlainSurroundings } from './plain-connection.ts'

/** How slowly requests may come; as Node's HTTP server has it for the others. */
export interface PlainConnectionOptions {
  readonly door: PlainDoor
  /** Until the first request is there, of a connection that says nothing. */
  readonly headersMsMax: number
  /** Until a body is there, from its first bytes on. */
  readonly wholeMsMax: number
  readonly keepAliveMs: number
  /** How often connections are looked at. */
  readonly checkIntervalMs: number
  /** Whether the server is on its way out. */
  isEnding(): boolean
  /** Answers bytes that are no request, or not a whole one in time, and ends the connection. */
  refuse(error: Error & { code: string }, socket: Socket): void
}

/**
 * Serves connections without Node's HTTP server as long as their requests are such as nearly all are: see {@link readPlainHead}. Its streams,
 * events and headers for one request cost more than everything that the queue does for it, see decision 0033. Every other connection, with what came over
 * it, is Node's as if nobody had looked at it before. Closing idle or all connections of the server closes these as well.
 */
export function servePlainConnections(server: Server, options: PlainConnectionOptions): void {
  const accept = server.listeners('connection') as ((socket: Socket) => void)[]
  const connections = new Set<PlainConnection>()
  const end = (connection: PlainConnection) => {
    connections.delete(connection)
    connection.leave()
  }
  const surroundings: PlainSurroundings = {
    door: options.door,
    keepAliveSeconds: Math.floor(options.keepAliveMs / 1_000),
    isEnding: () => options.isEnding() || !server.listening,
    handOver(connection, unread) {
      end(connection)
      const { socket } = connection
      socket.pause()
      socket.unshift(unread)
      for (const listener of accept) listener.call(server, socket)
      socket.resume()
    },
    refuse(connection, code) {
      end(connection)
      connection.socket.on('error', () => connection.socket.destroy())
      options.refuse(Object.assign(new Error(code), { code }), connection.socket)
    },
    closed: (connection) => connections.delete(connection),
  }
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => connections.add(new PlainConnection(socket, surroundings)))

  const timer = setInterval(() => {
    const nowMs = performance.now()
    for (const connection of connections) {
      const ageMs = connection.ageMs(nowMs)
      const { state } = connection
      if ((state === 'new' && ageMs > options.headersMsMax) || (state === 'reading' && ageMs > options.wholeMsMax))
        surroundings.refuse(connection, 'ERR_HTTP_REQUEST_TIMEOUT')
      else if (state === 'idle' && ageMs > options.keepAliveMs) connection.socket.destroy()
    }
  }, options.checkIntervalMs)
  timer.unref()
  server.once('close', () => clearInterval(timer))

  server.closeIdleConnections = () => {
    Server.prototype.closeIdleConnections.call(server)
    for (const { state, socket } of connections) if (state === 'idle') socket.destroy()
  }
  server.closeAllConnections = () => {
    Server.prototype.closeAllConnections.call(server)
    for (const { socket } of connections) socket.destroy()
  }
}
