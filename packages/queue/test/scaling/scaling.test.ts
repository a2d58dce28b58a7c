import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Engine, QueueKey, ScalingPolicy } from '../../src/index.ts'
import { type Bundle, handlesOf, idsOf, newKey, setup, until } from '../helpers/setup.ts'

let bundle: Bundle
let engine: Engine

beforeAll(async () => {
  // No duty decides by itself in these tests but where one waits for it.
  bundle = await setup({ statisticsIntervalMs: 3_600_000 })
  engine = bundle.engine
})

afterAll(() => bundle.close())

async function newQueue(scaling?: ScalingPolicy): Promise<QueueKey> {
  const key = newKey()
  await engine.createQueue({ ...key, ...(scaling === undefined ? {} : { scaling }) })
  return key
}

async function send(key: QueueKey, count: number, delaySeconds = 0): Promise<void> {
  for (let sent = 0; sent < count; sent += 1_000) {
    const messages = Array.from({ length: Math.min(1_000, count - sent) }, () => ({ body: 'x', delaySeconds }))
    idsOf(await engine.sendMessages(key, messages))
  }
}

async function complete(key: QueueKey, count: number): Promise<void> {
  for (let left = count; left > 0; ) {
    const messages = await engine.receiveMessages(key, {
      maxMessages: Math.min(1_000, left),
      visibilityTimeoutSeconds: 600,
    })
    await engine.deleteMessages(key, handlesOf(messages))
    left -= messages.length
  }
}

const consumersOf = async (key: QueueKey, node = engine) => (await node.getScaling(key)).desiredConsumers

async function decisionOf(key: QueueKey) {
  const { rows } = await bundle.sql.query(
    `SELECT d.number, d.consumers, d.is_raised FROM stanchion.scaling_decision d JOIN stanchion.queue q USING (bucket, queue_id)
     WHERE q.name = $1`,
    [key.name],
  )
  return rows[0]
}

describe('the desired consumers of a queue', () => {
  it('follow the default policy through a burst, at its exact boundaries', async () => {
    const key = await newQueue()
    const seen: [number, number][] = []
    const look = async () => {
      const { outstandingMessages, desiredConsumers } = await engine.getScaling(key)
      seen.push([outstandingMessages, desiredConsumers])
    }
    await look()
    for (const count of [499, 1, 499, 1, 8_999, 1, 1]) {
      await send(key, count)
      await look()
    }
    for (const count of [1, 1, 8_999, 1, 499, 1, 499]) {
      await complete(key, count)
      await look()
    }
    expect(seen).toEqual([
      [0, 2],
      [499, 2],
      [500, 2],
      [999, 2],
      [1_000, 5],
      [9_999, 5],
      [10_000, 5],
      [10_001, 10],
      [10_000, 5],
      [9_999, 5],
      [1_000, 5],
      [999, 5],
      [500, 5],
      [499, 2],
      [0, 2],
    ])
  })

  it('count what is in flight and not what is delayed', async () => {
    const key = await newQueue()
    await send(key, 1_000)
    await send(key, 50, 600)
    await engine.receiveMessages(key, { maxMessages: 700, visibilityTimeoutSeconds: 600 })
    expect(await engine.getScaling(key)).toMatchObject({ outstandingMessages: 1_000, desiredConsumers: 5 })
  })

  it('say why, by which policy, and what is known of the rates', async () => {
    const key = await newQueue()
    await send(key, 3)
    const { oldestMessageAgeSeconds, ...scaling } = await engine.getScaling(key)
    expect(scaling).toEqual({
      queue: key,
      outstandingMessages: 3,
      arrivalsPerSecond: 0,
      completionsPerSecond: 0,
      drainSeconds: null,
      desiredConsumers: 2,
      reason: '3 messages are outstanding; below 1,000 the policy asks for 2 consumers.',
      policy: {
        steps: [
          { fromMessages: 0, consumers: 2 },
          { fromMessages: 1_000, backBelowMessages: 500, consumers: 5 },
          { fromMessages: 10_001, backBelowMessages: 10_001, consumers: 10 },
        ],
        consumersMin: 2,
        consumersMax: 10,
        scaleInCooldownSeconds: 0,
        scaleOutCooldownSeconds: 0,
      },
    })
    expect(oldestMessageAgeSeconds).toBeGreaterThanOrEqual(0)
  })

  it('are the same on every node and after a restart, what was decided before included', async () => {
    const key = await newQueue()
    await send(key, 1_000)
    expect(await consumersOf(key)).toBe(5)
    await complete(key, 400)
    const other = await bundle.node()
    expect(await consumersOf(key, other)).toBe(5)
    await other.close()
    const restarted = await bundle.node()
    expect([await consumersOf(key, restarted), await consumersOf(key)]).toEqual([5, 5])
    // A queue of the same depth without that past.
    const fresh = await newQueue()
    await send(fresh, 600)
    expect(await consumersOf(fresh)).toBe(2)
  })

  it('are decided once when many nodes are asked at once', async () => {
    const key = await newQueue({
      steps: [
        { fromMessages: 0, consumers: 1 },
        { fromMessages: 10, consumers: 7 },
      ],
    })
    await send(key, 10)
    const nodes = [engine, await bundle.node(), await bundle.node()]
    const asked = await Promise.all(Array.from({ length: 30 }, (_, i) => consumersOf(key, nodes[i % 3] as Engine)))
    expect(new Set(asked)).toEqual(new Set([7]))
    expect(await decisionOf(key)).toEqual({ number: 1, consumers: 7, is_raised: true })
  })

  it('cost an idle queue nothing: nothing is written for it', async () => {
    const key = await newQueue()
    await send(key, 10)
    await consumersOf(key)
    expect(await decisionOf(key)).toBeUndefined()
  })

  it('begin anew with a new queue of the same name', async () => {
    const key = await newQueue()
    await send(key, 1_000)
    expect(await consumersOf(key)).toBe(5)
    await engine.deleteQueue(key)
    expect(
      (
        await bundle.sql.query(
          'SELECT FROM stanchion.scaling_decision d WHERE NOT EXISTS (SELECT FROM stanchion.queue q WHERE q.queue_id = d.queue_id)',
        )
      ).rows,
    ).toEqual([])
    await engine.createQueue(key)
    await send(key, 600)
    expect(await consumersOf(key)).toBe(2)
  })

  it('are not to be had of a queue that is not there', async () => {
    await expect(engine.getScaling(newKey())).rejects.toMatchObject({ code: 'queueNotFound' })
  })

  it('are those of all queues at a glance, by the last decisions and the kept numbers', async () => {
    const [raised, idle, own] = [
      await newQueue(),
      await newQueue(),
      await newQueue({ targetDrainSeconds: 60, consumersMin: 3 }),
    ]
    await send(raised, 1_000)
    await engine.getScaling(raised)
    const all = new Map(
      (await engine.queueScaling(await engine.queueStatistics())).map(({ queue, desiredConsumers }) => [
        queue.name,
        desiredConsumers,
      ]),
    )
    expect([all.get(raised.name), all.get(idle.name), all.get(own.name)]).toEqual([5, 2, 3])
  })
})

describe('a cool-down', () => {
  it('is measured by the clock of the database, on all nodes alike', async () => {
    const steps = [
      { fromMessages: 0, consumers: 1 },
      { fromMessages: 5, consumers: 4 },
    ]
    const key = await newQueue({ steps, scaleInCooldownSeconds: 60 })
    const other = await bundle.node()
    try {
      await send(key, 5)
      expect(await consumersOf(key)).toBe(4)
      await complete(key, 5)
      expect([await consumersOf(key), await consumersOf(key, other)]).toEqual([4, 4])
      await bundle.moveClock(50)
      expect((await other.getScaling(key)).reason).toMatch(
        /It stays at 4 until the cool-down is over, in (8|9|10) seconds\.$/,
      )
      await bundle.moveClock(60)
      expect([await consumersOf(key, other), await consumersOf(key)]).toEqual([1, 1])
    } finally {
      await bundle.moveClock(0)
    }
  })
})

describe('a target drain time', () => {
  const policy: ScalingPolicy = { targetDrainSeconds: 10, consumerCompletionsPerSecond: 10, consumersMax: 40 }

  it('asks for as many as complete the backlog in time', async () => {
    const key = await newQueue(policy)
    await send(key, 1_001)
    expect(await engine.getScaling(key)).toMatchObject({
      desiredConsumers: 11,
      reason:
        '1,001 messages are outstanding. To be done in 10 seconds takes 11 consumers that complete 10 a second each.',
    })
  })

  it('stands for five seconds on every node, however fast the depth moves, and not when the policy is changed', async () => {
    const key = await newQueue(policy)
    const other = await bundle.node()
    try {
      await send(key, 1_000)
      expect(await consumersOf(key)).toBe(10)
      await send(key, 1_000)
      expect([await consumersOf(key, other), await consumersOf(key)]).toEqual([10, 10])
      await bundle.moveClock(6)
      expect(await consumersOf(key, other)).toBe(20)
      await engine.updateQueue(key, { scaling: { ...policy, consumersMax: 15 } })
      expect([await consumersOf(key), await consumersOf(key, other)]).toEqual([15, 15])
    } finally {
      await bundle.moveClock(0)
    }
  })

  it('learns from what was completed what one consumer completes', async () => {
    const watching = await bundle.node({ statisticsIntervalMs: 20 })
    const key = newKey()
    await watching.createQueue({ ...key, scaling: { targetDrainSeconds: 10, consumersMax: 1_000 } })
    try {
      await send(key, 2_000)
      expect(await watching.getScaling(key)).toMatchObject({
        desiredConsumers: 1,
        reason: expect.stringMatching(/is not known yet/),
      })
      const messages = await watching.receiveMessages(key, { maxMessages: 300, visibilityTimeoutSeconds: 600 })
      await watching.deleteMessages(key, handlesOf(messages))
      await until(async () => (await watching.statisticsOf(key)).totals.deleted === 300)
      await bundle.moveClock(30)
      await until(async () => (await watching.getScaling(key)).desiredConsumers > 1)
      const { desiredConsumers, reason } = await watching.getScaling(key)
      // 1,700 in 10 seconds at 10 a second each; what arrives comes on top of it.
      expect(desiredConsumers).toBeGreaterThanOrEqual(17)
      expect(reason).toMatch(/consumers that complete (9(\.\d+)?|10) a second each\.$/)
    } finally {
      await bundle.moveClock(0)
      await watching.close()
    }
  })
})

describe('the duty', () => {
  it('makes the decisions that nobody asks for', async () => {
    const watching = await bundle.node({ statisticsIntervalMs: 20 })
    const key = newKey()
    await watching.createQueue(key)
    const inMetrics = async () =>
      (await watching.queueScaling(await watching.queueStatistics())).find(({ queue }) => queue.name === key.name) as {
        desiredConsumers: number
      }
    const messages = Array.from({ length: 1_000 }, () => ({ body: 'x' }))
    idsOf(await watching.sendMessages(key, messages))
    await until(async () => (await decisionOf(key))?.consumers === 5)
    expect(await inMetrics()).toMatchObject({ outstandingMessages: 1_000, desiredConsumers: 5 })
    const received = await watching.receiveMessages(key, { maxMessages: 1_000, visibilityTimeoutSeconds: 600 })
    await watching.deleteMessages(key, handlesOf(received.slice(0, 400)))
    // Nobody has asked yet; the past is known all the same.
    expect(await consumersOf(key)).toBe(5)
    await watching.deleteMessages(key, handlesOf(received.slice(400)))
    await until(async () => (await decisionOf(key))?.is_raised === false)
    expect(await inMetrics()).toMatchObject({ outstandingMessages: 0, desiredConsumers: 2 })
    await watching.close()
  })
})

describe('the policy of a queue', () => {
  const own: ScalingPolicy = { targetDrainSeconds: 60, consumersMax: 4 }

  it('is a setting that is kept, changed as a whole and taken away', async () => {
    const key = await newQueue(own)
    expect((await engine.getQueue(key)).scaling).toEqual(own)
    const steps = [{ fromMessages: 0, consumers: 1 }]
    expect((await engine.updateQueue(key, { scaling: { steps } })).scaling).toEqual({ steps })
    expect((await engine.updateQueue(key, { settings: { delaySeconds: 1 } })).scaling).toEqual({ steps })
    expect((await engine.updateQueue(key, { scaling: null })).scaling).toBeUndefined()
    expect(await consumersOf(key)).toBe(2)
  })

  it('is compared when the queue exists', async () => {
    const key = await newQueue(own)
    const again = { ...key, scaling: { consumersMax: 4, targetDrainSeconds: 60 } }
    expect(await engine.createQueue(again)).toMatchObject({ created: false })
    expect(await engine.createQueue(key)).toMatchObject({ created: false })
    const other = engine.createQueue({ ...key, scaling: { ...own, consumersMax: 5 } })
    await expect(other).rejects.toMatchObject({ code: 'queueExists', details: { field: 'scaling' } })
  })

  it('that does not fit changes nothing', async () => {
    const bad: ScalingPolicy = { targetDrainSeconds: 60, consumersMin: 5, consumersMax: 4 }
    const refused = { code: 'invalidArgument', details: { field: 'scaling.consumersMin' } }
    const key = newKey()
    await expect(engine.createQueue({ ...key, scaling: bad })).rejects.toMatchObject(refused)
    await expect(engine.getQueue(key)).rejects.toMatchObject({ code: 'queueNotFound' })
    const kept = await newQueue(own)
    await expect(engine.updateQueue(kept, { scaling: bad, tags: { a: 'b' } })).rejects.toMatchObject(refused)
    expect(await engine.getQueue(kept)).toMatchObject({ scaling: own, tags: {} })
  })
})
