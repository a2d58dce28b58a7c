import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@stanchion/testing'
import { cli } from './helpers/cli.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database?.drop())

test('migrate lists what it would apply, applies it, and then has nothing to do', async () => {
  const env = { DATABASE_URL: database.url }
  const planned = await cli(['migrate', '--dry-run', '-o', 'json'], { env })
  const { migrations, applied } = JSON.parse(planned.out)
  expect(applied).toBe(false)
  expect(migrations[0]).toBe('0001_tables.sql')
  const done = await cli(['migrate', '--database-url', database.url], {})
  expect(done).toMatchObject({ code: 0, out: `${migrations.length} migrations applied.\n` })
  expect(done.err).toContain('0001_tables.sql\n')
  expect(await cli(['migrate'], { env })).toMatchObject({ code: 0, out: 'The schema is up to date.\n', err: '' })
})

test('without a database, and with one that does not answer, it says what to do', async () => {
  expect(await cli(['migrate'])).toMatchObject({ code: 2, err: expect.stringContaining('Set DATABASE_URL') })
  const { code, err } = await cli(['migrate', '--database-url', 'postgres://nobody@127.0.0.1:1/none'])
  expect(code).toBe(1)
  expect(err).toMatch(/^Error: The database could not be migrated: .*ECONNREFUSED/)
})
