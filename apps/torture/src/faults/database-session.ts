import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { Heal } from './fault.ts'

const CANNOT_CONNECT_NOW = '57P03'
const STARTING_MS_MAX = 30_000
const STARTING_PAUSE_MS = 100

/**
 * Opens a session of an operator, who may do everything. One that is ended from outside is just gone. A Postgres that is still coming back
 * from the fault before is waited for.
 */
export async function openSession(databaseUrl: string): Promise<pg.Client> {
  const untilMs = performance.now() + STARTING_MS_MAX
  for (;;) {
    const session = new pg.Client({ connectionString: databaseUrl, application_name: 'torture' })
    session.on('error', () => {})
    try {
      await session.connect()
      return session
    } catch (error) {
      if ((error as { code?: string }).code !== CANNOT_CONNECT_NOW || performance.now() > untilMs) throw error
      await delay(STARTING_PAUSE_MS)
    }
  }
}

/** The sessions of the servers, and of nobody else. */
export const SESSIONS_OF_SERVERS = `FROM pg_stat_activity WHERE backend_type = 'client backend'
  AND datname = current_database() AND application_name LIKE 'stanchion%'`

/**
 * Does something again and again in a session of its own, for the first time before it returns.
 * @param pauseMs how long it rests in between
 * @returns ends it, and waits for the last time
 */
export async function repeatInSession(
  databaseUrl: string,
  pauseMs: () => number,
  work: (session: pg.Client) => Promise<unknown>,
): Promise<Heal> {
  const session = await openSession(databaseUrl)
  const stopping = new AbortController()
  try {
    await work(session)
  } catch (error) {
    await session.end()
    throw error
  }
  const repeated = (async () => {
    while (!stopping.signal.aborted) {
      await delay(pauseMs(), undefined, { signal: stopping.signal }).catch(() => undefined)
      if (!stopping.signal.aborted) await work(session)
    }
  })()
  // What went wrong is told when it is healed.
  repeated.catch(() => undefined)
  return async () => {
    stopping.abort()
    await repeated.finally(() => session.end())
  }
}
