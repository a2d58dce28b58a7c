import { createTestDatabase } from '@stanchion/testing'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/logger.ts'
import { type RunningServer, startServer } from '../../src/start-server.ts'

/** A whole server on a database of its own, listening on a free port of 127.0.0.1. */
export interface TestServer extends Pick<RunningServer, 'app' | 'engine'> {
  /** Without a trailing slash. */
  readonly url: string
  readonly databaseUrl: string
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
  const { baseUrl, app, engine, stop } = await startServer(config, logger)
  return {
    url: baseUrl,
    databaseUrl: database.url,
    engine,
    app,
    log,
    stopInOrder: stop,
    async stop() {
      app.server.closeIdleConnections()
      await stop()
      await database.drop()
    },
  }
}
