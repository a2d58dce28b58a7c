import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Engine, QueueKey } from '../src/index.ts'
import { type Bundle, bodiesOf, handlesOf, idsOf, newKey, receiveAll, setup, until } from './helpers/setup.ts'

let bundle: Bundle
let other: Engine
beforeAll(async () => {
  bundle = await setup()
  other = await bundle.node()
})
afterAll(() => bundle.close())

async function newQueue(settings = {}): Promise<QueueKey> {
  const key = newKey()
  await bundle.engine.createQueue({ ...key, settings })
  // Both nodes have their copy of it.
  await other.sendMessages(key, [{ body: 'warm up' }])
  await other.deleteMessages(key, handlesOf(await receiveAll(bundle.engine, key)))
  return key
}

describe('two nodes on one database', () => {
  it("G8 accept each other's receipt handles, also after a restart", async () => {
    const key = await newQueue()
    await bundle.engine.sendMessages(key, [{ body: 'a' }, { body: 'b' }, { body: 'c' }])
    const [a, b, c] = handlesOf(await receiveAll(bundle.engine, key)) as [string, string, string]
    expect(await other.deleteMessages(key, [a])).toEqual([null])
    expect(await other.changeVisibility(key, [{ receiptHandle: b, visibilityTimeoutSeconds: 60 }])).toEqual([null])
    const restarted = await bundle.node()
    expect(await restarted.deleteMessages(key, [b, c])).toEqual([null, null])
    expect(await bundle.engine.countMessages(key)).toMatchObject({ visible: 0, inFlight: 0 })
  })

  it('G25 see at once what the other has acknowledged', async () => {
    const key = await newQueue()
    for (let i = 0; i < 20; i++) {
      const [sender, receiver] = i % 2 === 0 ? [bundle.engine, other] : [other, bundle.engine]
      await sender.sendMessages(key, [{ body: `m${i}` }])
      const got = await receiver.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 600 })
      expect(bodiesOf(got)).toEqual([`m${i}`])
      await receiver.changeVisibility(key, [
        { receiptHandle: handlesOf(got)[0] as string, visibilityTimeoutSeconds: 0 },
      ])
      const again = await sender.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 600 })
      expect(bodiesOf(again)).toEqual([`m${i}`])
      await sender.deleteMessages(key, handlesOf(again))
      expect(await receiver.countMessages(key)).toMatchObject({ visible: 0, inFlight: 0 })
    }
  })

  it('G25 work with changed settings at once', async () => {
    const key = await newQueue()
    await bundle.engine.updateQueue(key, {
      settings: { messageBytesMax: 1024, delaySeconds: 100, visibilityTimeoutSeconds: 0 },
    })
    const results = await other.sendMessages(key, [
      { body: 'x'.repeat(1025) },
      { body: 'late' },
      { body: 'now', delaySeconds: 0 },
    ])
    expect(results[0]).toMatchObject({ ok: false, error: { code: 'messageTooLarge' } })
    expect(await other.countMessages(key)).toMatchObject({ visible: 1, delayed: 1 })
    for (let i = 1; i <= 3; i++) {
      expect((await other.receiveMessages(key, { maxMessages: 10 }))[0]).toMatchObject({ body: 'now', receiveCount: i })
    }
  })

  it('G6 G5 hand every message to one of many receivers, and lose none', async () => {
    const key = await newQueue()
    const nodes = [bundle.engine, other]
    const sent = new Set<string>()
    const deleted: string[] = []
    const produce = async (node: Engine) => {
      for (let i = 0; i < 40; i++) {
        for (const id of idsOf(
          await node.sendMessages(
            key,
            Array.from({ length: 10 }, () => ({ body: 'x' })),
          ),
        ))
          sent.add(id)
      }
    }
    const consume = async (node: Engine) => {
      while (deleted.length < 1_600) {
        const messages = await node.receiveMessages(key, {
          maxMessages: 7,
          visibilityTimeoutSeconds: 600,
          waitSeconds: 1,
        })
        if (messages.length === 0) continue
        await node.deleteMessages(key, handlesOf(messages))
        deleted.push(...messages.map((message) => message.messageId))
      }
    }
    await Promise.all([...nodes, ...nodes].flatMap((node) => [produce(node), consume(node), consume(node)]))
    expect(sent.size).toBe(1_600)
    expect(deleted).toHaveLength(1_600)
    expect(new Set(deleted)).toEqual(sent)
    expect(await bundle.engine.countMessages(key)).toMatchObject({ visible: 0, inFlight: 0, delayed: 0 })
  })
})

describe('a purge', () => {
  it('G20 removes everything acknowledged before it, on every node, and nothing sent after it', async () => {
    const key = await newQueue()
    await other.sendMessages(key, [{ body: 'leased' }])
    const [leased] = handlesOf(await receiveAll(other, key)) as [string]
    await other.sendMessages(key, [{ body: 'visible' }, { body: 'delayed', delaySeconds: 1 }])
    await bundle.engine.purgeQueue(key)
    expect(await other.countMessages(key)).toEqual({
      visible: 0,
      inFlight: 0,
      delayed: 0,
      oldestMessageAgeSeconds: null,
    })
    await other.sendMessages(key, [{ body: 'after' }])
    expect(await other.deleteMessages(key, [leased])).toEqual([null])
    expect(
      (await other.changeVisibility(key, [{ receiptHandle: leased, visibilityTimeoutSeconds: 0 }]))[0],
    ).toMatchObject({
      code: 'messageNotLeased',
    })
    expect(bodiesOf(await other.receiveMessages(key, { maxMessages: 10, waitSeconds: 2 }))).toEqual(['after'])
    expect(await other.receiveMessages(key, { maxMessages: 10, waitSeconds: 2 })).toEqual([])
  })

  it('G20 is exact while others send: what was acknowledged after it is there', async () => {
    const key = await newQueue()
    const acked: { body: string; invokedAt: number; ackedAt: number }[] = []
    let isOver = false
    let purgedAt: { invoked: number; returned: number } | undefined
    let n = 0
    const produce = async (node: Engine) => {
      while (!isOver) {
        const body = `m${n++}`
        const invokedAt = performance.now()
        const [result] = await node.sendMessages(key, [{ body }])
        if (result?.ok) acked.push({ body, invokedAt, ackedAt: performance.now() })
        if (acked.length > 200 && purgedAt === undefined) {
          purgedAt = { invoked: performance.now(), returned: Number.POSITIVE_INFINITY }
          await bundle.engine.purgeQueue(key)
          purgedAt.returned = performance.now()
        }
        if (acked.length > 400) isOver = true
      }
    }
    await Promise.all([produce(bundle.engine), produce(other), produce(bundle.engine), produce(other)])
    const left = new Set(bodiesOf(await receiveAll(other, key)))
    const { invoked, returned } = purgedAt as unknown as { invoked: number; returned: number }
    expect(acked.filter(({ ackedAt, body }) => ackedAt < invoked && left.has(body))).toEqual([])
    expect(acked.filter(({ invokedAt, body }) => invokedAt > returned && !left.has(body))).toEqual([])
  })
})

describe('deleting a queue', () => {
  it('G21 is known on every node, and a new queue of the name shows nothing of the old one', async () => {
    const key = await newQueue({ visibilityTimeoutSeconds: 77 })
    await bundle.engine.tagQueue(key, { team: 'shop' })
    await other.sendMessages(key, [{ body: 'leased' }])
    const [handle] = handlesOf(await receiveAll(other, key)) as [string]
    await other.sendMessages(key, [{ body: 'old' }, { body: 'old, delayed', delaySeconds: 1 }])
    await bundle.engine.deleteQueue(key)
    await expect(other.sendMessages(key, [{ body: 'x' }])).rejects.toMatchObject({ code: 'queueNotFound' })
    await expect(other.deleteMessages(key, [handle])).rejects.toMatchObject({ code: 'queueNotFound' })
    await bundle.engine.createQueue(key)
    expect(await other.getQueue(key)).toMatchObject({ tags: {}, settings: { visibilityTimeoutSeconds: 30 } })
    expect((await other.deleteMessages(key, [handle]))[0]).toMatchObject({ code: 'invalidReceiptHandle' })
    expect(await other.receiveMessages(key, { maxMessages: 10, waitSeconds: 2 })).toEqual([])
  })

  it('G21 is known to a node that had only waited there', async () => {
    const key = await newQueue()
    await bundle.engine.deleteQueue(key)
    for (const call of [
      () => other.receiveMessages(key, { maxMessages: 1 }),
      () => other.changeVisibility(key, [{ receiptHandle: 'x', visibilityTimeoutSeconds: 0 }]),
      () => other.countMessages(key),
      () => other.purgeQueue(key),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'queueNotFound' })
    }
  })
})

describe('a queue that is created again', () => {
  it('G25 is found by the first receive of a node that knows the one before', async () => {
    const key = await newQueue()
    await other.sendMessages(key, [{ body: 'old' }])
    await bundle.engine.deleteQueue(key)
    await bundle.engine.createQueue(key)
    await bundle.engine.sendMessages(key, [{ body: 'new' }])
    expect(bodiesOf(await other.receiveMessages(key, { maxMessages: 10 }))).toEqual(['new'])
  })

  it('G25 G27 serves who waited for the one before, and for no longer than that was to last', async () => {
    const key = await newQueue()
    const successor = newKey()
    await bundle.engine.createQueue(successor)
    const served = other.receiveMessages(key, { maxMessages: 1, waitSeconds: 20 })
    const startedAtMs = performance.now()
    const unserved = other.receiveMessages(key, { maxMessages: 1, waitSeconds: 2, visibilityTimeoutSeconds: 1 })
    await until(() => other.snapshot().waiters === 2)
    // At one instant, so that nobody sees the time in between; the safety tick finds it.
    await bundle.sql.query(`
      DELETE FROM stanchion.lane l USING stanchion.queue q WHERE q.queue_id = l.queue_id AND q.name = '${key.name}';
      UPDATE stanchion.queue SET name = '${key.name}-gone' WHERE name = '${key.name}';
      UPDATE stanchion.queue SET name = '${key.name}' WHERE name = '${successor.name}'`)
    expect(await unserved).toEqual([])
    expect(performance.now() - startedAtMs).toBeLessThan(3_000)
    await bundle.engine.sendMessages(key, [{ body: 'new' }])
    expect(bodiesOf(await served)).toEqual(['new'])
  })
})

describe('several lanes', () => {
  it('are all tried before a receive answers empty, and counted as one queue', async () => {
    const wide = await bundle.node({ lanesPerQueue: 4 })
    const key = newKey()
    await wide.createQueue(key)
    const bodies = Array.from({ length: 40 }, (_, i) => `m${i}`)
    for (const body of bodies) await wide.sendMessages(key, [{ body }, { body: `${body} late`, delaySeconds: 900 }])
    expect(await other.countMessages(key)).toMatchObject({ visible: 40, delayed: 40 })
    const received = await receiveAll(other, key)
    expect(bodiesOf(received).sort()).toEqual([...bodies].sort())
    expect(await wide.deleteMessages(key, handlesOf(received))).toEqual(received.map(() => null))
    for (let i = 0; i < 8; i++) {
      await wide.sendMessages(key, [{ body: `again ${i}` }])
      expect(bodiesOf(await other.receiveMessages(key, { maxMessages: 1 }))).toEqual([`again ${i}`])
    }
    await wide.purgeQueue(key)
    expect(await other.countMessages(key)).toMatchObject({ visible: 0, inFlight: 0, delayed: 0 })
  })
})
