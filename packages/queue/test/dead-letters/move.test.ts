import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { QueueKey, QueueSettings, ReceivedMessage } from '../../src/index.ts'
import { type Bundle, bodiesOf, handlesOf, idsOf, newKey, receiveAll, setup, until } from '../helpers/setup.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await setup()
})
afterAll(() => bundle.close())

async function newQueue(input = {}): Promise<QueueKey> {
  const key = newKey()
  await bundle.engine.createQueue({ ...key, ...input })
  return key
}

/** A queue and the one for its dead letters. */
async function pair(receiveCountMax = 1, settings: Partial<QueueSettings> = {}) {
  const target = await newQueue()
  const source = await newQueue({ deadLetter: { queueName: target.name, receiveCountMax }, settings })
  return { source, target }
}

function receive(key: QueueKey, more = {}): Promise<ReceivedMessage[]> {
  return bundle.engine.receiveMessages(key, { maxMessages: 10, waitSeconds: 0, ...more })
}

/** A delivery that is over at once. */
const fail = (key: QueueKey) => receive(key, { visibilityTimeoutSeconds: 0 })

async function send(key: QueueKey, ...bodies: string[]): Promise<string[]> {
  return idsOf(
    await bundle.engine.sendMessages(
      key,
      bodies.map((body) => ({ body })),
    ),
  )
}

async function countOf(key: QueueKey) {
  const { visible, inFlight, delayed } = await bundle.engine.countMessages(key)
  return { visible, inFlight, delayed }
}

const visible = (count: number) => ({ visible: count, inFlight: 0, delayed: 0 })

describe('a message that was received too often', () => {
  it('G18 is delivered as often as allowed, and then moved by the next receive', async () => {
    const { source, target } = await pair(3)
    await send(source, 'poison')
    for (const receiveCount of [1, 2, 3]) expect(await fail(source)).toMatchObject([{ receiveCount }])
    expect(await countOf(source)).toEqual(visible(1))
    expect(await receive(target)).toEqual([])
    expect(await fail(source)).toEqual([])
    expect(await countOf(source)).toEqual(visible(0))
    expect(await countOf(target)).toEqual(visible(1))
    expect(bodiesOf(await receive(target))).toEqual(['poison'])
    expect(await receive(source)).toEqual([])
  })

  it('G18 is delivered once with a maximum of 1, from a lease that ran out too, and the other messages with it', async () => {
    const { source, target } = await pair(1, { visibilityTimeoutSeconds: 0 })
    await send(source, '1', '2', '3')
    expect(bodiesOf(await receive(source))).toEqual(['1', '2', '3'])
    await send(source, '4')
    expect(bodiesOf(await receive(source))).toEqual(['4'])
    expect(bodiesOf(await receive(target)).sort()).toEqual(['1', '2', '3'])
  })

  it('keeps id, body, attributes, trace header and times; its receive count goes on; it says where it comes from', async () => {
    const { engine } = bundle
    const { source, target } = await pair(2)
    const message = {
      body: 'x',
      attributes: { Hello: { type: 'string', value: 'There' } },
      traceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793',
    } as const
    const [messageId] = idsOf(await engine.sendMessages(source, [message]))
    await fail(source)
    const [before] = await fail(source)
    await fail(source)
    const [after] = await receive(target)
    expect(before).toMatchObject({ ...message, messageId, receiveCount: 2, deadLetterSource: undefined })
    expect(after).toEqual({
      ...before,
      receiptHandle: expect.not.stringMatching(before?.receiptHandle as string),
      receiveCount: 3,
      deadLetterSource: source.name,
    })
  })

  it('can be deleted, hidden and released in the dead-letter queue', async () => {
    const { engine } = bundle
    const { source, target } = await pair()
    await send(source, 'a', 'b')
    await fail(source)
    await fail(source)
    const [a, b] = (await receive(target)).sort((x, y) => (x.body < y.body ? -1 : 1)) as ReceivedMessage[]
    expect(await countOf(target)).toEqual({ visible: 0, inFlight: 2, delayed: 0 })
    expect(await engine.deleteMessages(target, [a?.receiptHandle as string])).toEqual([null])
    const receiptHandle = b?.receiptHandle as string
    expect(await engine.changeVisibility(target, [{ receiptHandle, visibilityTimeoutSeconds: 0 }])).toEqual([null])
    expect(await receive(target)).toMatchObject([{ body: 'b', receiveCount: 3, messageId: b?.messageId }])
    expect(await engine.changeVisibility(target, [{ receiptHandle, visibilityTimeoutSeconds: 5 }])).toMatchObject([
      { code: 'messageNotLeased' },
    ])
  })

  it('G9 cannot be changed by its handles from the source any more', async () => {
    const { engine } = bundle
    const { source, target } = await pair()
    await send(source, 'x')
    const handles = handlesOf(await fail(source))
    await fail(source)
    expect(await engine.deleteMessages(source, handles)).toEqual([null])
    expect(await engine.deleteMessages(target, handles)).toMatchObject([{ code: 'invalidReceiptHandle' }])
    const changes = handles.map((receiptHandle) => ({ receiptHandle, visibilityTimeoutSeconds: 5 }))
    expect(await engine.changeVisibility(source, changes)).toMatchObject([{ code: 'messageNotLeased' }])
    expect(await countOf(target)).toEqual(visible(1))
  })

  it('can still be deleted by its last handle before the next receive', async () => {
    const { engine } = bundle
    const { source, target } = await pair()
    await send(source, 'x')
    await engine.deleteMessages(source, handlesOf(await fail(source)))
    expect(await receive(source)).toEqual([])
    expect(await countOf(target)).toEqual(visible(0))
  })

  it('is moved whether it was sent with a delay or not', async () => {
    const { engine } = bundle
    const { source, target } = await pair()
    const [messageId] = idsOf(await engine.sendMessages(source, [{ body: 'later', delaySeconds: 1 }]))
    const [delivered] = await receive(source, { waitSeconds: 5, visibilityTimeoutSeconds: 0 })
    expect(delivered).toMatchObject({ messageId })
    await fail(source)
    expect(await receive(target)).toMatchObject([{ messageId, sentAtMs: delivered?.sentAtMs, receiveCount: 2 }])
  })

  it('keeps its group, and is moved out of and into queues with fair levels', async () => {
    const { engine } = bundle
    const end = await newQueue()
    const middle = await newQueue({ deadLetter: { queueName: end.name, receiveCountMax: 2 } })
    const start = await newQueue({ deadLetter: { queueName: middle.name, receiveCountMax: 1 } })
    const noisy = (text: string) => Array.from({ length: 60 }, (_, i) => ({ body: `${text} ${i}`, groupId: 'noisy' }))
    const ids = idsOf(await engine.sendMessages(start, noisy('dead')))
    idsOf(await engine.sendMessages(middle, noisy('own')))
    expect((await receiveAll(engine, start)).length).toBe(60)
    await bundle.sql.query(
      "UPDATE stanchion.lease SET visible_at = stanchion.clock() - interval '1 second' WHERE visible_at < 'infinity'",
    )
    expect(await receive(start)).toEqual([])
    expect(await countOf(middle)).toEqual(visible(120))
    const all = await receiveAll(engine, middle)
    const dead = all.filter(({ deadLetterSource }) => deadLetterSource === start.name)
    expect(dead.map(({ messageId }) => messageId).sort()).toEqual([...ids].sort())
    expect(dead.every(({ groupId, receiveCount }) => groupId === 'noisy' && receiveCount === 2)).toBe(true)
    for (const { receiptHandle } of dead) {
      expect(await engine.changeVisibility(middle, [{ receiptHandle, visibilityTimeoutSeconds: 0 }])).toEqual([null])
    }
    expect(await receive(middle)).toEqual([])
    expect(await countOf(end)).toEqual(visible(60))
  })

  it('is one of many, and all of them are moved by one receive', async () => {
    const { engine } = bundle
    const { source, target } = await pair()
    const bodies = Array.from({ length: 2_500 }, (_, i) => `${i}`)
    for (let i = 0; i < bodies.length; i += 500) await send(source, ...bodies.slice(i, i + 500))
    let received = 0
    while (received < bodies.length) {
      received += (
        await engine.receiveMessages(source, { maxMessages: 500, visibilityTimeoutSeconds: 20, waitSeconds: 0 })
      ).length
    }
    await bundle.sql.query(
      "UPDATE stanchion.lease SET visible_at = stanchion.clock() - interval '1 second' WHERE visible_at < 'infinity'",
    )
    await send(source, 'alive')
    expect(bodiesOf(await receive(source))).toEqual(['alive'])
    expect(await receive(source)).toEqual([])
    expect(await countOf(target)).toEqual(visible(bodies.length))
    expect(new Set(bodiesOf(await receiveAll(engine, target)))).toEqual(new Set(bodies))
  })
})

describe('the policy', () => {
  it('applies at the next receive when its maximum was lowered', async () => {
    const { engine } = bundle
    const { source, target } = await pair(10)
    await send(source, 'x')
    for (let i = 0; i < 3; i++) await fail(source)
    await engine.updateQueue(source, { deadLetter: { queueName: target.name, receiveCountMax: 2 } })
    expect(await receive(source)).toEqual([])
    expect(await receive(target)).toMatchObject([{ receiveCount: 4 }])
  })

  it('leaves messages where they are when it is removed', async () => {
    const { engine } = bundle
    const { source, target } = await pair()
    await send(source, 'x')
    await fail(source)
    await engine.updateQueue(source, { deadLetter: null })
    expect(await receive(source)).toMatchObject([{ receiveCount: 2 }])
    expect(await countOf(target)).toEqual(visible(0))
  })

  it('rests while its target is gone, and holds again for a new queue of that name', async () => {
    const { engine } = bundle
    const other = await bundle.node()
    const { source, target } = await pair()
    await send(source, 'x')
    await fail(source)
    // This node has a copy of the target, the other one ends it.
    await other.deleteQueue(target)
    expect(await fail(source)).toMatchObject([{ receiveCount: 2 }])
    expect(await fail(source)).toMatchObject([{ receiveCount: 3 }])
    await other.createQueue(target)
    expect(await fail(source)).toEqual([])
    expect(await engine.receiveMessages(target, { maxMessages: 1 })).toMatchObject([{ receiveCount: 4 }])
    await other.deleteQueue(target)
    await other.createQueue(target)
    await send(source, 'y')
    await fail(source)
    expect(await fail(source)).toEqual([])
    expect(await receive(target)).toMatchObject([{ body: 'y' }])
  })

  it('may name the queue itself: a message that is over the maximum stays and is never delivered again', async () => {
    const key = newKey()
    await bundle.engine.createQueue({ ...key, deadLetter: { queueName: key.name, receiveCountMax: 2 } })
    await send(key, 'x')
    await fail(key)
    await fail(key)
    for (let i = 0; i < 3; i++) expect(await fail(key)).toEqual([])
    expect(await countOf(key)).toEqual(visible(1))
    await send(key, 'y')
    expect(bodiesOf(await receive(key, { waitSeconds: 1 }))).toEqual(['y'])
    expect(await receive(key, { waitSeconds: 1 })).toEqual([])
    await bundle.engine.updateQueue(key, { deadLetter: null })
    expect(await receive(key)).toMatchObject([{ body: 'x', receiveCount: 3, deadLetterSource: key.name }])
  })

  it('works along a chain of queues, and the message keeps the id of its first place', async () => {
    const end = await newQueue()
    const middle = await newQueue({ deadLetter: { queueName: end.name, receiveCountMax: 3 } })
    const start = await newQueue({ deadLetter: { queueName: middle.name, receiveCountMax: 2 } })
    const [messageId] = await send(start, 'x')
    await fail(start)
    const [first] = await fail(start)
    await fail(start)
    expect(await fail(middle)).toMatchObject([{ messageId, receiveCount: 3, deadLetterSource: start.name }])
    expect(await fail(middle)).toEqual([])
    expect(await receive(end)).toMatchObject([
      {
        messageId,
        receiveCount: 4,
        deadLetterSource: middle.name,
        sentAtMs: first?.sentAtMs,
        firstReceivedAtMs: first?.firstReceivedAtMs,
      },
    ])
  })

  it('may form a cycle: queues that pass a message to each other keep nobody busy', async () => {
    const { engine } = bundle
    const [a, b] = [await newQueue(), await newQueue()]
    await engine.updateQueue(a, { deadLetter: { queueName: b.name, receiveCountMax: 1 } })
    await engine.updateQueue(b, { deadLetter: { queueName: a.name, receiveCountMax: 1 } })
    await send(a, 'x')
    await fail(a)
    const { rows: before } = await bundle.sql.query('SELECT last_value FROM stanchion.dead_letter_number')
    const polls = await Promise.all([receive(a, { waitSeconds: 2 }), receive(b, { waitSeconds: 2 })])
    expect(polls).toEqual([[], []])
    const { rows: after } = await bundle.sql.query('SELECT last_value FROM stanchion.dead_letter_number')
    const moves = Number(after[0].last_value) - Number(before[0].last_value)
    expect(moves).toBeGreaterThan(0)
    expect(moves).toBeLessThan(12)
    expect((await countOf(a)).visible + (await countOf(b)).visible).toBe(1)
  })
})

describe('dead letters', () => {
  it('G11 outlive their retention by the time of their send, not of the move', async () => {
    const target = await newQueue({ settings: { retentionSeconds: 60 } })
    const source = await newQueue({ deadLetter: { queueName: target.name, receiveCountMax: 1 } })
    await send(source, 'x')
    await fail(source)
    try {
      // In steps that nobody takes for a jump of the clock.
      await bundle.moveClock(30)
      await fail(source)
      await bundle.moveClock(55)
      expect(await fail(target)).toHaveLength(1)
      await bundle.moveClock(65)
      expect(await countOf(target)).toEqual(visible(0))
      expect(await fail(target)).toEqual([])
    } finally {
      await bundle.moveClock(0)
    }
  })

  it('G27 wake receives that wait for them, on this node and on others', async () => {
    const other = await bundle.node()
    const { source, target } = await pair()
    for (const node of [bundle.engine, other]) {
      await send(source, 'x')
      await fail(source)
      const poll = node.receiveMessages(target, { maxMessages: 1, waitSeconds: 20 })
      await until(() => node.snapshot().waiters === 1)
      const startedAtMs = performance.now()
      await fail(source)
      expect(await poll).toHaveLength(1)
      expect(performance.now() - startedAtMs).toBeLessThan(1_000)
    }
  })

  it('G20 go with a purge and are not seen in the new lanes', async () => {
    const { engine } = bundle
    const { source, target } = await pair()
    await send(source, 'x')
    await fail(source)
    await fail(source)
    await engine.purgeQueue(target)
    expect(await countOf(target)).toEqual(visible(0))
    await send(source, 'y')
    await fail(source)
    await fail(source)
    expect(bodiesOf(await receive(target))).toEqual(['y'])
  })

  it('stay where they are and are not delivered while the target is being purged, and lose nothing', async () => {
    const { source, target } = await pair()
    await send(source, 'x')
    await fail(source)
    await bundle.sql.query('BEGIN')
    await bundle.sql.query(
      `SELECT FROM stanchion.lane l JOIN stanchion.queue q USING (queue_id) WHERE q.name = $1 ORDER BY lane_id, kind FOR UPDATE OF l`,
      [target.name],
    )
    await send(source, 'y')
    try {
      expect(bodiesOf(await receive(source))).toEqual(['y'])
      expect(await receive(source)).toEqual([])
      const poll = receive(target, { waitSeconds: 20 })
      // Waits on the source; it tries again by itself as soon as the target is free.
      const again = receive(source, { waitSeconds: 3 })
      await until(() => bundle.engine.snapshot().waiters === 2)
      await bundle.sql.query('COMMIT')
      expect(bodiesOf(await poll)).toEqual(['x'])
      await again
    } finally {
      await bundle.sql.query('COMMIT')
    }
  })

  it('stop no receive when their bodies are gone', async () => {
    const { engine } = bundle
    // One is over the maximum, one is not.
    for (const receiveCountMax of [1, 5]) {
      const { source, target } = await pair(receiveCountMax)
      await send(source, 'x')
      const changes = handlesOf(await receive(source)).map((receiptHandle) => ({
        receiptHandle,
        visibilityTimeoutSeconds: 0,
      }))
      expect(await engine.changeVisibility(source, changes)).toEqual([null])
      await bundle.sql.query('TRUNCATE stanchion.message_log')
      expect(await receive(source)).toEqual([])
      expect([await countOf(source), await countOf(target)]).toEqual([visible(0), visible(0)])
      await send(source, 'y')
      expect(bodiesOf(await receive(source))).toEqual(['y'])
    }
  })
})
