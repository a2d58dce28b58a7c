import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Database } from '../../src/database/database.ts'
import { clearDeadLanes, tidyFifoLanes } from '../../src/services/lane-keeper.ts'
import { ensureSegments, listSegments } from '../../src/services/log-segments.ts'
import { readClock } from '../../src/services/safety-tick.ts'
import { SegmentCleaner } from '../../src/services/segment-cleaner.ts'
import { newFifo, sendTo } from '../helpers/fifo-queue.ts'
import { type Bundle, bodiesOf, handlesOf, receiveAll, setup } from '../helpers/setup.ts'

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

const tidy = () => tidyFifoLanes(database.catalogue, database.clock)

async function clean(): Promise<string[]> {
  await new SegmentCleaner(database.catalogue, database.clock, logger, async () => {}).round()
  return (await listSegments(database.catalogue)).map((segment) => segment.tableName)
}

async function rowsOf(table: string): Promise<number> {
  return (await bundle.sql.query(`SELECT count(*)::integer AS rows FROM stanchion.${table}`)).rows[0].rows
}

describe('retention of FIFO queues', () => {
  it('G11 delivers and counts nothing that has outlived it, in any state, and G12 goes on behind it', async () => {
    const { engine } = bundle
    const key = await newFifo(engine, {}, { retentionSeconds: 60 })
    await sendTo(engine, key, ['a', 'leased'], ['b', 'returned'], ['c', 'waiting'])
    await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 43_200 })
    await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 0 })
    await passTime(50)
    await sendTo(engine, key, ['a', 'a young'], ['b', 'b young'], ['c', 'c young'])
    expect(await engine.countMessages(key)).toMatchObject({ visible: 5, inFlight: 1 })
    await passTime(61)
    expect(await engine.countMessages(key)).toMatchObject({ visible: 3, inFlight: 0 })
    expect(bodiesOf(await receiveAll(engine, key)).sort()).toEqual(['a young', 'b young', 'c young'])
  })

  it('G12 G25 a retention made shorter opens the group whose leased front outlives it, whatever it is leased for', async () => {
    const { engine } = bundle
    const key = await newFifo(engine)
    await sendTo(engine, key, ['g', 'old'])
    await passTime(50)
    await sendTo(engine, key, ['g', 'young'])
    await passTime(61)
    await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 43_200 })
    await engine.updateQueue(key, { settings: { retentionSeconds: 60 } })
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(['young'])
  })

  it('G11 removes nothing because the clock jumped ahead', async () => {
    const { engine } = bundle
    const key = await newFifo(engine, {}, { retentionSeconds: 60 })
    await sendTo(engine, key, ['a', 'a1'], ['a', 'a2'])
    await bundle.moveClock(HOUR)
    await readClock({ database, logger })
    await tidy()
    await bundle.moveClock(0)
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(['a1', 'a2'])
  })

  it('is tidied: groups whose messages are all too old vanish, others are shortened', async () => {
    const { engine } = bundle
    const key = await newFifo(engine, {}, { retentionSeconds: 60 })
    await sendTo(engine, key, ['old', '1'], ['old', '1b'], ['old', '1c'], ['both', '2'], ['free', '3'])
    const olds = await engine.receiveMessages(key, { maxMessages: 3, visibilityTimeoutSeconds: 43_200 })
    expect(bodiesOf(olds)).toEqual(['1', '1b', '1c'])
    await passTime(50)
    await sendTo(engine, key, ['both', '4'])
    const [free] = handlesOf(await engine.receiveMessages(key, { maxMessages: 1 }))
    expect(await rowsOf('fifo_group')).toBe(3)
    await passTime(61)
    await tidy()
    const { rows } = await bundle.sql.query('SELECT group_id, pending FROM stanchion.fifo_group')
    expect(rows).toEqual([{ group_id: 'both', pending: 1 }])
    expect(await engine.deleteMessages(key, [free as string])).toEqual([null])
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(['4'])
  })
})

describe('segments of the log with messages of FIFO queues', () => {
  it('G1 stay while one of them is unfinished, in any state, and go when all are done', async () => {
    const { engine } = bundle
    const key = await newFifo(engine)
    await sendTo(engine, key, ['a', 'leased'], ['b', 'returned'], ['c', 'waiting'])
    await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 4 * HOUR })
    await engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 0 })
    const old = (await listSegments(database.catalogue))[0]?.tableName as string
    await passTime(3 * HOUR)
    expect(await clean()).toContain(old)
    await passTime(5 * HOUR)
    const received = await receiveAll(engine, key)
    expect(bodiesOf(received).sort()).toEqual(['leased', 'returned', 'waiting'])
    for (const handle of handlesOf(received).slice(0, 2)) await engine.deleteMessages(key, [handle])
    expect(await clean()).toContain(old)
    await engine.deleteMessages(key, handlesOf(received))
    expect(await clean()).not.toContain(old)
  })

  it('G1 stay for messages that nobody has looked at yet', async () => {
    const { engine } = bundle
    const key = await newFifo(engine)
    await sendTo(engine, key, ['a', 'a1'])
    const old = (await listSegments(database.catalogue))[0]?.tableName as string
    await passTime(3 * HOUR)
    expect(await clean()).toContain(old)
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(['a1'])
  })

  it('G13 numbers go on rising when every segment of a queue is gone', async () => {
    const { engine } = bundle
    const key = await newFifo(engine)
    const numberOf = async (body: string) => {
      const [result] = await sendTo(engine, key, ['a', body])
      return BigInt((result?.ok && result.sequenceNumber) as string)
    }
    const first = await numberOf('1')
    await engine.deleteMessages(key, handlesOf(await receiveAll(engine, key)))
    await passTime(5 * HOUR)
    await clean()
    await tidy()
    // The clock is set back: only what the queue remembers keeps the numbers from repeating.
    await bundle.moveClock(-HOUR)
    expect(await numberOf('2')).toBeGreaterThan(first)
    expect(bodiesOf(await receiveAll(engine, key))).toEqual(['2'])
  })
})

describe('what FIFO queues leave behind', () => {
  it('G21 lanes of purged and deleted queues are emptied', async () => {
    const { engine } = bundle
    for (const end of ['purgeQueue', 'deleteQueue'] as const) {
      const key = await newFifo(engine)
      await sendTo(engine, key, ['a', 'a1'], ['b', 'b1'])
      await engine.receiveMessages(key, { maxMessages: 1, attemptId: 'attempt' })
      await engine[end](key)
    }
    await clearDeadLanes(database.catalogue)
    for (const table of ['fifo_group', 'fifo_cursor', 'fifo_deduplication', 'fifo_attempt', 'dead_lane']) {
      // The queue that was purged has a new lane, whose cursor says where its numbers go on.
      expect([table, await rowsOf(table)]).toEqual([table, table === 'fifo_cursor' ? 1 : 0])
    }
  })

  it('G15 deduplication ids are tidied after their window and not before', async () => {
    const { engine } = bundle
    const key = await newFifo(engine)
    await sendTo(engine, key, ['a', 'a1'])
    await passTime(299)
    await tidy()
    expect((await sendTo(engine, key, ['a', 'a1']))[0]).toMatchObject({ isDuplicate: true })
    await passTime(601)
    await tidy()
    expect(await rowsOf('fifo_deduplication')).toBe(0)
  })

  it('a lane that somebody works on is passed over, and nobody waits', async () => {
    const { engine } = bundle
    const key = await newFifo(engine)
    await sendTo(engine, key, ['a', 'a1'])
    await passTime(601)
    await bundle.sql.query('BEGIN')
    await bundle.sql.query('SELECT FROM stanchion.lane WHERE kind = 2 FOR UPDATE')
    await tidy()
    expect(await rowsOf('fifo_deduplication')).toBe(1)
    await bundle.sql.query('COMMIT')
    await tidy()
    expect(await rowsOf('fifo_deduplication')).toBe(0)
  })
})

describe('a restart', () => {
  it('G13 G15 G26 keeps deduplication ids, numbers, leases and counts', async () => {
    const { engine } = bundle
    const key = await newFifo(engine)
    const before = await sendTo(engine, key, ['a', 'a1'], ['a', 'a2'], ['b', 'b1'])
    const [first] = await engine.receiveMessages(key, { maxMessages: 1 })
    await engine.close()
    const node = await bundle.node()
    const again = await sendTo(node, key, ['a', 'a1'], ['c', 'c1'])
    expect(again[0]).toEqual({ ...before[0], isDuplicate: true })
    const numbers = [...before, again[1]].map((result) => (result?.ok ? result.sequenceNumber : undefined))
    expect(numbers).toEqual([...numbers].sort())
    expect(await node.countMessages(key)).toMatchObject({ visible: 3, inFlight: 1 })
    expect(bodiesOf(await receiveAll(node, key))).toEqual(['b1', 'c1'])
    expect(await node.deleteMessages(key, [first?.receiptHandle as string])).toEqual([null])
    expect(bodiesOf(await receiveAll(node, key))).toEqual(['a2'])
  })
})

describe('counts of FIFO queues', () => {
  it('G26 are exact where most of the backlog is not sorted into groups yet', async () => {
    const { engine } = bundle
    const key = await newFifo(engine)
    await sendTo(engine, key, ...Array.from({ length: 50 }, (_, i): [string, string] => [`g${i % 7}`, `${i}`]))
    expect(await engine.countMessages(key)).toMatchObject({ visible: 50, inFlight: 0, delayed: 0 })
    const [handle] = handlesOf(await engine.receiveMessages(key, { maxMessages: 1 }))
    expect(await engine.countMessages(key)).toMatchObject({ visible: 49, inFlight: 1 })
    await engine.deleteMessages(key, [handle as string])
    await sendTo(engine, key, ['g1', 'x'], ['g1', 'x'])
    expect(await engine.countMessages(key)).toMatchObject({ visible: 50, inFlight: 0 })
    await engine.updateQueue(key, { settings: { delaySeconds: 900 } })
    const counts = await engine.countMessages(key)
    // What was sorted before the delay was set stays visible; the rest is delayed.
    expect(counts.visible + counts.delayed).toBe(50)
    expect(counts.delayed).toBeGreaterThan(30)
    await passTime(901)
    expect(await engine.countMessages(key)).toMatchObject({ visible: 50, delayed: 0 })
    expect(await receiveAll(engine, key)).toHaveLength(50)
  })
})

describe('look-ups of one group and of one id', () => {
  it('G14 take their own index, though plans are made on empty tables', async () => {
    await bundle.sql.query(
      `SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET plan_cache_mode = force_generic_plan`,
    )
    const indexOf = async (text: string) => {
      const { rows } = await bundle.sql.query(`EXPLAIN (FORMAT JSON) ${text}`)
      return /"Index Name":"([^"]+)"/.exec(JSON.stringify(rows))?.[1]
    }
    const lane = 'bucket = 1 AND lane_id = 1'
    const log = await indexOf(
      `SELECT seq FROM stanchion.message_log WHERE ${lane} AND group_id IS NOT NULL AND (group_id, seq) > ('g', 5) AND (group_id, seq) <= ('g', 9223372036854775807)
       AND seq > 5 AND seq <= 9223372036854775807 ORDER BY group_id, seq LIMIT 3`,
    )
    expect(log).toMatch(/group_id_seq/)
    const indexes: (string | undefined)[] = []
    for (const text of [
      `SELECT seq FROM stanchion.fifo_deduplication WHERE ${lane} AND key = 'x' AND seq >= (SELECT 5) ORDER BY seq DESC LIMIT 1`,
      `SELECT * FROM stanchion.fifo_group WHERE ${lane} AND group_id = 'g'`,
      `SELECT * FROM stanchion.fifo_attempt WHERE ${lane} AND attempt_id = 'x'`,
      `SELECT * FROM stanchion.fifo_group WHERE ${lane} AND ready_at <= now() AND ready_at < 'infinity' ORDER BY ready_at, claimed_seq LIMIT 5`,
    ]) {
      indexes.push(await indexOf(text))
    }
    expect(indexes).toEqual(['fifo_deduplication_pkey', 'fifo_group_pkey', 'fifo_attempt_pkey', 'fifo_group_ready_at'])
  })
})
