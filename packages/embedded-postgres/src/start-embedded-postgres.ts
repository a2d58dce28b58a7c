import { mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type pg from 'pg'
import { createCluster } from './create-cluster.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { type EmbeddedPostgresLogger, SILENT_LOGGER } from './embedded-postgres-logger.ts'
import { findBinaries } from './find-binaries.ts'
import { findPostmaster } from './find-postmaster.ts'
import { removeOldLogs } from './launch-server.ts'
import { socketDirFor } from './prepare-socket-dir.ts'
import { chooseRunAs } from './run-as.ts'
import { keepServer, type StopMode } from './server-keeper.ts'

const DATABASE = 'stanchion'
const LOG_ROUND_MS = 3_600_000

/** What to start, and where. */
export interface EmbeddedPostgresOptions {
  /** The cluster goes into `postgres` below it. Made when it is missing. */
  readonly dataDir: string
  /** Server settings that differ from ours, by the names Postgres gives them. */
  readonly settings?: Readonly<Record<string, string>>
  /** Variables of the server's environment beside ours. */
  readonly env?: Readonly<Record<string, string>>
  readonly logger?: EmbeddedPostgresLogger
}

/** A Postgres server of our own. It is started again whenever it dies, until `stop`. */
export interface EmbeddedPostgres {
  /** Leads over a unix socket to the database `stanchion`, as its superuser. Stays the same as long as the data stays. */
  readonly databaseUrl: string
  /** The server's process; `undefined` while it is away. */
  postmasterPid(): number | undefined
  /**
   * Stops the server and waits for its end; when another process uses the same data directory, it only lets go of the
   * server. `immediate` is a crash on purpose, for tests. Twice is fine.
   */
  stop(mode?: StopMode): Promise<void>
}

/**
 * Starts a Postgres 18 server on a data directory, or joins the one that runs there already: that of another living
 * process, or one whose process was killed. It listens on a unix socket alone, which only its user (and root) can reach.
 * @throws EmbeddedPostgresError when this machine, this user or this directory do not allow it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const logger = options.logger ?? SILENT_LOGGER
  const binaries = await findBinaries()
  mkdirSync(options.dataDir, { recursive: true })
  const dataDir = realpathSync(options.dataDir)
  const clusterDir = join(dataDir, 'postgres')
  refuseForeignCluster(clusterDir)

  const ownSocketDir = (uid: number) => socketDirFor(dataDir, uid)
  const runAs = chooseRunAs(clusterDir, binaries, (uid) => [dataDir, dirname(ownSocketDir(uid))], logger)
  await createCluster(clusterDir, binaries, runAs, logger)
  removeOldLogs(clusterDir)
  // A server that runs already has its socket wherever it was given one, perhaps under another TMPDIR.
  const socketDir = findPostmaster(clusterDir)?.socketDir ?? ownSocketDir(runAs.user?.uid ?? process.getuid?.() ?? 0)

  const { settings = {}, env = {} } = options
  const keeper = await keepServer({ clusterDir, socketDir, binaries, runAs, settings, env }, logger)
  try {
    await createDatabase(keeper.connection())
  } catch (error) {
    await keeper.stop('fast')
    throw error
  }
  const logRounds = setInterval(() => removeOldLogs(clusterDir), LOG_ROUND_MS)
  logRounds.unref()
  return {
    databaseUrl: `postgres://postgres@/${DATABASE}?host=${encodeURIComponent(socketDir)}`,
    postmasterPid: keeper.postmasterPid,
    stop: (mode = 'fast') => {
      clearInterval(logRounds)
      return keeper.stop(mode)
    },
  }
}

function refuseForeignCluster(clusterDir: string): void {
  const owner = statSync(clusterDir, { throwIfNoEntry: false })?.uid
  const user = process.getuid?.()
  if (owner === undefined || user === 0 || owner === user) return
  throw new EmbeddedPostgresError(
    `The data in ${clusterDir} belongs to the user id ${owner}. Start as that user or as root, or choose another ` +
      'directory with STANCHION_DATA_DIR.',
  )
}

async function createDatabase(client: pg.Client | undefined): Promise<void> {
  if (client === undefined) throw new EmbeddedPostgresError('The embedded Postgres went away right after its start.')
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
  if (rowCount !== 0) return
  try {
    await client.query(`CREATE DATABASE ${DATABASE}`)
  } catch (error) {
    // Another process did it at the same time: 42P04, or 23505 when both were in the middle of it.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error
  }
}
