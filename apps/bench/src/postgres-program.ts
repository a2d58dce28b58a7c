import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@stanchion/embedded-postgres'

/**
 * The Postgres of a run, in a program of its own: it ends, and leaves nothing behind, however the benchmark ends. Tells its parent
 * where it is.
 */
const dataDir = mkdtempSync(join(tmpdir(), 'stanchion-bench-'))
// PgBouncer runs as the user of Postgres and has to find the way to its socket, which nobody else may use.
chmodSync(dataDir, 0o711)
const postgres = await startEmbeddedPostgres({
  dataDir,
  settings: { shared_buffers: '1GB', max_wal_size: '8GB', max_connections: '300' },
})
process.once('SIGTERM', async () => {
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  process.exit(0)
})
process.send?.({ databaseUrl: postgres.databaseUrl, pid: postgres.postmasterPid() })
// Listening keeps it alive: it waits for a signal that `follow-parent.mjs` sends when the channel breaks.
setInterval(() => {}, 60_000)
