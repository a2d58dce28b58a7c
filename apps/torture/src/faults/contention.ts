import pg from 'pg'
import { openSession } from './database-session.ts'
import type { Fault, Heal } from './fault.ts'

const DEADLOCK = '40P01'

/** What everything goes through. Segments of the log are locked with the log. */
const TABLES = ['queue', 'lane', 'message_log', 'lease', 'parked_message', 'fifo_group', 'fifo_deduplication']
const ROWS = ['lane', 'lease', 'parked_message', 'fifo_group', 'fifo_cursor']

/** Somebody changes a table by hand, and is slow: all who need it stand in a line. */
export const lockTable: Fault = {
  name: 'lock-table',
  about: 'another session holds an ACCESS EXCLUSIVE lock of a table that every request needs',
  hits: 'postgres',
  inject: ({ system: { databaseUrl }, random }) =>
    holdOpen(databaseUrl, `LOCK TABLE stanchion.${random.pick(TABLES)} IN ACCESS EXCLUSIVE MODE`),
}

/** Somebody has all rows of a table locked. Claims pass over rows that are locked; all others wait. */
export const lockRows: Fault = {
  name: 'lock-rows',
  about: 'another session holds locks of all rows of a table that every request needs',
  hits: 'postgres',
  inject: ({ system: { databaseUrl }, random }) =>
    holdOpen(databaseUrl, `SELECT 1 FROM stanchion.${random.pick(ROWS)} FOR UPDATE`),
}

/** A backup, or a console that somebody has left open: it has seen everything, so that nothing dead can be removed. */
export const holdTransaction: Fault = {
  name: 'hold-transaction',
  about: 'another session has a transaction open that has read everything and has an id',
  hits: 'postgres',
  inject: ({ system: { databaseUrl } }) =>
    holdOpen(
      databaseUrl,
      'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ',
      'SELECT pg_current_xact_id()',
      ...TABLES.map((table) => `SELECT count(*) FROM stanchion.${table}`),
    ),
}

/** Opens a transaction, and keeps it open until it is healed. A deadlock is not for us to win. */
async function holdOpen(databaseUrl: string, ...statements: readonly string[]): Promise<Heal> {
  for (;;) {
    const session = await openSession(databaseUrl)
    try {
      await session.query('BEGIN')
      for (const statement of statements) await session.query(statement)
      return () => session.end()
    } catch (error) {
      await session.end()
      if (!(error instanceof pg.DatabaseError && error.code === DEADLOCK)) throw error
    }
  }
}
