import { removeAbandonedServers } from './remove-abandoned-servers.ts'
import { startTestPostgres, type TestPostgres } from './start-test-postgres.ts'
import { TEST_SERVER_VARIABLE } from './test-server-variable.ts'

let server: TestPostgres | undefined

/** Starts the test server, unless the environment names one. Runs once, in the process that starts jest's workers. */
export async function startTestServer(): Promise<void> {
  if (process.env[TEST_SERVER_VARIABLE] !== undefined) return
  await removeAbandonedServers()
  server = await startTestPostgres()
  process.env[TEST_SERVER_VARIABLE] = server.url
}

/** Undoes {@link startTestServer}. */
export async function stopTestServer(): Promise<void> {
  if (server === undefined) return
  await server.drop()
  server = undefined
  delete process.env[TEST_SERVER_VARIABLE]
}
