import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Database } from '../src/database/database.ts'
import { clearDeadLanes, endOverdueLeases, expireMessages } from '../src/services/lane-keeper.ts'
import { ensureSegments, listSegments } from '../src/services/log-segments.ts'
import { OrphanSweeper } from '../src/services/orphan-sweeper.ts'
import { readClock } from '../src/services/safety-tick.ts'
import { SegmentCleaner } from '../src/services/segment-cleaner.ts'
import { type Bundle, bodiesOf, handlesOf, newKey, receiveAll, setup } from './helpers/setup.ts'

const HOUR = 3_600
const logger = { debug() {}, info() {}, warn() {}, error() {} }

let bundle: Bundle
/** A node's view of the database for the background duties, which tests run by hand. */
let database: Database
beforeEach(async () => {
  bundle = await setup()
  database = new Database({ url: bundle.url, pooler: 'none', poolSizeMax: 2, deadlineMs: 10_000, logger }, false)
  await readClock({ database, logger })
})
afterEach(async () => {
  await database.close()
  await bundle.close()
})

/** Time passes, and nobody doubts it. */
async function passTime(seconds: number): Promise<void> {
  await bundle.moveClock(seconds)
  await readClock({ database, logger })
  database.clock.confirm()
  await ensureSegments(database)
}

async function clean(): Promise<string[]> {
  await new SegmentCleaner(database.catalogue, database.clock, logger, async () => {}).round()
  return (await listSegments(database.catalogue)).map((segment) => segment.tableName)
}

describe('segments of the log', () => {
  it('reach into the future, also after the clock was moved either way', async () => {
    const key = newKey()
    await bundle.engine.createQueue(key)
    for (const seconds of [0, 30 * 24 * HOUR, -10 * 24 * HOUR, 5 * HOUR]) {
      await bundle.moveClock(seconds)
      const [result] = await bundle.engine.sendMessages(key, [{ body: `at ${seconds}` }])
      expect(result).toMatchObject({ ok: true })
    }
  })

  it('are dropped when everything in them is deleted, and only then', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await engine.sendMessages(
      key,
      Array.from({ length: 1_000 }, (_, i) => ({ body: `a${i}` })),
    )
    const before = (await listSegments(database.catalogue))[0]?.tableName as string
    await passTime(3 * HOUR)
    await engine.sendMessages(key, [{ body: 'b' }])
    const large = newKey()
    await engine.createQueue(large)
    const leased = await engine.receiveMessages(key, { maxMessages: 1_000, visibilityTimeoutSeconds: 43_200 })
    await engine.deleteMessages(key, handlesOf(leased))
    expect(await clean()).not.toContain(before)
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(['b'])
  })

  it('keep a large backlog where it is', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    for (let i = 0; i < 2; i++)
      await engine.sendMessages(
        key,
        Array.from({ length: 1_000 }, (_, j) => ({ body: `${i}.${j}` })),
      )
    const before = (await listSegments(database.catalogue))[0]?.tableName as string
    await passTime(3 * HOUR)
    expect(await clean()).toContain(before)
    expect(await engine.countMessages(key)).toMatchObject({ visible: 2_000 })
  })

  it('G1 G8 are freed from stragglers of every state, which live on with their handles', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await engine.sendMessages(key, [
      { body: 'leased', attributes: { n: { type: 'string', value: 'v' } } },
      { body: 'leased, to be deleted' },
      { body: 'parked' },
      { body: 'deleted' },
    ])
    const first = await engine.receiveMessages(key, { maxMessages: 4, visibilityTimeoutSeconds: 43_000 })
    const handle = (body: string) => first.find((message) => message.body === body)?.receiptHandle as string
    await engine.deleteMessages(key, [handle('deleted')])
    await engine.changeVisibility(key, [{ receiptHandle: handle('parked'), visibilityTimeoutSeconds: 0 }])
    await engine.sendMessages(key, [{ body: 'never received' }, { body: 'delayed', delaySeconds: 900 }])
    const before = (await listSegments(database.catalogue))[0]?.tableName as string
    await passTime(3 * HOUR)
    const counts = await engine.countMessages(key)
    expect(await clean()).not.toContain(before)
    expect(await engine.countMessages(key)).toMatchObject({ visible: counts.visible, inFlight: 2, delayed: 0 })
    expect(await engine.deleteMessages(key, [handle('leased, to be deleted')])).toEqual([null])
    expect(bodiesOf(await receiveAll(engine, key, 60)).sort()).toEqual(['delayed', 'never received', 'parked'])
    await passTime(13 * HOUR)
    const last = await receiveAll(engine, key, 60)
    expect(bodiesOf(last).sort()).toEqual(['delayed', 'leased', 'never received', 'parked'])
    expect(last.find((message) => message.body === 'leased')).toMatchObject({
      messageId: first.find((message) => message.body === 'leased')?.messageId,
      receiveCount: 2,
      attributes: { n: { type: 'string', value: 'v' } },
    })
    await engine.deleteMessages(key, handlesOf(last))
    expect(await engine.countMessages(key)).toMatchObject({ visible: 0, inFlight: 0, delayed: 0 })
    await new OrphanSweeper(database.catalogue).round()
    expect((await bundle.sql.query('SELECT * FROM stanchion.parked_body')).rows).toEqual([])
  })

  it('that are being read are left for later, without holding anybody up', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await engine.sendMessages(key, [{ body: 'a' }])
    await engine.deleteMessages(key, handlesOf(await receiveAll(engine, key)))
    const before = (await listSegments(database.catalogue))[0]?.tableName as string
    await passTime(3 * HOUR)
    await bundle.sql.query('BEGIN')
    await bundle.sql.query(`SELECT count(*) FROM stanchion.${before}`)
    expect(await clean()).toContain(before)
    await bundle.sql.query('COMMIT')
    expect(await clean()).not.toContain(before)
    expect(await engine.sendMessages(key, [{ body: 'b' }])).toMatchObject([{ ok: true }])
  })
})

describe('retention', () => {
  it('G11 delivers nothing that has outlived it, in any state, and counts none of it', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue({ ...key, settings: { retentionSeconds: 60 } })
    await engine.sendMessages(key, [{ body: 'leased' }])
    const [leased] = handlesOf(await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 50 })) as [
      string,
    ]
    await engine.sendMessages(key, [{ body: 'visible' }, { body: 'delayed', delaySeconds: 55 }])
    await passTime(58)
    expect(await engine.countMessages(key)).toMatchObject({ visible: 3, inFlight: 0, delayed: 0 })
    await passTime(40)
    await engine.sendMessages(key, [{ body: 'young' }])
    await passTime(62)
    expect(await engine.countMessages(key)).toMatchObject({ visible: 1, inFlight: 0, delayed: 0 })
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(['young'])
    expect(await engine.deleteMessages(key, [leased])).toEqual([null])
    expect(
      (await engine.changeVisibility(key, [{ receiptHandle: leased, visibilityTimeoutSeconds: 0 }]))[0],
    ).toMatchObject({
      code: 'messageNotLeased',
    })
    await expireMessages(database.catalogue, database.clock)
    const { rows } = await bundle.sql.query('SELECT count(*)::int AS n FROM stanchion.parked_message')
    expect(rows).toEqual([{ n: 0 }])
    expect(await engine.countMessages(key)).toMatchObject({ visible: 0, inFlight: 1 })
  })

  it('G11 follows a changed setting at once', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue({ ...key, settings: { retentionSeconds: 120 } })
    await engine.sendMessages(key, [{ body: 'a' }])
    for (const seconds of [50, 100]) {
      await bundle.moveClock(seconds)
      await engine.ping()
    }
    await engine.updateQueue(key, { settings: { retentionSeconds: 60 } })
    expect(await engine.receiveMessages(key, { maxMessages: 1 })).toEqual([])
  })

  it('G11 removes nothing because the clock jumped ahead, until an operator confirms the jump', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue({ ...key, settings: { retentionSeconds: 60 } })
    await engine.sendMessages(key, [{ body: 'a' }])
    await bundle.moveClock(10 * 24 * HOUR)
    await readClock({ database, logger })
    expect(database.clock.distrustedJumpMs).toBeGreaterThan(9 * 24 * HOUR * 1_000)
    await expireMessages(database.catalogue, database.clock)
    expect(await engine.countMessages(key)).toMatchObject({ visible: 1 })
    expect(bodiesOf(await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 0 }))).toEqual(['a'])
    await bundle.sql.query('SELECT stanchion.confirm_clock()')
    await readClock({ database, logger })
    expect(database.clock.distrustedJumpMs).toBe(0)
    await expireMessages(database.catalogue, database.clock)
    const { rows } = await bundle.sql.query('SELECT count(*)::int AS n FROM stanchion.parked_message')
    expect(rows).toEqual([{ n: 0 }])
  })
})

describe('what is left behind', () => {
  it('overdue leases of a lane that nobody receives from are ended', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await engine.sendMessages(
      key,
      Array.from({ length: 30 }, (_, i) => ({ body: `m${i}` })),
    )
    for (let i = 0; i < 3; i++) await engine.receiveMessages(key, { maxMessages: 10 })
    await passTime(31)
    const before = await engine.countMessages(key)
    await endOverdueLeases(database.catalogue)
    expect(await engine.countMessages(key)).toMatchObject({ visible: before.visible, inFlight: 0 })
    const { rows } = await bundle.sql.query('SELECT count(*)::int AS n FROM stanchion.parked_message')
    expect(rows).toEqual([{ n: 30 }])
    expect((await receiveAll(engine, key)).map((message) => message.receiveCount)).toEqual(new Array(30).fill(2))
  })

  it('a lease with nothing left in it is no exception when its time is over', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    const leases = async () =>
      (await bundle.sql.query('SELECT last_seq, visible_at, remaining FROM stanchion.lease ORDER BY last_seq')).rows
    const live = async () => {
      await engine.sendMessages(key, [{ body: 'a' }])
      const received = await engine.receiveMessages(key, { maxMessages: 1 })
      await engine.deleteMessages(key, handlesOf(received))
      return received.map((message) => message.receiveCount)
    }
    await live()
    const [former] = await leases()
    await passTime(31)
    await endOverdueLeases(database.catalogue)
    expect(await leases()).toEqual([former])
    expect(await live()).toEqual([1])
    const [present, ...others] = await leases()
    expect(others).toEqual([])
    expect(present.remaining).toBe(0)
    expect(BigInt(present.last_seq)).toBeGreaterThan(BigInt(former.last_seq))
  })

  it('lanes of purged and deleted queues are emptied', async () => {
    const { engine } = bundle
    for (const end of ['purgeQueue', 'deleteQueue'] as const) {
      const key = newKey()
      await engine.createQueue(key)
      await engine.sendMessages(key, [{ body: 'a' }, { body: 'b' }, { body: 'c', delaySeconds: 900 }])
      await engine.receiveMessages(key, { maxMessages: 1 })
      await engine[end](key)
    }
    await clearDeadLanes(database.catalogue)
    for (const table of ['lease', 'parked_message', 'dead_lane']) {
      expect((await bundle.sql.query(`SELECT * FROM stanchion.${table}`)).rows).toEqual([])
    }
  })

  it('a lease whose messages are all deleted makes room for the next one', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    for (let i = 0; i < 20; i++) {
      await engine.sendMessages(key, [{ body: `m${i}` }])
      await engine.deleteMessages(key, handlesOf(await engine.receiveMessages(key, { maxMessages: 1 })))
    }
    const { rows } = await bundle.sql.query('SELECT count(*)::int AS n FROM stanchion.lease')
    expect(rows).toEqual([{ n: 1 }])
  })
})

describe('many overdue leases', () => {
  it('G4 G25 are no obstacle: one receive gets as much as it asked for', async () => {
    const { engine } = bundle
    const key = newKey()
    await engine.createQueue(key)
    await engine.sendMessages(
      key,
      Array.from({ length: 100 }, (_, i) => ({ body: `m${i}` })),
    )
    for (let i = 0; i < 100; i++) {
      const received = await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 10 })
      if (i < 60) await engine.deleteMessages(key, handlesOf(received))
    }
    await passTime(11)
    const received = await engine.receiveMessages(key, { maxMessages: 100 })
    expect(bodiesOf(received).sort()).toEqual(Array.from({ length: 40 }, (_, i) => `m${i + 60}`).sort())
  })
})

describe('hot statements', () => {
  const ofLane = 'WHERE x.bucket = $1 AND x.lane_id = $2 AND'
  const due = 'x.visible_at <= $3::timestamptz AND x.visible_at >= $4::timestamptz'

  it.each([
    ['lease_pkey', `SELECT 1 FROM stanchion.lease x ${ofLane} x.last_seq = $3 FOR UPDATE`],
    ['lease_pkey', `UPDATE stanchion.lease x SET remaining = 0 ${ofLane} x.last_seq = $3`],
    ['lease_pkey', `DELETE FROM stanchion.lease x ${ofLane} x.last_seq = $3`],
    ['lease_pkey', `SELECT EXISTS (SELECT 1 FROM stanchion.lease x ${ofLane} x.last_seq > $3)`],
    ['lease_pkey', `SELECT 1 FROM stanchion.lease x ${ofLane} true ORDER BY x.last_seq DESC LIMIT 1`],
    ['lease_visible_at', `SELECT EXISTS (SELECT 1 FROM stanchion.lease x ${ofLane} ${due})`],
    ['lease_visible_at', `SELECT 1 FROM stanchion.lease x ${ofLane} ${due} ORDER BY x.visible_at LIMIT 20`],
    [
      'lease_visible_at',
      `SELECT 1 FROM stanchion.lease x ${ofLane} x.visible_at > $3::timestamptz ORDER BY x.visible_at LIMIT 1`,
    ],
    ['parked_message_pkey', `SELECT 1 FROM stanchion.parked_message x ${ofLane} x.seq = $3 LIMIT 1`],
    [
      'parked_message_pkey',
      `DELETE FROM stanchion.parked_message x ${ofLane} x.seq = $3 AND x.receive_count = $4::integer`,
    ],
    ['parked_message_pkey', `DELETE FROM stanchion.parked_message x ${ofLane} x.seq = ANY ($3::bigint[])`],
    ['parked_message_visible_at', `SELECT EXISTS (SELECT 1 FROM stanchion.parked_message x ${ofLane} ${due})`],
    [
      'parked_message_visible_at',
      `SELECT 1 FROM stanchion.parked_message x ${ofLane} ${due} AND x.seq >= $5 ORDER BY x.visible_at LIMIT 10 FOR UPDATE SKIP LOCKED`,
    ],
    ['_pkey', `SELECT 1 FROM stanchion.message_log x ${ofLane} x.seq >= $3 ORDER BY x.seq LIMIT 10`],
    ['fifo_group_pkey', `SELECT 1 FROM stanchion.fifo_group x ${ofLane} x.group_id = $3`],
    [
      'fifo_deduplication_pkey',
      `SELECT 1 FROM stanchion.fifo_deduplication x ${ofLane} x.key = $3 AND x.seq >= $4 ORDER BY x.seq DESC LIMIT 1`,
    ],
  ])('use %s, though their plans were made on empty tables: %s', async (index, text) => {
    const { sql } = bundle
    await sql.query('TRUNCATE stanchion.lease, stanchion.parked_message')
    await sql.query(
      `SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET plan_cache_mode = force_generic_plan`,
    )
    // Through parameters, as in the functions: constants have costs of their own.
    await sql.query(`PREPARE hot AS ${text}`)
    const parameters = new Array(
      Number(
        text
          .match(/\$\d/g)
          ?.map((name) => name.slice(1))
          .sort()
          .at(-1),
      ),
    ).fill('NULL')
    const { rows } = await sql.query(`EXPLAIN (FORMAT JSON) EXECUTE hot(${parameters})`)
    await sql.query('DEALLOCATE hot')
    const used = [...JSON.stringify(rows).matchAll(/"Index Name":"(\w+)"/g)].map(([, name]) => name)
    expect(used.length).toBeGreaterThan(0)
    expect(used.every((name) => name?.endsWith(index))).toBe(true)
  })
})
