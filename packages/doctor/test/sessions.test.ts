import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { examineDatabase } from '../src/index.ts'
import { type Bundle, outcomeOf, setup } from './helpers/setup.ts'

let bundle: Bundle
beforeEach(async () => {
  bundle = await setup()
})
afterEach(() => bundle.close())

describe('who holds something up', () => {
  it('snapshot-held names the session, its user, its application, its state and for how long', async () => {
    const session = await bundle.session('nightly report')
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1')
    const { rows } = await session.query('SELECT pg_backend_pid() AS pid, current_user AS me')
    const [finding, ...more] = await bundle.findings('snapshot-held', { snapshotSeconds: 0 })
    expect(more).toEqual([])
    expect(finding).toMatchObject({ severity: 'warning', subject: `session ${rows[0].pid}` })
    expect(finding?.summary).toMatch(
      new RegExp(
        `^A session holds a snapshot for \\d+ seconds: process ${rows[0].pid} of the user ${rows[0].me}, application "nightly report", ` +
          'over a local socket, idle in transaction, last statement begun at 20\\d\\d-',
      ),
    )
    expect(finding?.advice).toContain(`pg_terminate_backend(${rows[0].pid})`)
  })

  it('a snapshot that is held for an hour is critical, and one for a moment is nothing', async () => {
    const session = await bundle.session('x')
    await session.query('BEGIN; SELECT pg_current_xact_id()')
    expect(await bundle.findings('snapshot-held', { snapshotSeconds: 0, snapshotCriticalSeconds: 0 })).toMatchObject([
      { severity: 'critical' },
    ])
    expect(await bundle.findings('snapshot-held')).toEqual([])
  })

  it('a transaction without a snapshot holds nobody up', async () => {
    const session = await bundle.session('x')
    await session.query('BEGIN; SELECT 1')
    expect(await bundle.findings('snapshot-held', { snapshotSeconds: 0 })).toEqual([])
  })

  it('idle-in-transaction names a session that idles, once', async () => {
    const session = await bundle.session('forgotten')
    await session.query('BEGIN; SELECT 1')
    expect(await bundle.findings('idle-in-transaction', { idleInTransactionSeconds: 0 })).toMatchObject([
      { severity: 'warning', summary: expect.stringMatching(/^A session idles in a transaction for .*"forgotten"/) },
    ])
    expect(await bundle.findings('idle-in-transaction')).toEqual([])
    await session.query('SELECT pg_current_xact_id()')
    const thresholds = { idleInTransactionSeconds: 0, snapshotSeconds: 0 }
    expect((await bundle.examine(thresholds)).findings.map(({ id }) => id)).toEqual(['snapshot-held'])
  })

  it('the text of statements is told to nobody', async () => {
    const session = await bundle.session('x')
    await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 'a body'")
    const report = await bundle.examine({ snapshotSeconds: 0, idleInTransactionSeconds: 0 })
    expect(report.findings).toHaveLength(1)
    expect(JSON.stringify(report)).not.toContain('a body')
  })

  it('table-locked names who waits for a table and who is before them', async () => {
    const holder = await bundle.session('holder')
    await holder.query('BEGIN; LOCK TABLE stanchion.lease IN SHARE MODE')
    const waiter = await bundle.session('waiter')
    const waiting = waiter.query('BEGIN; LOCK TABLE stanchion.lease IN ACCESS EXCLUSIVE MODE').catch(() => {})
    let found = await bundle.findings('table-locked', { lockWaitSeconds: 0 })
    while (found.length === 0) found = await bundle.findings('table-locked', { lockWaitSeconds: 0 })
    expect(found).toMatchObject([
      {
        severity: 'critical',
        subject: 'table stanchion.lease',
        summary: expect.stringMatching(
          /waits for .* for AccessExclusiveLock on .* Before it stand process \d+ .*\(holder\)/,
        ),
      },
    ])
    await holder.query('ROLLBACK')
    await waiting
  })
})

describe('as a role without rights', () => {
  it('what it may not see is skipped with the grant that helps; nothing crashes', async () => {
    const role = `plain_${bundle.url.match(/test_(\w+)/)?.[1]}`
    await bundle.sql.query(`CREATE ROLE ${role} LOGIN`)
    try {
      await (await bundle.session('of the superuser')).query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1')
      const url = bundle.url.replace(/:\/\/[^@/]*@/, `://${role}@`)
      const report = await examineDatabase(url, { snapshotSeconds: 0 })
      expect(report.findings).toEqual([])
      expect(outcomeOf(report, 'snapshot-held')).toMatchObject({
        outcome: 'skipped',
        reason: expect.stringMatching(new RegExp(`^\\d+ sessions of other roles .* GRANT pg_monitor TO ${role} `)),
      })
      expect(outcomeOf(report, 'queue-not-received')).toMatchObject({
        outcome: 'skipped',
        reason: expect.stringMatching(
          /^The role of DATABASE_URL may not read this: permission denied for schema stanchion/,
        ),
      })
      expect(outcomeOf(report, 'fsync-off')).toEqual({ outcome: 'passed' })
      expect(outcomeOf(report, 'dead-rows')).toEqual({ outcome: 'passed' })

      await bundle.sql.query(`GRANT pg_monitor TO ${role}`)
      expect((await examineDatabase(url, { snapshotSeconds: 0 })).findings).toMatchObject([{ id: 'snapshot-held' }])
    } finally {
      await bundle.sql.query(`DROP ROLE ${role}`)
    }
  })
})
