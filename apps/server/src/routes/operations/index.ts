import type { AccessKeys } from '@stanchion/identity'
import type { FastifyInstance } from 'fastify'
import type { Drain } from '../../http/drain.ts'
import type { Metrics } from '../../metrics.ts'
import { registerLivez } from './livez.ts'
import { registerMetrics } from './metrics.ts'
import { registerReadyz } from './readyz.ts'

/** Mounts what those who run the server ask. */
export function registerOperationsRoutes(
  app: FastifyInstance,
  { drain, metrics, keys }: { drain: Drain; metrics: Metrics; keys: AccessKeys | undefined },
): void {
  registerLivez(app)
  registerReadyz(app, drain)
  registerMetrics(app, metrics, keys)
}
