import { fileURLToPath } from 'node:url'
import { createTestDatabase } from '@stanchion/testing'
import { startProgram } from './program.ts'

const MAIN = fileURLToPath(new URL('../../../apps/server/src/main.ts', import.meta.url))

export interface Server {
  /** Without a trailing slash. */
  readonly url: string
  /** The answer of the REST API to a GET. */
  get(path: string): Promise<unknown>
  stop(): Promise<void>
}

/** Starts the server as users do, as a process, on a free port and a database of its own. */
export async function startServer(): Promise<Server> {
  const database = await createTestDatabase()
  const program = startProgram(process.execPath, [MAIN], { DATABASE_URL: database.url, PORT: '0' })
  const [, url = ''] = await program.untilOutput(/listens on (\S+)/)
  return {
    url,
    get: async (path) => (await fetch(`${url}${path}`)).json(),
    async stop() {
      await program.kill()
      await database.drop()
    },
  }
}
