import type { FastifyInstance } from 'fastify'
import type { Drain } from '../../http/drain.ts'

/** How long the database may take to answer before the node calls itself not ready. */
const PING_TIMEOUT_MS = 2_000

/** `GET /readyz`: whether requests should be sent here. 503 from the first moment of a stop and while the database is away. */
export function registerReadyz(app: FastifyInstance, drain: Drain): void {
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    if (drain.started) return reply.code(503).send({ status: 'stopping' })
    if (!(await databaseAnswers(app))) return reply.code(503).send({ status: 'database is away' })
    return { status: 'ready' }
  })
}

async function databaseAnswers(app: FastifyInstance): Promise<boolean> {
  const { promise: timeout, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, PING_TIMEOUT_MS, false)
  const answer = app.engine.ping().then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answer, timeout])
  } finally {
    clearTimeout(timer)
  }
}
