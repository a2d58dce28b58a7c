import { type LocalServer, startLocalServer } from '@stanchion/conformance'
import { endRunningCommands } from '@stanchion/conformance-clients'

/**
 * Runs clients against a server of this repository, on the Postgres of DATABASE_URL or an embedded one. Ctrl-C ends all of it; the exit code is 1
 * when the clients are not well.
 * @param run whether they are
 */
export async function withLocalServer(run: (server: LocalServer) => Promise<boolean>): Promise<void> {
  const server = await startLocalServer(process.env.DATABASE_URL)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      endRunningCommands()
      await server.stop()
      process.exit(130)
    })
  }
  try {
    if (!(await run(server))) process.exitCode = 1
  } finally {
    await server.stop()
  }
}
