import type { FastifyInstance } from 'fastify'
import { HttpProblem } from '../../http/problem.ts'
import type { Metrics } from '../../metrics/index.ts'
import { callerByToken, type RestAuthentication } from '../authenticate.ts'

/**
 * `GET /metrics`: what Prometheus reads. It names the queues of every account, so where access keys are asked for it is for those
 * of the server's own account that may list queues, as a bearer token (G35).
 */
export function registerMetrics(app: FastifyInstance, metrics: Metrics, { keys, accountId }: RestAuthentication): void {
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (keys !== undefined) {
      const caller = await callerByToken(keys, request)
      if (caller.accountId !== accountId || !caller.may('list')) {
        throw new HttpProblem('forbidden', 'The access key does not allow this.')
      }
    }
    return reply.type(metrics.contentType).send(await metrics.text())
  })
}
