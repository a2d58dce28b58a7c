import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type ServerProcess, startServerProcess } from '@stanchion/testing'
import pg from 'pg'
import { cli } from './helpers/cli.ts'

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess()
})
afterAll(() => server?.stop())

const doctor = (...args: string[]) => cli(['doctor', '--database-url', server.databaseUrl, ...args])

test('doctor says what is wrong with a table, and what to do', async () => {
  const client = new pg.Client({ connectionString: server.databaseUrl })
  await client.connect()
  await client.query('ALTER TABLE stanchion.lease SET (autovacuum_enabled = off)')
  await client.end()
  const { out } = await doctor()
  expect(out).toMatch(/table-autovacuum-off/)
  expect(out).toContain('stanchion.lease')
  expect(out).toMatch(/\d+ findings?; of \d+ checks \d+ passed and \d+ were skipped\.\n$/)
  expect((await doctor('--all')).out).toMatch(/^passed {3}\S/m)
  const report = JSON.parse((await doctor('-o', 'json')).out)
  expect(report.findings).toContainEqual(expect.objectContaining({ id: 'table-autovacuum-off' }))
})

test('a database that does not answer is a finding of its own, and one that is not named is asked for', async () => {
  const { code, out } = await cli(['doctor', '--database-url', 'postgres://nobody@127.0.0.1:1/none'])
  expect(code).toBe(1)
  expect(out).toMatch(/^CRITICAL/)
  expect(out).toContain('database-unreachable')
  expect(await cli(['doctor'])).toMatchObject({ code: 2, err: expect.stringContaining('DATABASE_URL') })
})
