import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@stanchion/embedded-postgres'

/**
 * A Postgres in a program of its own, for `start-postgres-process.ts`: it ends, and leaves nothing behind, however its parent ends.
 * Tells its parent where it is, and does what it is told.
 */
const settings = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>
const dataDir = mkdtempSync(join(tmpdir(), 'stanchion-postgres-'))
// PgBouncer runs as the user of Postgres and has to find the way to its socket, which nobody else may use.
chmodSync(dataDir, 0o711)
let postgres = await startEmbeddedPostgres({ dataDir, settings })

/** What the parent may ask for; each is answered when it is done. */
const COMMANDS = {
  pid: async () => {},
  crash: () => postgres.stop('immediate'),
  stop: () => postgres.stop('fast'),
  start: async () => {
    await postgres.stop()
    postgres = await startEmbeddedPostgres({ dataDir, settings })
  },
}

const tell = () => process.send?.({ databaseUrl: postgres.databaseUrl, pid: postgres.postmasterPid() })

process.once('SIGTERM', async () => {
  // What is thrown away need not be written out first.
  await postgres.stop('immediate')
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  process.exit(0)
})
process.on('message', async (command: keyof typeof COMMANDS) => {
  await COMMANDS[command]()
  tell()
})
tell()
// Listening keeps it alive: it waits for a signal that `follow-parent.mjs` sends when the channel breaks.
setInterval(() => {}, 60_000)
