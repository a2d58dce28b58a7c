import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createTestDatabase } from '@stanchion/testing'
import pg from 'pg'
import { migrate } from '../src/database/migrate.ts'
import { createEngine } from '../src/index.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>
let sql: pg.Client
beforeEach(async () => {
  database = await createTestDatabase()
  sql = new pg.Client({ connectionString: database.url })
  await sql.connect()
})
afterEach(async () => {
  await sql.end()
  await database.drop()
})

async function start(options = {}): Promise<void> {
  const engine = await createEngine({ databaseUrl: database.url, ...options })
  await engine.close()
  await engine.close()
}

async function setOnDatabase(setting: string): Promise<void> {
  const { rows } = await sql.query('SELECT quote_ident(current_database()) AS name')
  await sql.query(`ALTER DATABASE ${rows[0].name} SET ${setting}`)
}

describe('migrations', () => {
  it('run from empty, again, and many times at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => migrate(database.url)))
    await migrate(database.url)
    const { rows } = await sql.query(
      'SELECT version, count(*)::int AS n FROM stanchion.migration GROUP BY 1 ORDER BY 1',
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every((row) => row.n === 1)).toBe(true)
  })

  it('refuse a database that a newer release has changed in a breaking way, and accept any other newer one', async () => {
    await migrate(database.url)
    await sql.query(`INSERT INTO stanchion.migration VALUES (9998, '9998_newer.sql', 'x', false)`)
    await migrate(database.url)
    await sql.query(`INSERT INTO stanchion.migration VALUES (9999, '9999_breaking.sql', 'x', true)`)
    await expect(start()).rejects.toThrow(/9999_breaking\.sql.*newer release/s)
  })

  it('need no right to create schemas once they have run', async () => {
    await migrate(database.url)
    const { rows } = await sql.query(
      `SELECT quote_ident(current_database()) AS name, 'r' || substr(md5(current_database()), 1, 12) AS role`,
    )
    const { name, role } = rows[0]
    await sql.query(`CREATE ROLE ${role} LOGIN PASSWORD 'p'`)
    try {
      await sql.query(`REVOKE CREATE ON DATABASE ${name} FROM PUBLIC`)
      await sql.query(`GRANT USAGE ON SCHEMA stanchion TO ${role}`)
      await sql.query(`GRANT SELECT ON stanchion.migration TO ${role}`)
      await migrate(database.url.replace(/\/\/[^@]*@/, `//${role}:p@`))
    } finally {
      await sql.query(`DROP OWNED BY ${role}`)
      await sql.query(`DROP ROLE ${role}`)
    }
  })

  it('refuse a file that was changed after its release', async () => {
    await migrate(database.url)
    await sql.query(`UPDATE stanchion.migration SET checksum = 'x' WHERE version = 1`)
    await expect(migrate(database.url)).rejects.toThrow(/0001_tables\.sql was changed/)
  })
})

describe('a database that voids the promises', () => {
  it.each([
    ['synchronous_commit = off', /synchronous_commit is off/],
    [`default_transaction_isolation = 'serializable'`, /default_transaction_isolation is "serializable"/],
    ['default_transaction_read_only = on', /read-only/],
  ])('G33 is refused by name: %s', async (setting, reason) => {
    await setOnDatabase(setting)
    await expect(start()).rejects.toThrow(reason)
  })

  it('G33 is accepted when that is said explicitly, unless it cannot work at all', async () => {
    await setOnDatabase('synchronous_commit = off')
    await start({ allowUnsafeDatabase: true })
    await setOnDatabase('default_transaction_read_only = on')
    await expect(start({ allowUnsafeDatabase: true })).rejects.toThrow(/read-only/)
  })

  it('G33 of another encoding is refused', async () => {
    await sql.query(
      `CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
    )
    try {
      const { rows } = await sql.query('SELECT current_database() AS name')
      const databaseUrl = database.url.replace(`/${rows[0].name}`, '/latin')
      await expect(createEngine({ databaseUrl })).rejects.toThrow(/encoding is LATIN1/)
    } finally {
      await sql.query('DROP DATABASE latin')
    }
  })
})

describe('behind a transaction pooler', () => {
  it('works without session settings, named statements and LISTEN', async () => {
    const engine = await createEngine({ databaseUrl: database.url, pooler: 'transaction' })
    const key = { accountId: '000000000000', name: 'pooled' }
    await engine.createQueue(key)
    await engine.sendMessages(key, [{ body: 'a' }])
    const [message] = await engine.receiveMessages(key, { maxMessages: 1 })
    expect(await engine.deleteMessages(key, [message?.receiptHandle as string])).toEqual([null])
    const { rows } = await sql.query(
      `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'`,
    )
    expect(rows).toEqual([])
    await engine.close()
  })
})
