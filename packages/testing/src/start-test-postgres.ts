import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@stanchion/embedded-postgres'

/** A server of one's own, for tests that stop it. */
export interface TestPostgres {
  /** Stays the same over `crash` and `restart`. */
  readonly url: string
  /** Stops the server as a crash would (`immediate`): connections break, nothing is written out. It stays down. */
  crash(): Promise<void>
  /** Starts the server again on the same data. */
  restart(): Promise<void>
  /** Stops the server and removes its data. */
  drop(): Promise<void>
}

const SETTINGS = { max_connections: '300', shared_buffers: '128MB' }

/** Starts a fresh server on a directory for temporary files. `settings` go before ours. */
export async function startTestPostgres(settings: Readonly<Record<string, string>> = {}): Promise<TestPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), `stanchion-test-${process.pid}-`))
  const start = () => startEmbeddedPostgres({ dataDir, settings: { ...SETTINGS, ...settings } })
  let server = await start()
  return {
    url: server.databaseUrl,
    crash: () => server.stop('immediate'),
    restart: async () => {
      await server.stop()
      server = await start()
    },
    drop: async () => {
      // What is thrown away need not be written out first.
      await server.stop('immediate')
      rmSync(dataDir, { recursive: true, maxRetries: 5 })
    },
  }
}
