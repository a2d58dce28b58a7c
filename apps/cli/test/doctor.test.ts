import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ServerProcess, startServerProcess } from '@stanchion/testing'
import pg from 'pg'
import { cli } from './helpers/cli.ts'

/** One server that is well, and one whose database voids a promise and has a table without autovacuum. */
let well: ServerProcess
let ill: ServerProcess
beforeAll(async () => {
  well = await startServerProcess()
  ill = await startServerProcess()
  const client = new pg.Client({ connectionString: ill.databaseUrl })
  await client.connect()
  await client.query(`ALTER TABLE stanchion.lease SET (autovacuum_enabled = off);
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$`)
  await client.end()
})
afterAll(async () => {
  await well?.stop()
  await ill?.stop()
})

const DOORS: readonly [door: string, args: (server: ServerProcess) => string[]][] = [
  ['a server', ({ url }) => ['--url', url]],
  ['a database', ({ databaseUrl }) => ['--database-url', databaseUrl]],
]

describe.each(DOORS)('doctor on %s', (_door, args) => {
  const doctor = (server: ServerProcess, ...more: string[]) => cli(['doctor', ...args(server), ...more])

  test('says what is wrong, the gravest first, and what to do; what is critical is a failure', async () => {
    const { out, err, code } = await doctor(ill)
    expect(code).toBe(1)
    expect(err).toBe('Error: 1 finding critical.\n')
    expect(out).toMatch(
      /^CRITICAL {2}.*\n {2}.*serializable.*\n {2}.*ALTER DATABASE.*\n {2}docs\/operate\/doctor\.md#isolation-differs\n\nWARNING {2}table stanchion\.lease\n {2}Autovacuum is switched off .*\n {2}ALTER TABLE .*\n {2}docs\/operate\/doctor\.md#table-autovacuum-off\n\n2 findings; of \d+ checks \d+ passed and \d+ were skipped\.\n$/,
    )
  })

  test('says so when nothing is wrong, and is content', async () => {
    expect(await doctor(well)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^0 findings; of \d+ checks \d+ passed and \d+ were skipped\.\n$/),
    })
  })

  test('--all lists every check, with the reason of what was skipped', async () => {
    const { out } = await doctor(well, '--all')
    expect(out).toMatch(/^passed {3}fsync is on$/m)
    expect(out).toMatch(/^skipped {2}The disk of the embedded Postgres has room: \S/m)
  })

  test('-o json is what REST answers', async () => {
    const report = JSON.parse((await doctor(ill, '-o', 'json')).out)
    expect(report).toEqual({
      checkedAt: expect.stringMatching(/^20.*Z$/),
      findings: [
        expect.objectContaining({ id: 'isolation-differs', severity: 'critical' }),
        expect.objectContaining({ id: 'table-autovacuum-off', severity: 'warning' }),
      ],
      checks: expect.arrayContaining([{ id: 'fsync-off', title: 'fsync is on', outcome: 'passed' }]),
    })
  })
})

test('a database that does not answer is a finding of its own', async () => {
  const { code, out } = await cli(['doctor', '--database-url', 'postgres://nobody@127.0.0.1:1/none'])
  expect(code).toBe(1)
  expect(out).toMatch(/^CRITICAL/)
  expect(out).toContain('docs/operate/runbooks/database-unreachable.md')
})

test('where no server answers, the database can be examined', async () => {
  expect(await cli(['doctor', '--url', 'http://127.0.0.1:1'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('--database-url "$DATABASE_URL"'),
  })
})
