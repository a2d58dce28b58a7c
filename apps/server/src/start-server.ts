import { Doctor } from '@stanchion/doctor'
import { AccessKeys } from '@stanchion/identity'
import { createEngine, type Engine, type EngineOptions } from '@stanchion/queue'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createApp, type RequestTimes } from './app.ts'
import { ceilingsOf } from './compat.ts'
import type { Config } from './config.ts'
import { EventLoopWatch } from './doctor/event-loop-watch.ts'
import { readNodeFacts } from './doctor/read-node-facts.ts'
import { baseUrlOf } from './http/base-url.ts'
import { Drain } from './http/drain.ts'
import { createMetrics } from './metrics/index.ts'
import { stopServer } from './stop-server.ts'
import type { Telemetry } from './telemetry/telemetry.ts'

/** A server that listens. */
export interface RunningServer {
  /** Without a trailing slash; names the port that was taken. */
  readonly baseUrl: string
  readonly app: FastifyInstance
  readonly engine: Engine
  /** Ends serving as {@link stopServer} says, then stops the embedded Postgres. */
  stop(): Promise<void>
}

/**
 * Starts one node: the embedded Postgres when no database is configured, the engine, the HTTP side. What had been
 * started is stopped again when a later step fails.
 */
export async function startServer(config: Config, logger: Logger, requestTimes?: RequestTimes): Promise<RunningServer> {
  if (config.databaseUrl !== undefined) return startNode(config, config.databaseUrl, logger, requestTimes)
  // Loaded on demand: an image for production carries no Postgres.
  const { startEmbeddedPostgres } = await import('@stanchion/embedded-postgres')
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, logger })
  try {
    const node = await startNode(config, postgres.databaseUrl, logger, requestTimes)
    return {
      ...node,
      async stop() {
        await node.stop()
        await postgres.stop()
      },
    }
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

async function startNode(
  config: Config,
  databaseUrl: string,
  logger: Logger,
  requestTimes: RequestTimes | undefined,
): Promise<RunningServer> {
  const metrics = createMetrics({ queuesMax: config.metricsQueuesMax, allow: config.metricsQueuesAllow })
  const engine = await createEngine({ ...engineOptions(config, databaseUrl), logger, observer: metrics.observer })
  const telemetry = await telemetryOf(config, logger)
  const eventLoop = new EventLoopWatch()
  const { masterKey } = config
  const keys = masterKey === undefined ? undefined : new AccessKeys({ databaseUrl, masterKey })
  try {
    const drain = new Drain()
    const doctor = new Doctor({ databaseUrl, node: () => readNodeFacts({ engine, config, eventLoop }) })
    const app = await createApp({ config, engine, doctor, keys, metrics, logger, drain, telemetry, requestTimes })
    // One listener: for "localhost" Fastify would open a second one, which a stop could not drain.
    const host = config.host === 'localhost' ? '127.0.0.1' : config.host
    await app.listen({ host, port: config.port })
    return {
      baseUrl: baseUrlOf(app.server),
      app,
      engine,
      stop: async () => {
        await stopServer(app, engine, drain)
        eventLoop.close()
        await keys?.close()
        await telemetry?.stop()
      },
    }
  } catch (error) {
    eventLoop.close()
    await keys?.close()
    await telemetry?.stop()
    await engine.close()
    throw error
  }
}

/** Loaded on demand: whoever has no traces pays nothing for them. */
async function telemetryOf(config: Config, logger: Logger): Promise<Telemetry | undefined> {
  if (config.telemetry === 'off') return undefined
  const { startTelemetry } = await import('./telemetry/start-telemetry.ts')
  return startTelemetry(config, logger)
}

/** What the settings say to the engine. */
function engineOptions(config: Config, databaseUrl: string): EngineOptions {
  const { listenDatabaseUrl } = config
  const ceilings = ceilingsOf(config.compat)
  return {
    databaseUrl,
    ...(listenDatabaseUrl === undefined ? {} : { listenDatabaseUrl }),
    pooler: config.databasePooler,
    poolSizeMax: config.databasePoolSize,
    requestDeadlineMs: config.requestDeadlineMs,
    lanesPerQueue: config.queueLanes,
    statisticsIntervalMs: config.statisticsIntervalMs,
    allowUnsafeDatabase: config.allowUnsafeDatabase,
    ...(ceilings === undefined ? {} : { ceilings }),
  }
}
