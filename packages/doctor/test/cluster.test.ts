import { open } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { migrate } from '@stanchion/queue'
import { startTestPostgres, type TestPostgres } from '@stanchion/testing'
import pg from 'pg'
import { type Bundle, bundleOn } from './helpers/setup.ts'

/** What concerns the whole server is provoked on a server of one's own. */
let postgres: TestPostgres
let bundle: Bundle

beforeAll(async () => {
  postgres = await startTestPostgres()
  await query("ALTER SYSTEM SET max_prepared_transactions = '5'")
  await query("ALTER SYSTEM SET archive_mode = 'on'")
  await query("ALTER SYSTEM SET archive_command = 'true'")
  await postgres.restart()
  await migrate(postgres.url)
  bundle = await bundleOn(postgres.url)
})
afterAll(async () => {
  await bundle?.close()
  await postgres?.drop()
})

async function query(text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}

/** Changes a setting of the server, and waits until new sessions have it. */
async function setAndReload(name: string, value: string): Promise<void> {
  await query(`ALTER SYSTEM SET ${name} = ${value}`)
  await query('SELECT pg_reload_conf()')
  while ((await query(`SELECT current_setting('${name}') AS value`)).rows[0].value !== value.replaceAll("'", ''));
}

describe('settings of the server', () => {
  it.each([
    ['fsync', 'fsync-off', 'critical'],
    ['full_page_writes', 'full-page-writes-off', 'critical'],
    ['synchronous_commit', 'synchronous-commit-off', 'critical'],
    ['autovacuum', 'autovacuum-off', 'critical'],
    ['track_counts', 'track-counts-off', 'critical'],
    ['track_activities', 'track-activities-off', 'warning'],
  ])('%s off', async (setting, id, severity) => {
    expect(await bundle.findings(id)).toEqual([])
    await setAndReload(setting, 'off')
    try {
      expect(await bundle.findings(id)).toMatchObject([
        {
          severity,
          subject: `setting ${setting}`,
          summary: expect.stringMatching(new RegExp(`^${setting} is off: `)),
          advice: expect.stringContaining(`ALTER SYSTEM RESET ${setting}; SELECT pg_reload_conf()`),
          runbook: `docs/operate/doctor.md#${id}`,
        },
      ])
    } finally {
      await setAndReload(setting, 'on')
    }
  })

  it('autovacuum-lazy when autovacuum rests long', async () => {
    // The test server is given 10 s on its command line, so the threshold moves.
    expect(await bundle.findings('autovacuum-lazy', { autovacuumNaptimeSeconds: 5 })).toMatchObject([
      { subject: 'setting autovacuum_naptime', summary: expect.stringContaining('autovacuum_naptime is 10 s') },
    ])
  })

  it('encoding-differs', async () => {
    await query("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0")
    const latin = await bundleOn(postgres.url.replace('/stanchion?', '/latin?'))
    expect(await latin.findings('encoding-differs')).toMatchObject([
      { severity: 'critical', subject: 'database latin', summary: expect.stringContaining('LATIN1') },
    ])
    await latin.close()
  })
})

describe('what keeps rows and WAL', () => {
  it('snapshot-held by a prepared transaction', async () => {
    await query("BEGIN; CREATE TABLE public.half (); PREPARE TRANSACTION 'half-done'")
    expect(await bundle.findings('snapshot-held', { snapshotSeconds: 0 })).toMatchObject([
      { subject: 'prepared transaction half-done', advice: expect.stringContaining("ROLLBACK PREPARED 'half-done'") },
    ])
    await query("ROLLBACK PREPARED 'half-done'")
    expect(await bundle.findings('snapshot-held', { snapshotSeconds: 0 })).toEqual([])
  })

  it('replication-slot-holds-wal by a slot that nobody reads', async () => {
    await query("SELECT pg_create_physical_replication_slot('gone_standby', true)")
    await query('CREATE TABLE public.wal AS SELECT generate_series(1, 10000)')
    expect(await bundle.findings('replication-slot-holds-wal')).toEqual([])
    const [finding] = await bundle.findings('replication-slot-holds-wal', { slotBytes: 1 })
    expect(finding).toMatchObject({ severity: 'warning', subject: 'replication slot gone_standby' })
    expect(finding?.summary).toMatch(
      /^The physical replication slot gone_standby holds [\d.]+ .B of WAL \(wal_status reserved\): nobody/,
    )
    expect(finding?.advice).toContain("SELECT pg_drop_replication_slot('gone_standby')")
    expect(await bundle.findings('replication-slot-holds-wal', { slotBytes: 1, slotCriticalBytes: 1 })).toMatchObject([
      { severity: 'critical' },
    ])
  })

  it('replication-slot-lost when its WAL is gone', async () => {
    await setAndReload('max_slot_wal_keep_size', "'1MB'")
    for (let i = 0; i < 3; i++)
      await query('CREATE TABLE IF NOT EXISTS public.w (); DROP TABLE public.w; SELECT pg_switch_wal()')
    await query('CHECKPOINT')
    const lost = await bundle.findings('replication-slot-lost')
    expect(lost).toMatchObject([{ subject: 'replication slot gone_standby' }])
    expect(lost[0]?.severity).toMatch(/warning|critical/)
    await query("SELECT pg_drop_replication_slot('gone_standby')")
    expect(await bundle.findings('replication-slot-lost')).toEqual([])
  })

  it('archiving-fails', async () => {
    expect(await bundle.findings('archiving-fails')).toEqual([])
    await setAndReload('archive_command', "'false'")
    await query('CREATE TABLE public.x (); SELECT pg_switch_wal()')
    while ((await query('SELECT failed_count FROM pg_stat_archiver')).rows[0].failed_count === '0');
    expect(await bundle.findings('archiving-fails')).toMatchObject([
      { severity: 'critical', summary: expect.stringMatching(/^Archiving fails: \d+ attempts? so far/) },
    ])
  })
})

it('checksum-failures tells of a page that was damaged', async () => {
  expect(await bundle.findings('checksum-failures')).toEqual([])
  await query("CREATE TABLE public.damaged AS SELECT 'text' AS value; CHECKPOINT")
  const { rows } = await query(`SELECT current_setting('data_checksums') AS checksums,
    current_setting('data_directory') || '/' || pg_relation_filepath('public.damaged') AS path`)
  expect(rows[0].checksums).toBe('on')
  // What is in memory is not read again.
  await bundle.close()
  await postgres.restart()
  bundle = await bundleOn(postgres.url)
  const file = await open(rows[0].path, 'r+')
  await file.write(Buffer.from('damaged'), 0, 7, 8_100)
  await file.close()
  await expect(query('SELECT * FROM public.damaged')).rejects.toThrow('invalid page')
  let found = await bundle.findings('checksum-failures')
  while (found.length === 0) found = await bundle.findings('checksum-failures')
  expect(found).toMatchObject([
    {
      severity: 'critical',
      subject: 'database stanchion',
      summary: expect.stringMatching(/^Postgres met \d+ damaged pages? in the database stanchion/),
    },
  ])
})
