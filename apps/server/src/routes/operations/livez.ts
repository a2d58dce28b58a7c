import type { FastifyInstance } from 'fastify'

/** `GET /livez`: the process runs. It says nothing about the database, so that an outage restarts no node. */
export function registerLivez(app: FastifyInstance): void {
  app.get('/livez', { schema: { hide: true } }, async () => ({ status: 'live' }))
}
