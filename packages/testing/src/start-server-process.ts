import { fileURLToPath } from 'node:url'
import { createTestDatabase } from './create-test-database.ts'
import { startProgram } from './start-program.ts'

const MAIN = fileURLToPath(new URL('../../../apps/server/src/main.ts', import.meta.url))

/** A server as users run it. */
export interface ServerProcess {
  /** Without a trailing slash. */
  readonly url: string
  readonly databaseUrl: string
  /** The answer of the REST API to a GET. */
  get(path: string): Promise<unknown>
  stop(): Promise<void>
}

/** Starts the server as a process, on a free port and a database of its own. `env` holds settings beside the defaults. */
export async function startServerProcess(env: Record<string, string> = {}): Promise<ServerProcess> {
  const database = await createTestDatabase()
  const program = startProgram(process.execPath, [MAIN], { ...env, DATABASE_URL: database.url, PORT: '0' })
  const [, url = ''] = await program.untilOutput(/listens on (\S+)/)
  return {
    url,
    databaseUrl: database.url,
    get: async (path) => (await fetch(`${url}${path}`)).json(),
    async stop() {
      await program.kill()
      await database.drop()
    },
  }
}
