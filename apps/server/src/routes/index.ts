import type { FastifyInstance } from 'fastify'
import { acceptJsonOnly } from '../http/json-body.ts'
import { answerOtherMethods } from '../http/method-not-allowed.ts'
import { handleNotFound, handleProblem } from '../http/problem-handler.ts'
import { compileSchema } from '../http/schema-validator.ts'
import type { Metrics } from '../metrics/index.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { registerAccessKeyRoutes } from './access-keys/index.ts'
import { authenticateOperations, type RestAuthentication } from './authenticate.ts'
import { registerDoctorRoutes } from './doctor/index.ts'
import { registerLeaseRoutes } from './leases/index.ts'
import { registerMessageRoutes } from './messages/index.ts'
import { registerMoveTaskRoutes } from './move-tasks/index.ts'
import { registerQueueRoutes } from './queues/index.ts'
import type { OperationSchema, RestApp } from './route.ts'
import { registerSessionRoutes } from './session/index.ts'
import { registerStatisticsRoutes } from './statistics/index.ts'

/** A message of 1 MiB is up to six times as long when every byte of it is written as a `\u` escape. */
const BODY_BYTES_MAX = 8 * 1024 * 1024

/** Mounts the REST API: one operation a file, below `/v1`. */
export async function registerRest(
  app: FastifyInstance,
  metrics: Metrics,
  authentication: RestAuthentication,
  telemetry: Telemetry | undefined,
): Promise<void> {
  await app.register(
    async (scope) => {
      const rest: RestApp = scope.withTypeProvider()
      telemetry?.watch(scope, 'rest')
      acceptJsonOnly(rest, BODY_BYTES_MAX)
      rest.setValidatorCompiler(compileSchema)
      // Every view is built member by member, so there is nothing for a serializer to leave out.
      rest.setSerializerCompiler(() => JSON.stringify)
      rest.setErrorHandler(handleProblem)
      rest.setNotFoundHandler(handleNotFound)
      rest.addHook('onRequest', (request, reply, done) => {
        reply.header('x-request-id', request.id)
        done()
      })
      measureOperations(rest, metrics)
      authenticateOperations(scope, authentication)

      const closeAddresses = answerOtherMethods(rest)
      registerQueueRoutes(rest)
      registerMessageRoutes(rest)
      registerLeaseRoutes(rest)
      registerMoveTaskRoutes(rest)
      registerAccessKeyRoutes(rest)
      registerSessionRoutes(rest)
      registerStatisticsRoutes(rest)
      registerDoctorRoutes(rest)
      closeAddresses()
    },
    { prefix: '/v1' },
  )
}

/** Gives every operation a hook that knows its name, so that nothing is looked up per request. */
function measureOperations(app: RestApp, metrics: Metrics): void {
  app.addHook('onRoute', (route) => {
    const operation = (route.schema as OperationSchema | undefined)?.operationId
    if (operation === undefined) return
    route.onResponse = (_request, reply, done) => {
      metrics.requestFinished('rest', operation, reply.statusCode, reply.elapsedTime / 1_000)
      done()
    }
  })
}
