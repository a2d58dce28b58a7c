import { randomUUID } from 'node:crypto'
import type { Doctor } from '@stanchion/doctor'
import type { AccessKeys } from '@stanchion/identity'
import type { Engine } from '@stanchion/queue'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { Logger } from 'pino'
import { timeLimitsOf } from './compat.ts'
import type { Config } from './config.ts'
import { registerConsole } from './console/register-console.ts'
import { ClientErrors } from './http/client-error.ts'
import { closeConnectionsOnce, Drain } from './http/drain.ts'
import { createLoopbackCheck, createLoopbackGuard } from './http/loopback-guard.ts'
import { servePlainConnections } from './http/plain/serve-plain-connections.ts'
import { handleNotFound, handleProblem } from './http/problem-handler.ts'
import { serveInTurn } from './http/serve-in-turn.ts'
import type { Metrics } from './metrics/index.ts'
import { registerOpenApi } from './openapi/register-openapi.ts'
import { registerRest } from './routes/index.ts'
import { registerOperationsRoutes } from './routes/operations/index.ts'
import { createAuthenticate } from './sqs/authenticate.ts'
import { createDirectDoor } from './sqs/direct-door.ts'
import { BODY_BYTES_MAX, registerSqs } from './sqs/plugin.ts'
import type { Telemetry } from './telemetry/telemetry.ts'

/** What an app is made of. */
export interface AppParts {
  readonly config: Config
  readonly engine: Engine
  readonly doctor: Doctor
  /** Absent: the server keeps no access keys. */
  readonly keys?: AccessKeys | undefined
  readonly metrics: Metrics
  readonly logger: Logger
  /** Started by whoever stops the server. */
  readonly drain?: Drain
  /** Absent: requests are not traced. */
  readonly telemetry?: Telemetry | undefined
  /** Absent: {@link REQUEST_TIMES}. */
  readonly requestTimes?: RequestTimes | undefined
}

/** How slowly a request may come, in milliseconds; waiting for an answer, as long polls do, counts into none of it. */
export interface RequestTimes {
  /** Until all headers are there, from the connection or the last answer on. */
  readonly headersMsMax: number
  readonly wholeMsMax: number
  /** How often connections are looked at. */
  readonly checkIntervalMs: number
}

const REQUEST_TIMES: RequestTimes = { headersMsMax: 20_000, wholeMsMax: 60_000, checkIntervalMs: 5_000 }

/** Longer than load balancers keep an idle connection (60 s is common): the side that reuses it must be the one to end it. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000
/** Receipt handles stand in paths; the length of a whole request line is limited by Node to 16 KiB. */
const PATH_PARAMETER_LENGTH_MAX = 16_384

/** Builds the whole HTTP side of one node. From top to bottom this is all that is mounted. */
export async function createApp({
  config,
  engine,
  doctor,
  keys,
  metrics,
  logger,
  drain = new Drain(),
  telemetry,
  requestTimes = REQUEST_TIMES,
}: AppParts): Promise<FastifyInstance> {
  const clientErrors = new ClientErrors()
  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // Who is not one of these can say about itself what it likes.
    trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies],
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    requestTimeout: requestTimes.wholeMsMax,
    http: { headersTimeout: requestTimes.headersMsMax, connectionsCheckingInterval: requestTimes.checkIntervalMs },
    clientErrorHandler: (error, socket) => clientErrors.handle(error, socket),
    frameworkErrors: handleProblem,
    // What arrives during a stop is served as always: the engine closes after the last connection.
    return503OnClosing: false,
    routerOptions: { maxParamLength: PATH_PARAMETER_LENGTH_MAX },
  })
  app.server.maxConnections = config.connectionsMax
  const doorEngine = telemetry?.trace(engine) ?? engine
  app.decorate('engine', doorEngine)
  app.decorate('doctor', doctor)
  app.decorate('accessKeys', keys)

  // Bodies and tags are written by others: no browser is to take an answer for anything but what it says that it is.
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff')
    done()
  })
  const isOpen = config.auth === 'off'
  const loopbackCheck = isOpen ? createLoopbackCheck(config) : undefined
  if (loopbackCheck !== undefined) app.addHook('onRequest', createLoopbackGuard(loopbackCheck))
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
  const requiredKeys = isOpen ? undefined : keys
  if (!isOpen && keys === undefined) throw new Error('access keys are required and there are none')
  const authentication = { keys: requiredKeys, accountId: config.accountId, region: config.region }
  registerOperationsRoutes(app, { drain, metrics, authentication })
  await registerRest(app, metrics, authentication, telemetry)
  await registerConsole(app)
  const door = await registerSqs(app, {
    engine: doorEngine,
    telemetry,
    accountId: config.accountId,
    region: config.region,
    publicUrl: config.publicUrl,
    timeLimits: timeLimitsOf(config.compat),
    authenticate: requiredKeys === undefined ? undefined : createAuthenticate(requiredKeys),
    requestFinished: (operation, status, seconds) => metrics.requestFinished('sqs', operation, status, seconds),
  })
  // What needs Fastify for every request: spans, a line in the log, and what proxies say of the sender.
  const isWatched = telemetry !== undefined || logger.isLevelEnabled('debug') || config.trustedProxies.length > 0
  if (!isWatched) {
    servePlainConnections(app.server, {
      door: createDirectDoor(door, { logger: app.log, bodyBytesMax: BODY_BYTES_MAX, loopbackCheck }),
      ...requestTimes,
      keepAliveMs: KEEP_ALIVE_TIMEOUT_MS,
      isEnding: () => drain.started,
      refuse: (error, socket) => clientErrors.handle(error, socket),
    })
  }
  serveInTurn(app.server)
  clientErrors.watch(app.server)
  metrics.watch(engine)
  app.addHook('onClose', async () => metrics.close())
  return app
}
