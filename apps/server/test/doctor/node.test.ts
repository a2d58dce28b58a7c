import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Doctor } from '@stanchion/doctor'
import { EventLoopWatch } from '../../src/doctor/event-loop-watch.ts'
import { readNodeFacts } from '../../src/doctor/read-node-facts.ts'
import { ACCOUNT_ID, type ExaminedServer, startExaminedServer } from '../helpers/examined-server.ts'

describe('the pool', () => {
  let server: ExaminedServer
  beforeAll(async () => {
    server = await startExaminedServer({ STANCHION_DATABASE_POOL_SIZE: '2' })
  })
  afterAll(() => server?.stop())

  test('pool-too-small tells of statements that wait for a connection, and not of connections that are merely busy', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `queue-${i}`)
    for (const name of names) await server.createQueue(name)
    expect(await server.findings('pool-too-small')).toEqual([])
    const holder = await server.session()
    await holder.query('BEGIN; LOCK TABLE stanchion.lease')
    const receives = names.map((name) =>
      server.engine
        .receiveMessages({ accountId: ACCOUNT_ID, name }, { maxMessages: 1, waitSeconds: 0 })
        .catch(() => []),
    )
    expect(await server.untilFound('pool-too-small')).toMatchObject([
      {
        severity: 'warning',
        subject: 'pool of this node',
        summary: expect.stringMatching(/^All 2 connections of this node are busy and \d+ statements? waits? for one/),
        advice: expect.stringContaining('STANCHION_DATABASE_POOL_SIZE'),
        runbook: 'docs/operate/runbooks/pool-exhausted.md',
      },
    ])
    await holder.query('ROLLBACK')
    await Promise.all(receives)
    expect(await server.findings('pool-too-small')).toEqual([])
  })

  test('pool-too-small tells of requests that come faster than the database does them', async () => {
    const swamped = { idle: 1, total: 2, waiting: 0, entriesWaiting: 2_000 }
    const { findings } = await server.examine({}, { poolSamples: [swamped, swamped] })
    expect(findings).toMatchObject([
      { id: 'pool-too-small', summary: expect.stringMatching(/^2,000 entries of requests wait in this node/) },
    ])
    const calmer = { ...swamped, entriesWaiting: 1_999 }
    expect((await server.examine({}, { poolSamples: [swamped, calmer] })).findings).toEqual([])
  })

  test('pools-exceed-connections tells of more connections than Postgres has', async () => {
    expect(await server.findings('pools-exceed-connections')).toEqual([])
    const large = await startExaminedServer({ STANCHION_DATABASE_POOL_SIZE: '1000' })
    expect(await large.findings('pools-exceed-connections')).toMatchObject([
      {
        severity: 'warning',
        summary: expect.stringMatching(
          /^1 node with up to 1008 connections each may want 1008, and Postgres has 297 for them/,
        ),
        advice: expect.stringContaining('Lower STANCHION_DATABASE_POOL_SIZE (it is 1000)'),
      },
    ])
    await large.stop()
  })
})

describe('duties', () => {
  let server: ExaminedServer
  beforeAll(async () => {
    server = await startExaminedServer()
  })
  afterAll(() => server?.stop())

  test('duty-failing names the duty and why it fails, until it succeeds again', async () => {
    expect(await server.findings('duty-failing')).toEqual([])
    await server.sql.query('ALTER FUNCTION stanchion.queues_to_measure_v3 RENAME TO gone')
    expect(await server.untilFound('duty-failing')).toMatchObject([
      {
        severity: 'warning',
        subject: 'duty queue-depths',
        summary: expect.stringMatching(
          /^The last \d+ rounds of the background duty queue-depths failed in this node: .*queues_to_measure_v3/,
        ),
        runbook: 'docs/operate/runbooks/service-failing.md',
      },
    ])
    await server.sql.query('ALTER FUNCTION stanchion.gone RENAME TO queues_to_measure_v3')
    await server.untilPassed('duty-failing')
  })

  test('duty-failing tells of a duty that hangs', async () => {
    const thresholds = { dutyRestSeconds: 0.5 }
    await server.untilPassed('duty-failing', thresholds)
    const holder = await server.session()
    await holder.query('BEGIN; LOCK TABLE stanchion.queue_statistics')
    const found = await server.untilFound('duty-failing', thresholds)
    expect(found[0]?.summary).toMatch(
      /^The background duty [a-z-]+ of this node finished its last round .* ago, .*: it hangs\.$/,
    )
    await holder.query('ROLLBACK')
    await server.untilPassed('duty-failing', thresholds)
  })

  test('duty-resting tells of a duty that no node does', async () => {
    expect(await server.outcome('duty-resting')).toEqual({
      id: 'duty-resting',
      title: 'Duties that one node does for all are done',
      outcome: 'passed',
    })
    await server.sql.query(
      "UPDATE stanchion.duty SET finished_at = stanchion.clock() - interval '20 minutes' WHERE name = 'log segments'",
    )
    expect(await server.findings('duty-resting')).toMatchObject([
      {
        severity: 'warning',
        summary: expect.stringMatching(/^The duty "log segments" was done 20 minutes ago by any node/),
      },
    ])
  })
})

describe('the log of messages', () => {
  let server: ExaminedServer
  beforeAll(async () => {
    server = await startExaminedServer()
  })
  afterAll(() => server?.stop())

  test('log-segments-kept names the queue whose message is the oldest', async () => {
    const queue = await server.createQueue('old')
    await server.engine.sendMessages(queue, [{ body: 'x' }])
    await server.untilFound('queue-not-received', { notReceivedSeconds: 0 })
    expect(await server.findings('log-segments-kept')).toEqual([])
    expect(await server.findings('log-segments-kept', { logSegments: 1 })).toMatchObject([
      {
        severity: 'warning',
        summary: expect.stringMatching(
          /^The log has \d+ segments?, .* The oldest message is in the queue old, \d+ seconds? old\.$/,
        ),
        advice: expect.stringContaining('stanchion queue purge old'),
      },
    ])
  })

  test('log-missing and clock-jump tell of a clock that is past the end of the log, clock-drift of one that differs', async () => {
    expect(await server.findings('log-missing')).toEqual([])
    expect(await server.findings('clock-drift')).toEqual([])
    expect(await server.findings('clock-jump')).toEqual([])
    await server.setClock(6)
    expect(await server.findings('clock-drift')).toMatchObject([
      {
        severity: 'warning',
        summary: expect.stringMatching(/^The clock of the database is [56] seconds ahead of the clock of this machine/),
      },
    ])
    await server.setClock(-6)
    expect((await server.findings('clock-drift'))[0]?.summary).toMatch(/is [67] seconds behind/)

    await server.setClock(30 * 86_400)
    await server.engine.ping()
    const { findings } = await server.examine()
    expect(findings.filter(({ id }) => /^(log|clock)/.test(id))).toMatchObject([
      { id: 'clock-drift', severity: 'critical' },
      {
        id: 'clock-jump',
        severity: 'critical',
        summary: expect.stringMatching(/^The clock of the database jumped ahead by (29|30) days while this node ran/),
        advice: expect.stringContaining('SELECT stanchion.confirm_clock()'),
      },
      {
        id: 'log-missing',
        severity: 'critical',
        summary: expect.stringContaining('The log has no segment for messages that are sent now'),
      },
    ])
  })
})

describe('the machine', () => {
  let server: ExaminedServer
  beforeAll(async () => {
    server = await startExaminedServer()
  })
  afterAll(() => server?.stop())

  test('event-loop-late tells of a node whose work waits for its turn', async () => {
    const watch = new EventLoopWatch(0)
    const nextTurns = async () => {
      for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 25))
    }
    await nextTurns()
    const endsAtMs = performance.now() + 400
    while (performance.now() < endsAtMs);
    await nextTurns()
    const eventLoopLagSeconds = watch.lagSeconds()
    watch.close()
    const young = new EventLoopWatch()
    expect(young.lagSeconds()).toBeUndefined()
    young.close()
    const findings = async (thresholds = {}) => (await server.examine(thresholds, { eventLoopLagSeconds })).findings
    expect(await findings()).toMatchObject([
      {
        id: 'event-loop-late',
        severity: 'warning',
        summary: expect.stringMatching(/^One in a hundred pieces of work waits [34]\d\d ms in this node/),
      },
    ])
    expect(await findings({ eventLoopLagSeconds: 1 })).toEqual([])
  })

  test('disk-nearly-full tells how much of the disk of an embedded Postgres is free', async () => {
    const { dataDisk } = await readNodeFacts({
      engine: server.engine,
      config: { databaseUrl: undefined, databasePoolSize: 16, dataDir: '.' },
      eventLoop: { lagSeconds: () => 0 },
    })
    const findings = async (thresholds = {}) => (await server.examine(thresholds, { dataDisk })).findings
    const all = { diskFreeShare: 1, diskFreeBytes: Number.POSITIVE_INFINITY }
    expect(await findings({ ...all, diskFreeCriticalBytes: 0 })).toMatchObject([
      {
        id: 'disk-nearly-full',
        severity: 'warning',
        subject: `disk of ${process.cwd()}`,
        summary: expect.stringMatching(/^The disk that holds \/.* has [\d.]+ .?B free, \d+ % of [\d.]+ .?B/),
      },
    ])
    const critical = { diskFreeCriticalShare: 1, diskFreeCriticalBytes: Number.POSITIVE_INFINITY }
    expect(await findings({ ...all, ...critical })).toMatchObject([{ severity: 'critical' }])
    expect(await findings({ diskFreeBytes: 0, diskFreeCriticalBytes: 0 })).toEqual([])
  })

  test('database-growing tells how fast the database grows while it is watched', async () => {
    const growing = async (doctor: Doctor) => {
      const { findings: found } = await doctor.examine()
      return found.filter(({ id }) => id === 'database-growing')
    }
    const [doctor, patient] = [1, Number.MAX_VALUE].map((growthBytesPerHour) =>
      server.doctor({ growthWatchedSeconds: 0, growthBytesPerHour }),
    ) as [Doctor, Doctor]
    expect([await growing(doctor), await growing(patient)]).toEqual([[], []])
    await server.sql.query(
      'CREATE TABLE public.large AS SELECT g, repeat(g::text, 100) FROM generate_series(1, 20000) g',
    )
    expect(await growing(patient)).toEqual([])
    expect(await growing(doctor)).toMatchObject([
      {
        id: 'database-growing',
        severity: 'warning',
        summary: expect.stringMatching(/^The database test_\w+ grew by [\d.]+ MB in \d+ seconds?, .* an hour/),
      },
    ])
    expect(await server.outcome('database-growing')).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringMatching(/^Its growth has been watched for 0 seconds only/),
    })
  })

  test('a node that cannot say is a reason, and the database is examined', async () => {
    const doctor = new Doctor({
      databaseUrl: server.databaseUrl,
      node: () => Promise.reject(new Error('it is asleep')),
    })
    const { checks } = await doctor.examine()
    expect(checks.find(({ id }) => id === 'clock-jump')).toMatchObject({
      outcome: 'skipped',
      reason: 'The node could not say: it is asleep',
    })
    expect(checks.find(({ id }) => id === 'fsync-off')).toMatchObject({ outcome: 'passed' })
  })
})
