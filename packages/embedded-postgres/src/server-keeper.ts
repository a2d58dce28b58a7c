import type { ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { EmbeddedPostgresLogger } from './embedded-postgres-logger.ts'
import { findPostmaster, isPostmaster, removeMisleadingLockFiles } from './find-postmaster.ts'
import { lastLogLines, launchServer, type ServerPlace } from './launch-server.ts'
import { removeSocketDir } from './prepare-socket-dir.ts'

/**
 * Everyone who uses the server holds this advisory lock, shared, in the database `postgres`, on a connection kept open
 * for nothing else. Who gets it exclusively is the last one. A killed process lets go of it without doing anything.
 */
const USERS_LOCK = 8_246_173_905

const POLL_MS = 20
const RELAUNCH_DELAY_MS_MAX = 5_000
/** How long a start goes on when something else holds the cluster, such as the last backends of a killed server. */
const START_PATIENCE_MS = 30_000
const STOP_PATIENCE_MS = 60_000

/** How the server is told to stop: `fast` ends transactions and writes everything out; `immediate` is as good as a crash. */
export type StopMode = 'fast' | 'immediate'

const STOP_SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const

/** Keeps one server running as long as this process wants it. */
export interface ServerKeeper {
  postmasterPid(): number | undefined
  /** A connection to the database `postgres`; `undefined` while the server is away. */
  connection(): pg.Client | undefined
  /** Gives the server up, and stops it when no other process uses it. */
  stop(mode: StopMode): Promise<void>
}

/** Thrown inside when the keeper is told to stop while it waits for the server. */
class Stopping extends Error {}

/** Finds the server of the cluster running or starts it, and from then on starts it again whenever it dies. */
export async function keepServer(place: ServerPlace, logger: EmbeddedPostgresLogger): Promise<ServerKeeper> {
  const { clusterDir } = place
  let stopping = false
  let stopped: Promise<void> | undefined
  let client: pg.Client | undefined
  let healing = Promise.resolve()

  /** Connects and takes the users' lock; gives up when `alive` says that there is nothing left to connect to. */
  async function enter(alive: () => boolean): Promise<pg.Client | undefined> {
    for (const started = Date.now(); ; await delay(POLL_MS)) {
      const candidate = new pg.Client({
        host: place.socketDir,
        user: 'postgres',
        database: 'postgres',
        application_name: 'stanchion keeper',
      })
      // Without a listener, the end of the server would end this process.
      candidate.on('error', () => {})
      try {
        await candidate.connect()
        await candidate.query('SELECT pg_advisory_lock_shared($1)', [USERS_LOCK])
        return candidate
      } catch (error) {
        candidate.end().catch(() => {})
        if (stopping) throw new Stopping()
        if (!alive()) return undefined
        // 57P03: the server is up and replays its log, which takes as long as it takes.
        if ((error as { code?: string }).code !== '57P03' && Date.now() - started > START_PATIENCE_MS) throw error
      }
    }
  }

  async function reach(failed: (log: string, failures: number) => Promise<void>): Promise<pg.Client> {
    for (let failures = 0; ; failures += 1) {
      if (stopping) throw new Stopping()
      const found = findPostmaster(clusterDir)
      let child: ChildProcess | undefined
      if (found === undefined) {
        removeMisleadingLockFiles(clusterDir, place.socketDir)
        child = launchServer(place)
      }
      const entered = await enter(() =>
        child === undefined ? findPostmaster(clusterDir) !== undefined : child.pid !== undefined && running(child),
      )
      if (entered !== undefined) {
        const pid = findPostmaster(clusterDir)?.pid
        logger.info({ pid }, pid === child?.pid ? 'Postgres is running' : 'found Postgres running')
        return entered
      }
      // A server that was found and went away is no failure: it was being stopped.
      if (child !== undefined) await failed(lastLogLines(clusterDir), failures)
    }
  }

  function watch(entered: pg.Client): void {
    client = entered
    entered.once('end', () => {
      client = undefined
      if (stopping) return
      logger.warn({}, 'Postgres went away; starting it again')
      healing = heal()
    })
  }

  async function heal(): Promise<void> {
    try {
      watch(
        await reach(async (log, failures) => {
          logger.warn({ log }, 'Postgres did not start; trying again')
          await delay(Math.min(50 * 2 ** failures, RELAUNCH_DELAY_MS_MAX))
        }),
      )
    } catch (error) {
      if (error instanceof Stopping) return
      logger.error({ err: error }, 'Postgres can not be reached; trying again')
      await delay(RELAUNCH_DELAY_MS_MAX)
      if (!stopping) await heal()
    }
  }

  async function stop(mode: StopMode): Promise<void> {
    stopping = true
    await healing
    const postmaster = findPostmaster(clusterDir)
    if (postmaster === undefined) return
    if (client !== undefined && !(await isLastUser(client))) {
      await client.end().catch(() => {})
      logger.info({}, 'left Postgres running: another process uses it')
      return
    }
    await stopServer(postmaster.pid, clusterDir, mode)
    await client?.end().catch(() => {})
    removeSocketDir(place.socketDir)
    logger.info({}, 'Postgres has stopped')
  }

  const started = Date.now()
  watch(
    await reach(async (log, failures) => {
      const held = /pre-existing shared memory block|lock file "[^"]*" already exists/.test(log)
      if (!held || Date.now() - started > START_PATIENCE_MS) {
        throw new EmbeddedPostgresError(`The embedded Postgres did not start:\n${log}`)
      }
      await delay(Math.min(50 * 2 ** failures, 1_000))
    }),
  )
  return {
    postmasterPid: () => findPostmaster(clusterDir)?.pid,
    connection: () => client,
    stop: (mode) => {
      stopped ??= stop(mode)
      return stopped
    },
  }
}

function running(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/** Gives up the shared lock and asks for the exclusive one, which keeps newcomers waiting until the server has gone. */
async function isLastUser(client: pg.Client): Promise<boolean> {
  try {
    await client.query('SELECT pg_advisory_unlock_shared($1)', [USERS_LOCK])
    const { rows } = await client.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [USERS_LOCK])
    return rows[0]?.last === true
  } catch {
    // The connection broke: the server is going down on its own.
    return true
  }
}

async function stopServer(pid: number, clusterDir: string, mode: StopMode): Promise<void> {
  const started = Date.now()
  let signal: NodeJS.Signals | undefined = STOP_SIGNALS[mode]
  while (isPostmaster(pid, clusterDir)) {
    if (signal !== undefined) process.kill(pid, signal)
    signal = undefined
    await delay(POLL_MS)
    // The log has everything that was committed, so nothing is lost by not waiting any longer.
    if (mode === 'fast' && Date.now() - started > STOP_PATIENCE_MS) return stopServer(pid, clusterDir, 'immediate')
  }
}
