import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createTestDatabase } from '@stanchion/testing'
import pg from 'pg'
import { createEngine } from '../src/index.ts'
import { type Bundle, idsOf, newKey, setup, until } from './helpers/setup.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await setup()
})
afterAll(() => bundle.close())

/** A session of somebody else on the database. */
async function withSession<T>(url: string, work: (session: pg.Client) => Promise<T>): Promise<T> {
  const session = new pg.Client({ connectionString: url })
  await session.connect()
  try {
    return await work(session)
  } finally {
    await session.end()
  }
}

describe('the statistics of the database', () => {
  it('has every table of the schema once, segments of the log as one, and the size of it all', async () => {
    const key = newKey()
    await bundle.engine.createQueue(key)
    idsOf(await bundle.engine.sendMessages(key, [{ body: 'a' }, { body: 'b' }]))
    const { rows } = await bundle.sql.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'stanchion'::regnamespace AND relkind IN ('r', 'p')
       AND NOT relispartition ORDER BY relname`,
    )
    const { tables, sizeBytes, logSegments } = await bundle.engine.databaseStatistics()
    expect(tables.map(({ table }) => table).sort()).toEqual(rows.map(({ relname }) => relname).sort())
    expect(sizeBytes).toBeGreaterThan(1_000_000)
    expect(logSegments).toBeGreaterThan(0)
  })

  it('counts the rows of all segments under the name of the log', async () => {
    const key = newKey()
    await bundle.engine.createQueue(key)
    idsOf(await bundle.engine.sendMessages(key, [{ body: 'a' }, { body: 'b' }, { body: 'c' }]))
    await bundle.sql.query('ANALYZE stanchion.message_log')
    const { tables } = await bundle.engine.databaseStatistics()
    expect(tables.find(({ table }) => table === 'message_log')?.liveRows).toBeGreaterThanOrEqual(3)
  })

  it('knows how long the oldest snapshot is held, and that nobody holds one', async () => {
    await withSession(bundle.url, async (session) => {
      await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
      await session.query('SELECT pg_sleep(0.05) FROM stanchion.queue LIMIT 1')
      const { oldestSnapshotAgeSeconds } = await bundle.engine.databaseStatistics()
      expect(oldestSnapshotAgeSeconds).toBeGreaterThan(0)
    })
    await until(async () => (await bundle.engine.databaseStatistics()).oldestSnapshotAgeSeconds === 0)
  })

  it('does not mind a session that is connected and idle', async () => {
    await withSession(bundle.url, async (session) => {
      await session.query('BEGIN')
      await session.query('SELECT 1')
      await until(async () => (await bundle.engine.databaseStatistics()).oldestSnapshotAgeSeconds === 0)
    })
  })

  it('does not mind a vacuum, which holds up nobody but itself', async () => {
    await withSession(bundle.url, (locking) =>
      withSession(bundle.url, async (vacuuming) => {
        await locking.query('BEGIN')
        await locking.query('LOCK TABLE stanchion.queue IN SHARE UPDATE EXCLUSIVE MODE')
        const vacuumed = vacuuming.query('VACUUM stanchion.queue')
        await until(async () => {
          const { rows } = await bundle.sql.query(
            `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query = 'VACUUM stanchion.queue'
             AND wait_event_type = 'Lock' AND backend_xmin IS NOT NULL`,
          )
          return rows.length > 0
        })
        // Duties of the engine may be at work for a moment.
        await until(async () => (await bundle.engine.databaseStatistics()).oldestSnapshotAgeSeconds === 0)
        await locking.query('ROLLBACK')
        await vacuumed
      }),
    )
  })

  it('sees prepared transactions, where Postgres allows them', async () => {
    const { rows } = await bundle.sql.query("SELECT current_setting('max_prepared_transactions')::integer AS most")
    if (rows[0].most === 0) return
    await bundle.sql.query("BEGIN; CREATE TABLE public.prepared_one (); PREPARE TRANSACTION 'one'")
    expect((await bundle.engine.databaseStatistics()).oldestSnapshotAgeSeconds).toBeGreaterThan(0)
    await bundle.sql.query("ROLLBACK PREPARED 'one'")
  })

  it('shows a role without any privilege what it may see, and how many sessions it may not', async () => {
    const database = await createTestDatabase()
    const role = `stanchion_${randomUUID().replaceAll('-', '')}`
    const name = /\/([^/?]+)(\?|$)/.exec(database.url)?.[1]
    await bundle.sql.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`)
    await bundle.sql.query(`ALTER DATABASE "${name}" OWNER TO ${role}`)
    const url = database.url.replace(/\/\/[^/@]*@/, `//${role}:x@`)
    const engine = await createEngine({ databaseUrl: url })
    try {
      expect((await engine.databaseStatistics()).hiddenSessions).toBe(0)
      await withSession(database.url, async (session) => {
        await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
        await session.query('SELECT 1 FROM pg_class LIMIT 1')
        await until(async () => (await engine.databaseStatistics()).oldestSnapshotAgeSeconds === 0)
        const seen = await engine.databaseStatistics()
        expect(seen.hiddenSessions).toBe(1)
        expect(seen.tables.length).toBeGreaterThan(10)
        expect(seen.sizeBytes).toBeGreaterThan(0)
      })
    } finally {
      await engine.close()
      await database.drop()
      await bundle.sql.query(`DROP ROLE ${role}`)
    }
  })
})
