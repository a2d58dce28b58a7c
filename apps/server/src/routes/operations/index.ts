import type { FastifyInstance } from 'fastify'
import type { Drain } from '../../http/drain.ts'
import type { Metrics } from '../../metrics/index.ts'
import type { RestAuthentication } from '../authenticate.ts'
import { registerLivez } from './livez.ts'
import { registerMetrics } from './metrics.ts'
import { registerReadyz } from './readyz.ts'

/** Mounts what those who run the server ask. */
export function registerOperationsRoutes(
  app: FastifyInstance,
  { drain, metrics, authentication }: { drain: Drain; metrics: Metrics; authentication: RestAuthentication },
): void {
  registerLivez(app)
  registerReadyz(app, drain)
  registerMetrics(app, metrics, authentication)
}
