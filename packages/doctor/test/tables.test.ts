import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { examineDatabase, type Thresholds } from '../src/index.ts'
import { type Bundle, outcomeOf, setup } from './helpers/setup.ts'

let bundle: Bundle
beforeEach(async () => {
  bundle = await setup()
})
afterEach(() => bundle.close())

/** Makes dead rows in a table that autovacuum leaves alone, and waits until Postgres has counted them. */
async function makeDeadRows(): Promise<void> {
  await bundle.sql.query(`ALTER TABLE stanchion.parked_body SET (autovacuum_enabled = off);
    INSERT INTO stanchion.parked_body SELECT 1, 1, g, NULL, '' FROM generate_series(1, 500) g;
    DELETE FROM stanchion.parked_body; SELECT pg_stat_force_next_flush()`)
  const counted = () =>
    bundle.sql.query("SELECT pg_stat_get_dead_tuples('stanchion.parked_body'::regclass)::integer AS dead")
  while ((await counted()).rows[0].dead < 500);
}

describe('rows and vacuums', () => {
  it('dead-rows names the table, the rows and the command', async () => {
    await makeDeadRows()
    expect(await bundle.findings('dead-rows', { deadRows: 500 })).toMatchObject([
      {
        severity: 'warning',
        subject: 'table stanchion.parked_body',
        summary: expect.stringContaining('holds 500 dead rows beside 0 living ones (100 % of it)'),
        advice: expect.stringContaining('VACUUM (VERBOSE) stanchion.parked_body'),
      },
    ])
    expect(await bundle.findings('dead-rows', { deadRows: 501 })).toEqual([])
    expect(await bundle.findings('dead-rows')).toEqual([])
  })

  it('vacuum-overdue says that autovacuum should have come', async () => {
    await makeDeadRows()
    const thresholds = { vacuumOverdueRows: 500, vacuumOverdueTimes: 1 }
    expect(await bundle.findings('vacuum-overdue', thresholds)).toMatchObject([
      {
        subject: 'table stanchion.parked_body',
        summary: expect.stringMatching(
          /has 500 dead rows and was never vacuumed, though autovacuum should come at \d+ dead rows/,
        ),
      },
    ])
    await bundle.sql.query('VACUUM stanchion.parked_body')
    expect(await bundle.findings('vacuum-overdue', thresholds)).toEqual([])
  })

  it('table-autovacuum-off names the table and does not mean the segments of the log', async () => {
    expect(await bundle.findings('table-autovacuum-off')).toEqual([])
    await bundle.sql.query('ALTER TABLE stanchion.lease SET (autovacuum_enabled = off)')
    expect(await bundle.findings('table-autovacuum-off')).toMatchObject([
      {
        subject: 'table stanchion.lease',
        advice: expect.stringContaining('ALTER TABLE stanchion.lease RESET (autovacuum_enabled)'),
      },
    ])
  })

  it('autovacuum-lazy names a hot table whose own settings were changed', async () => {
    await bundle.sql.query(
      'ALTER TABLE stanchion.lease SET (autovacuum_vacuum_scale_factor = 0.5, autovacuum_vacuum_cost_delay = 50)',
    )
    expect(await bundle.findings('autovacuum-lazy')).toMatchObject([
      {
        subject: 'table stanchion.lease',
        summary: expect.stringContaining('waits until 0.5 of the rows are dead and rests 50 ms at every step'),
      },
    ])
  })

  it('wraparound-near gives the age of the oldest transaction', async () => {
    // Multixacts are of the whole cluster, and others may have made some.
    const ofTransactions = async (thresholds: Partial<Thresholds>) =>
      (await bundle.findings('wraparound-near', thresholds)).filter(({ summary }) => summary.includes('transaction id'))
    expect(await ofTransactions({ transactionAge: 1 })).toMatchObject([
      {
        severity: 'warning',
        summary: expect.stringMatching(
          /^The oldest transaction id of the database test_\w+ is [\d,]+ transactions? old/,
        ),
      },
    ])
    const thresholds = { transactionAge: 1, transactionAgeCritical: 1 }
    expect(await ofTransactions(thresholds)).toMatchObject([{ severity: 'critical' }])
  })
})

describe('the database', () => {
  it('collation-outdated when the operating system brought another version', async () => {
    await bundle.sql.query("UPDATE pg_database SET datcollversion = '0.9' WHERE datname = current_database()")
    expect(await bundle.findings('collation-outdated')).toMatchObject([
      {
        summary: expect.stringContaining('version 0.9'),
        advice: expect.stringMatching(/^REINDEX DATABASE test_\w+; then ALTER/),
      },
    ])
  })

  it('temporary-files says how much statements spilt', async () => {
    await bundle.sql.query(`SET work_mem = '64kB'; SELECT * FROM generate_series(1, 50000) g ORDER BY -g;
      SELECT pg_stat_force_next_flush()`)
    const written = () => bundle.sql.query('SELECT temp_bytes FROM pg_stat_database WHERE datname = current_database()')
    while (Number((await written()).rows[0].temp_bytes) === 0);
    expect(await bundle.findings('temporary-files', { temporaryBytes: 1, temporaryBytesPerDay: 1 })).toMatchObject([
      { severity: 'note', summary: expect.stringMatching(/wrote [\d.]+ .B to \d+ temporary files? in/) },
    ])
    expect(await bundle.findings('temporary-files')).toEqual([])
  })

  it('isolation-differs and read-only-server say where the setting was made', async () => {
    await bundle.sql.query(`DO $$ BEGIN
      EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database());
      EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`)
    const report = await bundle.examine()
    expect(report.findings).toMatchObject([
      { id: 'read-only-server', severity: 'critical', advice: expect.stringContaining('ALTER DATABASE … RESET') },
      { id: 'isolation-differs', severity: 'critical', summary: expect.stringContaining('"serializable"') },
    ])
  })

  it('synchronous-commit-off is seen when it is set for the role in this database', async () => {
    await bundle.sql.query(`DO $$ BEGIN
      EXECUTE format('ALTER ROLE %I IN DATABASE %I SET synchronous_commit = off', current_user, current_database()); END $$`)
    expect(await bundle.findings('synchronous-commit-off')).toMatchObject([
      { severity: 'critical', advice: expect.stringContaining('ALTER ROLE … IN DATABASE … RESET synchronous_commit') },
    ])
  })

  it('connections-nearly-full counts what is taken', async () => {
    expect(await bundle.findings('connections-nearly-full', { connectionsShare: 0.001 })).toMatchObject([
      { severity: 'warning', summary: expect.stringMatching(/^\d+ of 297 connections are taken/) },
    ])
    const thresholds = { connectionsShare: 0.001, connectionsCriticalShare: 0.001 }
    expect(await bundle.findings('connections-nearly-full', thresholds)).toMatchObject([{ severity: 'critical' }])
  })
})

describe('without what it needs', () => {
  it('a schema that is not there is a reason, not a crash', async () => {
    await bundle.sql.query('DROP SCHEMA stanchion CASCADE')
    const report = await bundle.examine()
    expect(report.findings).toEqual([])
    expect(outcomeOf(report, 'dead-letter-queue-missing')).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringContaining('stanchion migrate'),
    })
    expect(outcomeOf(report, 'fsync-off')).toEqual({ outcome: 'passed' })
  })

  it('a table that somebody has locked is a reason, and the rest is examined', async () => {
    await bundle.sql.query('BEGIN; LOCK TABLE stanchion.queue_statistics')
    const report = await bundle.examine()
    expect(outcomeOf(report, 'dead-letters-expiring')).toMatchObject({
      outcome: 'skipped',
      reason: 'The tables are locked by somebody else just now.',
    })
    expect(outcomeOf(report, 'dead-rows').outcome).toBe('passed')
    await bundle.sql.query('ROLLBACK')
  })

  it('database-unreachable when nobody answers', async () => {
    const report = await examineDatabase('postgres://nobody@127.0.0.1:1/nothing')
    expect(report.findings).toMatchObject([
      { id: 'database-unreachable', severity: 'critical', summary: expect.stringContaining('ECONNREFUSED') },
    ])
    expect(outcomeOf(report, 'fsync-off')).toEqual({ outcome: 'skipped', reason: 'The database cannot be reached.' })
  })
})
