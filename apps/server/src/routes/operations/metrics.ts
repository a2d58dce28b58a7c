import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../../metrics.ts'

/** `GET /metrics`: what Prometheus reads. */
export function registerMetrics(app: FastifyInstance, { registry }: Metrics): void {
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
}
