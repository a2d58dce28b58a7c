import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@stanchion/embedded-postgres'
import { descendants } from './descendants.ts'
import { DiskVolume } from './disk-volume.ts'
import type { PostgresProcessOptions } from './start-postgres-process.ts'

/**
 * A Postgres in a program of its own, for `start-postgres-process.ts`: it ends, and leaves nothing behind, however its parent ends.
 * Tells its parent where it is, and does what it is told.
 */
const { volumeMegabytes, ...options } = JSON.parse(process.argv[2] ?? '{}') as PostgresProcessOptions
const dataDir = mkdtempSync(join(tmpdir(), 'stanchion-postgres-'))
const volume = volumeMegabytes === undefined ? undefined : new DiskVolume(dataDir, volumeMegabytes)
// PgBouncer runs as the user of Postgres and has to find the way to its socket, which nobody else may use.
chmodSync(dataDir, 0o711)
let postgres = await startEmbeddedPostgres({ dataDir, ...options })

/** What the parent may ask for; each is answered when it is done. */
const COMMANDS = {
  pid: async () => {},
  crash: () => postgres.stop('immediate'),
  stop: () => postgres.stop('fast'),
  start: async () => {
    await postgres.stop()
    postgres = await startEmbeddedPostgres({ dataDir, ...options })
  },
  cutPower: async () => {
    if (volume === undefined) throw new Error('this Postgres has no volume of its own whose power could be cut')
    const pid = postgres.postmasterPid()
    volume.cutPower()
    // In the same breath, so that its end is not taken for one after which it is started again.
    const stopped = postgres.stop('immediate')
    if (pid !== undefined) killAll(pid)
    await stopped
    await volume.restart()
  },
}

/** The first process stands still before the others are looked for, so that none comes to them. */
function killAll(pid: number): void {
  signal(pid, 'SIGSTOP')
  for (const each of [...descendants(pid), pid]) signal(each, 'SIGKILL')
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const tell = () => process.send?.({ dataDir, databaseUrl: postgres.databaseUrl, pid: postgres.postmasterPid() })

process.once('SIGTERM', async () => {
  // What is thrown away need not be written out first.
  await postgres.stop('immediate')
  await volume?.remove()
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
