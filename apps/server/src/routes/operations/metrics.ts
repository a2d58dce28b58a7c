import type { AccessKeys } from '@stanchion/identity'
import type { FastifyInstance } from 'fastify'
import { HttpProblem } from '../../http/problem.ts'
import type { Metrics } from '../../metrics.ts'
import { callerByToken } from '../authenticate.ts'

/**
 * `GET /metrics`: what Prometheus reads. It names every queue, so where access keys are asked for it is for those that may list
 * queues, as a bearer token.
 */
export function registerMetrics(app: FastifyInstance, { registry }: Metrics, keys: AccessKeys | undefined): void {
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (keys !== undefined && !(await callerByToken(keys, request)).may('list')) {
      throw new HttpProblem('forbidden', 'The access key does not allow this.')
    }
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}
