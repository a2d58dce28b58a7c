import type { Server } from 'node:http'
import { setTimeout as after } from 'node:timers/promises'
import type { Engine } from '@stanchion/queue'
import type { FastifyInstance } from 'fastify'
import type { Drain } from './http/drain.ts'

/**
 * For this long a stopping server goes on answering, so that clients with open connections learn from an answer that
 * theirs ends, and load balancers from `/readyz` that requests should go elsewhere.
 */
const GRACE_MS = 1_000
const GRACE_CHECK_MS = 20
/** After this long connections that are still open are cut: a stop ends within 30 s whatever clients do. */
const CLOSE_TIMEOUT_MS = 20_000

/**
 * Stops serving without cutting anybody off (G29): not ready at once, waiting receives answered at once, every answer
 * ends its connection, idle connections are closed, and then the engine.
 */
export async function stopServer(app: FastifyInstance, engine: Engine, drain: Drain): Promise<void> {
  drain.start()
  engine.drain()
  for (let waitedMs = 0; waitedMs < GRACE_MS && (await countConnections(app.server)) > 0; waitedMs += GRACE_CHECK_MS) {
    await after(GRACE_CHECK_MS)
  }
  const timer = setTimeout(() => app.server.closeAllConnections(), CLOSE_TIMEOUT_MS)
  try {
    await app.close()
  } finally {
    clearTimeout(timer)
  }
  await engine.close()
}

function countConnections(server: Server): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
  return promise
}
