import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Engine, NewMessage, QueueKey, QueueStatistics } from '../../src/index.ts'
import { type Bundle, handlesOf, newKey, receiveAll, setup, until } from '../helpers/setup.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await setup({ statisticsIntervalMs: 20 })
})
afterAll(() => bundle?.close())

async function statisticsOf(key: QueueKey, engine: Engine = bundle.engine): Promise<QueueStatistics | undefined> {
  return (await engine.queueStatistics()).find(({ queue }) => queue.name === key.name)
}

/** Waits until the numbers of a queue are these. */
async function expectSoon(key: QueueKey, expected: object): Promise<void> {
  let latest: QueueStatistics | undefined
  await until(async () => {
    latest = await statisticsOf(key)
    try {
      expect(latest).toMatchObject(expected)
      return true
    } catch {
      return false
    }
  }).catch(() => expect(latest).toMatchObject(expected))
}

async function queueOf(options: Partial<Parameters<Engine['createQueue']>[0]> = {}): Promise<QueueKey> {
  const key = newKey()
  const name = options.fifo === undefined ? key.name : `${key.name}.fifo`
  await bundle.engine.createQueue({ ...key, name, ...options })
  return { ...key, name }
}

const bodies = (...texts: string[]): NewMessage[] => texts.map((body) => ({ body }))
const receive = (key: QueueKey, visibilityTimeoutSeconds = 30, maxMessages = 10) =>
  bundle.engine.receiveMessages(key, { maxMessages, visibilityTimeoutSeconds, waitSeconds: 0 })

describe('the kept numbers of a queue', () => {
  test('a new queue has zeros', async () => {
    const key = await queueOf({ tags: { team: 'a' } })
    expect(await statisticsOf(key)).toMatchObject({
      kind: 'standard',
      counts: { visible: 0, inFlight: 0, delayed: 0, oldestMessageAgeSeconds: null },
      totals: { sent: 0, received: 0, deleted: 0, expired: 0, leasesExpired: 0 },
      rates: { sentPerSecond: 0, deletedPerSecond: 0 },
      retentionSeconds: 345_600,
      tags: { team: 'a' },
    })
  })

  test('what is done is counted, and the depth follows', async () => {
    const key = await queueOf()
    await receive(key)
    await bundle.engine.sendMessages(key, [...bodies('a', 'b', 'c'), { body: 'later', delaySeconds: 60 }])
    const messages = await receive(key, 30, 2)
    await bundle.engine.deleteMessages(key, handlesOf(messages.slice(0, 1)))
    await expectSoon(key, {
      counts: { visible: 1, inFlight: 1, delayed: 1, oldestMessageAgeSeconds: expect.any(Number) },
      totals: { sent: 4, received: 2, deleted: 1, emptyReceives: 1 },
    })
  })

  test('a released lease is told from one that ended by itself', async () => {
    const key = await queueOf()
    await bundle.engine.sendMessages(key, bodies('a', 'b'))
    const [first] = await receive(key, 30, 1)
    await bundle.engine.changeVisibility(key, [
      { receiptHandle: first?.receiptHandle as string, visibilityTimeoutSeconds: 0 },
    ])
    expect(await receive(key, 0)).toHaveLength(2)
    expect(await receive(key, 30)).toHaveLength(2)
    await expectSoon(key, { totals: { received: 5, released: 1, redelivered: 3, leasesExpired: 2 } })
  })

  test('a FIFO queue counts duplicates that it refused, and its leases as others do', async () => {
    const key = await queueOf({ fifo: {} })
    const message = { body: 'a', groupId: 'g', deduplicationId: 'd' }
    await bundle.engine.sendMessages(key, [message])
    await bundle.engine.sendMessages(key, [message, { ...message, deduplicationId: 'e' }])
    await receive(key, 0)
    await receive(key, 30)
    await expectSoon(key, {
      kind: 'fifo',
      counts: { visible: 0, inFlight: 2 },
      totals: { sent: 2, duplicatesRefused: 1, redelivered: 2, leasesExpired: 2 },
    })
  })

  test('dead letters leave one queue and make the other deeper', async () => {
    const dead = await queueOf()
    const key = await queueOf({ deadLetter: { queueName: dead.name, receiveCountMax: 1 } })
    await bundle.engine.sendMessages(key, bodies('a', 'b'))
    await receive(key, 0)
    await receive(key)
    await expectSoon(key, {
      totals: { deadLettered: 2, leasesExpired: 2 },
      counts: { visible: 0 },
      deadLetterQueue: dead.name,
    })
    await expectSoon(dead, { counts: { visible: 2 }, deadLetterSources: [key.name] })
    await bundle.engine.startMoveTask(dead, {})
    await expectSoon(dead, { totals: { moved: 2 }, counts: { visible: 0 } })
    await expectSoon(key, { counts: { visible: 2 } })
  })

  test('a purge empties the depth and keeps the totals', async () => {
    const key = await queueOf()
    await bundle.engine.sendMessages(key, bodies('a'))
    await expectSoon(key, { counts: { visible: 1 } })
    await bundle.engine.purgeQueue(key)
    await expectSoon(key, { counts: { visible: 0, oldestMessageAgeSeconds: null }, totals: { sent: 1 } })
  })

  test('a queue that is made again begins at zero', async () => {
    const key = await queueOf()
    await bundle.engine.sendMessages(key, bodies('a'))
    await bundle.engine.deleteQueue(key)
    expect(await statisticsOf(key)).toBeUndefined()
    await bundle.engine.createQueue(key)
    await bundle.engine.sendMessages(key, bodies('b', 'c'))
    await expectSoon(key, { totals: { sent: 2 }, counts: { visible: 2 } })
  })

  test('nodes add up, and what a node did before its orderly end stays', async () => {
    const key = await queueOf()
    const other = await bundle.node({ statisticsIntervalMs: 3_600_000 })
    await other.sendMessages(key, bodies('a', 'b'))
    await other.close()
    await bundle.engine.sendMessages(key, bodies('c'))
    await expectSoon(key, { totals: { sent: 3 }, counts: { visible: 3 } })
  })

  test('a report that arrives twice counts once', async () => {
    const key = await queueOf()
    const { rows } = await bundle.sql.query('SELECT queue_id, bucket FROM stanchion.queue WHERE name = $1', [key.name])
    const zeros = '{0}'
    for (const [number, sent] of [
      [1, 5],
      [1, 5],
      [2, 3],
    ]) {
      await bundle.sql.query('SELECT stanchion.report_activity_v1($1,$2,$3,$4,$5,$6,$6,$6,$6,$6,$6,$6,$6)', [
        rows[0].bucket,
        NODE,
        number,
        [rows[0].queue_id],
        [sent],
        zeros,
      ])
    }
    expect(await statisticsOf(key)).toMatchObject({ totals: { sent: 8 } })
  })

  test('they are read without a message: even while every hot table is locked', async () => {
    const key = await queueOf()
    await bundle.engine.sendMessages(key, bodies('a'))
    await expectSoon(key, { counts: { visible: 1 } })
    const lock = new pg.Client({ connectionString: bundle.url })
    await lock.connect()
    try {
      await lock.query('BEGIN')
      await lock.query('LOCK stanchion.message_log, stanchion.lease, stanchion.parked_message, stanchion.fifo_group')
      expect(await statisticsOf(key)).toMatchObject({ counts: { visible: 1 } })
    } finally {
      await lock.end()
    }
  })
})

const NODE = randomUUID()

describe('the recent past of a queue', () => {
  test('has rates and samples once something was done', async () => {
    const key = await queueOf()
    await expectSoon(key, { measuredAt: expect.any(Date) })
    await bundle.engine.sendMessages(key, bodies('a', 'b', 'c'))
    await receiveAll(bundle.engine, key)
    await expectSoon(key, { rates: { sentPerSecond: expect.any(Number) }, recentVisible: expect.any(Array) })
    // Two reports can stand between what was sent and what was received.
    await until(() => {
      const { receivedPerSecond, sentPerSecond } = bundle.engine.queueRates(key)
      return sentPerSecond > 0 && receivedPerSecond === sentPerSecond
    })
    const { stepSeconds } = await bundle.engine.queueHistory(key, 900)
    expect(stepSeconds).toBe(10)
    expect((await bundle.engine.queueHistory(key, 901)).stepSeconds).toBe(60)
  })

  test.each([0, 9, 10.5, 10_741, Number.NaN])('a range of %p seconds is refused', async (rangeSeconds) => {
    const key = await queueOf()
    await expect(bundle.engine.queueHistory(key, rangeSeconds)).rejects.toMatchObject({ code: 'invalidArgument' })
  })

  test('of a queue that is not there is refused', async () => {
    await expect(bundle.engine.queueHistory(newKey(), 60)).rejects.toMatchObject({ code: 'queueNotFound' })
  })
})
