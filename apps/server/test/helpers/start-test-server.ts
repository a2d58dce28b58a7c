import { createTestDatabase } from '@stanchion/testing'
import type { RequestTimes } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/logger.ts'
import { type RunningServer, startServer } from '../../src/start-server.ts'

/** A whole server, listening on a free port of 127.0.0.1. */
export interface TestNode extends Pick<RunningServer, 'app' | 'engine'> {
  /** Without a trailing slash. */
  readonly url: string
  readonly databaseUrl: string
  /** Every line of the log so far, parsed. */
  readonly log: readonly Record<string, unknown>[]
  /** Stops the server as a signal would. */
  stopInOrder(): Promise<void>
  /** Stops the server without waiting for connections that idle. */
  stop(): Promise<void>
}

/** A whole server on a database of its own, which goes with it when it stops. */
export type TestServer = TestNode

/** Starts a server for one test file. `env` holds settings beside the defaults. */
export async function startTestServer(
  env: Record<string, string> = {},
  requestTimes?: RequestTimes,
): Promise<TestServer> {
  const database = await createTestDatabase()
  const node = await startTestNode(database.url, env, requestTimes)
  return {
    ...node,
    async stop() {
      await node.stop()
      await database.drop()
    },
  }
}

/** Starts a server on a database that outlives it. */
export async function startTestNode(
  databaseUrl: string,
  env: Record<string, string> = {},
  requestTimes?: RequestTimes,
): Promise<TestNode> {
  const config = loadConfig({ ...env, DATABASE_URL: databaseUrl, PORT: '0' })
  const log: Record<string, unknown>[] = []
  const logger = createLogger(config.logLevel, { write: (line) => log.push(JSON.parse(line)) })
  const { baseUrl, app, engine, stop } = await startServer(config, logger, requestTimes)
  return {
    url: baseUrl,
    databaseUrl,
    engine,
    app,
    log,
    stopInOrder: stop,
    async stop() {
      app.server.closeIdleConnections()
      await stop()
    },
  }
}
