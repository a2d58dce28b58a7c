import { randomUUID } from 'node:crypto'
import type { Engine } from '@stanchion/queue'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { handleClientError } from './http/client-error.ts'
import { closeConnectionsOnce, Drain } from './http/drain.ts'
import { createLoopbackGuard } from './http/loopback-guard.ts'
import { handleNotFound, handleProblem } from './http/problem-handler.ts'
import type { Metrics } from './metrics.ts'
import { registerOpenApi } from './openapi/register-openapi.ts'
import { registerRest } from './routes/index.ts'
import { registerOperationsRoutes } from './routes/operations/index.ts'
import { registerSqs } from './sqs/plugin.ts'

/** What an app is made of. */
export interface AppParts {
  readonly config: Config
  readonly engine: Engine
  readonly metrics: Metrics
  readonly logger: Logger
  /** Started by whoever stops the server. */
  readonly drain?: Drain
}

/** Longer than load balancers keep an idle connection (60 s is common): the side that reuses it must be the one to end it. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000
/** Headers and the whole request must arrive in time; waiting for an answer, as long polls do, counts into neither. */
const HEADERS_TIMEOUT_MS = 20_000
const REQUEST_TIMEOUT_MS = 60_000
const CONNECTIONS_CHECK_MS = 5_000
/** Receipt handles stand in paths; the length of a whole request line is limited by Node to 16 KiB. */
const PATH_PARAMETER_LENGTH_MAX = 16_384

/** Builds the whole HTTP side of one node. From top to bottom this is all that is mounted. */
export async function createApp({
  config,
  engine,
  metrics,
  logger,
  drain = new Drain(),
}: AppParts): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: CONNECTIONS_CHECK_MS },
    clientErrorHandler: handleClientError,
    frameworkErrors: handleProblem,
    // What arrives during a stop is served as always: the engine closes after the last connection.
    return503OnClosing: false,
    routerOptions: { maxParamLength: PATH_PARAMETER_LENGTH_MAX },
  })
  app.decorate('engine', engine)
  app.decorate('accountId', config.accountId)

  app.addHook('onRequest', createLoopbackGuard(config))
  app.addHook('onSend', closeConnectionsOnce(drain))
  if (logger.isLevelEnabled('debug')) {
    app.addHook('onResponse', (request, reply, done) => {
      // The pattern of the address, not the address: that may hold receipt handles, and in the Query protocol bodies.
      const route = request.routeOptions.url
      const { method } = request
      request.log.debug({ method, route, status: reply.statusCode, milliseconds: reply.elapsedTime }, 'request')
      done()
    })
  }
  app.setErrorHandler(handleProblem)
  app.setNotFoundHandler(handleNotFound)

  await registerOpenApi(app)
  registerOperationsRoutes(app, { drain, metrics })
  await registerRest(app, metrics)
  await registerSqs(app, {
    engine,
    accountId: config.accountId,
    region: config.region,
    publicUrl: config.publicUrl,
    requestFinished: (operation, status, seconds) => metrics.requestFinished('sqs', operation, status, seconds),
  })
  metrics.watch(engine)
  return app
}
