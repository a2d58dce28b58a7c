import { createEngine, type Engine } from '@stanchion/queue'
import { createTestDatabase } from '@stanchion/testing'
import type { FastifyInstance } from 'fastify'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { baseUrlOf } from '../../src/http/base-url.ts'
import { Drain } from '../../src/http/drain.ts'
import { createLogger } from '../../src/logger.ts'
import { createMetrics } from '../../src/metrics.ts'
import { stopServer } from '../../src/stop-server.ts'

/** A whole server on a database of its own, listening on a free port of 127.0.0.1. */
export interface TestServer {
  /** Without a trailing slash. */
  readonly url: string
  readonly databaseUrl: string
  readonly engine: Engine
  readonly app: FastifyInstance
  readonly drain: Drain
  /** Every line of the log so far, parsed. */
  readonly log: readonly Record<string, unknown>[]
  /** Stops the server as a signal would. */
  stopInOrder(): Promise<void>
  /** Stops the server without waiting for connections that idle, and drops the database. */
  stop(): Promise<void>
}

/** Starts a server for one test file. `env` holds settings beside the defaults. */
export async function startTestServer(env: Record<string, string> = {}): Promise<TestServer> {
  const database = await createTestDatabase()
  const config = loadConfig({ ...env, DATABASE_URL: database.url, PORT: '0' })
  const log: Record<string, unknown>[] = []
  const logger = createLogger(config.logLevel, { write: (line) => log.push(JSON.parse(line)) })
  const metrics = createMetrics()
  const engine = await createEngine({ databaseUrl: database.url, logger, observer: metrics.observer })
  const drain = new Drain()
  const app = await createApp({ config, engine, metrics, logger, drain })
  await app.listen({ host: config.host, port: config.port })
  return {
    url: baseUrlOf(app.server),
    databaseUrl: database.url,
    engine,
    app,
    drain,
    log,
    stopInOrder: () => stopServer(app, engine, drain),
    async stop() {
      app.server.closeIdleConnections()
      await stopServer(app, engine, drain)
      await database.drop()
    },
  }
}
