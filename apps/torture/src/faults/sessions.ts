import type pg from 'pg'
import { openSession, repeatInSession, SESSIONS_OF_SERVERS } from './database-session.ts'
import type { Fault } from './fault.ts'

const PAUSE_MS = [50, 800] as const
const OPENED_AT_ONCE = 16
const TOO_MANY_CONNECTIONS = '53300'

/** Whatever a server has under way in the database ends with its connection, at any statement. */
export const terminateSessions: Fault = {
  name: 'terminate-sessions',
  about: 'all sessions of the servers are terminated, again and again',
  hits: 'postgres',
  inject: ({ system: { databaseUrl }, random }) =>
    repeatInSession(
      databaseUrl,
      () => random.between(...PAUSE_MS),
      (session) => session.query(`SELECT pg_terminate_backend(pid) ${SESSIONS_OF_SERVERS}`),
    ),
}

/** Statements end, and their connections do not: as an operator does to what takes too long. */
export const cancelStatements: Fault = {
  name: 'cancel-statements',
  about: 'all statements of the servers are cancelled, again and again',
  hits: 'postgres',
  inject: ({ system: { databaseUrl }, random }) =>
    repeatInSession(
      databaseUrl,
      () => random.between(1, 50),
      (session) => session.query(`SELECT pg_cancel_backend(pid) ${SESSIONS_OF_SERVERS} AND state = 'active'`),
    ),
}

/** No notice of another server arrives, or only now and then. */
export const loseNotices: Fault = {
  name: 'lose-notices',
  about: 'the sessions in which servers listen for notices are terminated, again and again',
  hits: 'postgres',
  inject: ({ system: { databaseUrl } }) =>
    repeatInSession(
      databaseUrl,
      () => 20,
      (session) =>
        session.query(
          `SELECT pg_terminate_backend(pid) ${SESSIONS_OF_SERVERS} AND application_name = 'stanchion notices'`,
        ),
    ),
}

/** Others hold every connection that there is; sometimes those of the servers, too. */
export const takeConnections: Fault = {
  name: 'take-connections',
  about: 'other sessions take all connections that are left, and sometimes those of the servers',
  hits: 'postgres',
  async inject({ system: { databaseUrl }, random }) {
    const sessions: pg.Client[] = []
    const heal = async () => {
      await Promise.all(sessions.map((session) => session.end()))
    }
    try {
      await takeAll(databaseUrl, sessions)
      if (random.chance(0.5)) {
        await sessions[0]?.query(`SELECT pg_terminate_backend(pid) ${SESSIONS_OF_SERVERS}`)
        await takeAll(databaseUrl, sessions)
      }
    } catch (error) {
      await heal()
      throw error
    }
    return heal
  },
}

/** Opens sessions, many at a time, until the database has no more. */
async function takeAll(databaseUrl: string, sessions: pg.Client[]): Promise<void> {
  for (let isLeft = true; isLeft; ) {
    const opened = await Promise.allSettled(Array.from({ length: OPENED_AT_ONCE }, () => openSession(databaseUrl)))
    for (const each of opened) {
      if (each.status === 'fulfilled') sessions.push(each.value)
      else if (each.reason?.code === TOO_MANY_CONNECTIONS) isLeft = false
      else throw each.reason
    }
  }
}
