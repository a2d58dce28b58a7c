import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setTimeout as after, setImmediate as nextTurn } from 'node:timers/promises'
import type { Engine } from '@stanchion/queue'
import type { FastifyInstance } from 'fastify'
import type { Drain } from './http/drain.ts'

/**
 * For this long a stopping server goes on taking connections, so that load balancers learn from `/readyz` that requests
 * should go elsewhere, and clients with open connections from an answer that theirs ends.
 */
const GRACE_MS = 1_000
/** For this long connections that were taken just before the listener closed may still send their request. */
const LAST_REQUESTS_MS = 500
const CHECK_INTERVAL_MS = 20
/** After this long connections that are still open are cut: a stop ends within 30 s whatever clients do. */
const CLOSE_TIMEOUT_MS = 20_000
/** How many turns of the event loop to wait for one that brings no new connection. */
const QUIET_TURNS_MAX = 1_000

/**
 * Stops serving without cutting anybody off (G29): not ready at once, waiting receives answered at once, every answer
 * ends its connection, then the listener closes, then idle connections, and at last the engine.
 */
export async function stopServer(app: FastifyInstance, engine: Engine, drain: Drain): Promise<void> {
  drain.start()
  engine.drain()
  await untilNoConnections(app.server, GRACE_MS)
  const closed = await closeListener(app.server)
  await untilNoConnections(app.server, LAST_REQUESTS_MS)
  app.server.closeIdleConnections()
  const timer = setTimeout(() => app.server.closeAllConnections(), CLOSE_TIMEOUT_MS)
  await closed.done
  clearTimeout(timer)
  await app.close()
  await engine.close()
}

async function untilNoConnections(server: Server, timeoutMs: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < timeoutMs && (await countConnections(server)) > 0; waitedMs += CHECK_INTERVAL_MS) {
    await after(CHECK_INTERVAL_MS)
  }
}

/**
 * Closes the listener and nothing else; `done` ends with the last connection. Connections that the kernel has accepted
 * and Node has not are reset by this, so it is done right after a turn of the event loop in which Node took all there
 * were and none was new. And it is not `http.Server.close`, which also cuts connections whose first request is on its way.
 */
async function closeListener(server: Server): Promise<{ done: Promise<void> }> {
  let accepted = 0
  const count = () => {
    accepted += 1
  }
  server.on('connection', count)
  for (let turn = 0, before = -1; turn < QUIET_TURNS_MAX && accepted !== before; turn += 1) {
    before = accepted
    await nextTurn()
  }
  const { promise: done, resolve } = Promise.withResolvers<void>()
  NetServer.prototype.close.call(server, () => resolve())
  server.off('connection', count)
  return { done }
}

function countConnections(server: Server): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
  return promise
}
