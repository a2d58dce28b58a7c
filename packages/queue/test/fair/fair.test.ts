import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { LEVEL_PLACE_ENDS, lastPlace, levelOf } from '../../src/fair/group-level.ts'
import type { Engine, NewMessage, QueueKey, ReceivedMessage } from '../../src/index.ts'
import { type Bundle, bodiesOf, handlesOf, idsOf, newKey, receiveAll, setup, until } from '../helpers/setup.ts'

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
  return key
}

/** Bodies are the group and a number. */
function messagesOf(groupId: string, count: number, more: Partial<NewMessage> = {}): NewMessage[] {
  return Array.from({ length: count }, (_, i) => ({ body: `${groupId} ${i}`, groupId, ...more }))
}

async function send(key: QueueKey, messages: readonly NewMessage[], node: Engine = bundle.engine): Promise<string[]> {
  const ids: string[] = []
  for (let start = 0; start < messages.length; start += 1_000) {
    ids.push(...idsOf(await node.sendMessages(key, messages.slice(start, start + 1_000))))
  }
  return ids
}

function receive(key: QueueKey, maxMessages: number, node: Engine = bundle.engine): Promise<ReceivedMessage[]> {
  return node.receiveMessages(key, { maxMessages, visibilityTimeoutSeconds: 600, waitSeconds: 0 })
}

/** How many messages of a group stand in each level, received or not. */
async function levelsOf(key: QueueKey, groupId: string): Promise<number[]> {
  const { rows } = await bundle.sql.query<{ level: number; count: number }>(
    `SELECT l.level, count(*)::integer AS count FROM stanchion.queue q
     JOIN stanchion.lane l ON l.bucket = q.bucket AND l.queue_id = q.queue_id AND l.kind = 2
     JOIN stanchion.message_log m ON m.bucket = q.bucket AND abs(m.lane_id) = l.lane_id AND m.group_id = $2
     WHERE q.name = $1 GROUP BY l.level`,
    [key.name, groupId],
  )
  const counts: number[] = []
  for (const { level, count } of rows) counts[level] = count
  return Array.from(counts, (count) => count ?? 0)
}

describe('messages with a group on a standard queue', () => {
  it('carry it, with their attributes and trace header, to every receive of every node', async () => {
    const key = await newQueue()
    await send(key, [
      { body: 'a', groupId: 'tenant', traceHeader: 'trace', attributes: { n: { type: 'number', value: '1' } } },
      { body: 'b' },
    ])
    const received = await receive(key, 10)
    const [a, b] = ['a', 'b'].map((body) => received.find((message) => message.body === body)) as [
      ReceivedMessage,
      ReceivedMessage,
    ]
    expect(a).toMatchObject({
      groupId: 'tenant',
      traceHeader: 'trace',
      attributes: { n: { type: 'number', value: '1' } },
    })
    expect([a.fifo, b.groupId]).toEqual([undefined, undefined])
    await bundle.engine.changeVisibility(key, [{ receiptHandle: a.receiptHandle, visibilityTimeoutSeconds: 0 }])
    expect(await receive(key, 10, other)).toMatchObject([{ body: 'a', groupId: 'tenant', receiveCount: 2 }])
  })

  it.each(['', 'a b', 'ä', 'x'.repeat(129)])(
    'are refused when the group is %j, and their neighbours are not',
    async (groupId) => {
      const key = await newQueue()
      const results = await bundle.engine.sendMessages(key, [
        { body: 'bad', groupId },
        { body: 'good', groupId: 'x'.repeat(128) },
      ])
      expect(results).toMatchObject([
        { ok: false, error: { code: 'invalidArgument', details: { field: 'groupId' } } },
        { ok: true },
      ])
      expect(await bundle.engine.countMessages(key)).toMatchObject({ visible: 1 })
    },
  )

  it('are refused with a deduplication id, which only FIFO queues know', async () => {
    const key = await newQueue()
    const results = await bundle.engine.sendMessages(key, [{ body: 'x', groupId: 'g', deduplicationId: 'd' }])
    expect(results).toMatchObject([
      { ok: false, error: { code: 'invalidArgument', details: { field: 'deduplicationId' } } },
    ])
  })

  it('answer ids that are those of their receives, in the order of the call', async () => {
    const key = await newQueue()
    const mixed = messagesOf('g', 40).flatMap((message, i) => [
      message,
      { body: `plain ${i}` },
      { body: `late ${i}`, groupId: 'h', delaySeconds: i % 2 },
    ])
    const ids = await send(key, mixed)
    const received = await receiveAll(bundle.engine, key)
    expect(received).toHaveLength(100)
    for (const { body, messageId } of received)
      expect(messageId).toBe(ids[mixed.findIndex((message) => message.body === body)])
  })

  it('of one group come in the order of their sends, however many there are', async () => {
    const key = await newQueue()
    await send(key, messagesOf('g', 700))
    const bodies: string[] = []
    for (const size of [1, 10, 1, 7, 100, 1_000]) bodies.push(...bodiesOf(await receive(key, size)))
    expect(bodies).toEqual(messagesOf('g', 700).map(({ body }) => body))
  })

  it('do not block each other', async () => {
    const key = await newQueue()
    await send(key, messagesOf('g', 20))
    for (let i = 0; i < 20; i++) expect(await receive(key, 1)).toHaveLength(1)
  })
})

describe('a quiet group', () => {
  it('overtakes a noisy one, and is served whole before more than its share goes to the noisy one', async () => {
    const key = await newQueue()
    await send(key, messagesOf('noisy', 2_000))
    await send(key, messagesOf('quiet', 10))
    const got: string[] = []
    while (got.filter((body) => body.startsWith('quiet')).length < 10) got.push(...bodiesOf(await receive(key, 10)))
    // The noisy group's first sixteen stand in the same level, and a quarter of the room is for what waited longer.
    expect(got.length).toBeLessThanOrEqual(40)
  })

  it('is served at once when it comes to a queue whose deeper levels alone hold messages', async () => {
    const key = await newQueue()
    await send(key, messagesOf('noisy', 45))
    for (let i = 0; i < 4; i++) expect(await receive(key, 10)).toHaveLength(10)
    await send(key, messagesOf('quiet', 1))
    expect(bodiesOf(await receive(key, 1))).toEqual(['quiet 0'])
  })

  it('keeps its turn when messages without a group are the backlog', async () => {
    const key = await newQueue()
    await send(key, messagesOf('a', 300))
    await send(key, [{ body: 'plain' }, ...messagesOf('b', 1)])
    const got = [...(await receive(key, 10)), ...(await receive(key, 20))]
    expect(bodiesOf(got)).toEqual(expect.arrayContaining(['plain', 'b 0']))
  })

  it('stays quiet while it is served as fast as it sends', async () => {
    const key = await newQueue()
    for (let i = 0; i < 30; i++) {
      await send(key, messagesOf('steady', 10))
      await bundle.engine.deleteMessages(key, handlesOf(await receive(key, 10)))
    }
    expect(await levelsOf(key, 'steady')).toEqual([300])
  })
})

describe('a noisy group', () => {
  it.each([1, 10])('is never starved: receives of %i give it a quarter while quiet ones keep coming', async (size) => {
    const key = await newQueue()
    await send(key, messagesOf('noisy', 400))
    await receive(key, 16)
    let noisy = 0
    let all = 0
    for (let i = 0; i < 40; i++) {
      await send(key, messagesOf(`quiet-${i}`, size))
      const got = await receive(key, size)
      all += got.length
      noisy += got.filter((message) => message.groupId === 'noisy').length
    }
    expect(noisy / all).toBeGreaterThanOrEqual(0.2)
    expect(noisy / all).toBeLessThanOrEqual(0.3)
  })

  it('stands in ever deeper levels by its own backlog alone, and at the front again when that is gone', async () => {
    const key = await newQueue()
    await send(key, messagesOf('noisy', 5_000))
    await send(key, messagesOf('quiet', 16))
    expect(await levelsOf(key, 'noisy')).toEqual([16, 256, 4_096, 632])
    expect(await levelsOf(key, 'quiet')).toEqual([16])
    await bundle.engine.deleteMessages(key, handlesOf(await receive(key, 1_000)))
    await send(key, messagesOf('noisy', 1))
    expect(await levelsOf(key, 'noisy')).toEqual([16, 256, 4_096, 633])
    while ((await receive(key, 1_000)).length > 0);
    await send(key, messagesOf('noisy', 17))
    expect(await levelsOf(key, 'noisy')).toEqual([32, 257, 4_096, 633])
  })

  it('waits behind the deliveries of others when its own come back', async () => {
    const key = await newQueue()
    await send(key, messagesOf('noisy', 30))
    const got = await receive(key, 30)
    await bundle.engine.changeVisibility(
      key,
      handlesOf(got.slice(16)).map((receiptHandle) => ({ receiptHandle, visibilityTimeoutSeconds: 0 })),
    )
    await send(key, messagesOf('quiet', 8))
    expect((await receive(key, 1))[0]?.groupId).toBe('quiet')
    expect(await receiveAll(bundle.engine, key)).toHaveLength(21)
  })

  it('stays behind with delayed messages too', async () => {
    const key = await newQueue()
    await send(key, messagesOf('noisy', 500, { delaySeconds: 1 }))
    await send(key, messagesOf('quiet', 5, { delaySeconds: 1 }))
    expect(await levelsOf(key, 'noisy')).toEqual([16, 256, 228])
    expect(await levelsOf(key, 'quiet')).toEqual([5])
    expect(await bundle.engine.countMessages(key)).toMatchObject({ visible: 0, delayed: 505 })
    await until(async () => (await bundle.engine.countMessages(key)).visible === 505)
    const got = [...(await receive(key, 10)), ...(await receive(key, 30))]
    expect(got.filter((message) => message.groupId === 'quiet')).toHaveLength(5)
    expect(await receiveAll(bundle.engine, key)).toHaveLength(465)
  })
})

describe('the lanes of levels', () => {
  it('are made by the first message that needs one, and a purge ends them with all that is in them', async () => {
    const key = await newQueue()
    await send(key, messagesOf('g', 16))
    expect(await levelsOf(key, 'g')).toEqual([16])
    await send(key, messagesOf('g', 300))
    const leased = await receive(key, 5)
    await bundle.engine.purgeQueue(key)
    expect(await bundle.engine.countMessages(key)).toMatchObject({ visible: 0, inFlight: 0, delayed: 0 })
    expect(await receive(key, 10)).toEqual([])
    expect(await bundle.engine.deleteMessages(key, handlesOf(leased))).toEqual([null, null, null, null, null])
    await send(key, messagesOf('g', 17))
    expect(bodiesOf(await receive(key, 100))).toHaveLength(17)
  })

  it('end with their queue', async () => {
    const key = await newQueue()
    await send(key, messagesOf('g', 300))
    await bundle.engine.deleteQueue(key)
    await bundle.engine.createQueue(key)
    expect(await receive(key, 10)).toEqual([])
    await expect(bundle.engine.sendMessages(key, messagesOf('g', 1))).resolves.toMatchObject([{ ok: true }])
  })

  it('G26 are counted exactly, in every state', async () => {
    const key = await newQueue()
    await send(key, [...messagesOf('g', 300), ...messagesOf('late', 50, { delaySeconds: 600 }), { body: 'plain' }])
    const got = await receive(key, 100)
    expect(await bundle.engine.countMessages(key)).toMatchObject({ visible: 201, inFlight: 100, delayed: 50 })
    await bundle.engine.deleteMessages(key, handlesOf(got.slice(0, 60)))
    await bundle.engine.changeVisibility(
      key,
      handlesOf(got.slice(60, 80)).map((receiptHandle) => ({ receiptHandle, visibilityTimeoutSeconds: 0 })),
    )
    expect(await bundle.engine.countMessages(key)).toMatchObject({ visible: 221, inFlight: 20, delayed: 50 })
  })

  it('G25 are known at once to a node whose copy of the queue is older', async () => {
    const key = await newQueue()
    await other.sendMessages(key, [{ body: 'warm up' }])
    await other.deleteMessages(key, handlesOf(await receiveAll(other, key)))
    await send(key, messagesOf('g', 300))
    expect(await receiveAll(other, key)).toHaveLength(300)
    await send(key, messagesOf('g', 300), other)
    const handles = handlesOf(await receiveAll(bundle.engine, key))
    expect(handles).toHaveLength(300)
    expect(new Set(await other.deleteMessages(key, handles))).toEqual(new Set([null]))
    expect(await bundle.engine.countMessages(key)).toMatchObject({ visible: 0, inFlight: 300 })
  })

  it('G7 give back what is not deleted in time', async () => {
    const key = await newQueue()
    await send(key, messagesOf('g', 40))
    await bundle.engine.receiveMessages(key, { maxMessages: 40, visibilityTimeoutSeconds: 1 })
    const again: ReceivedMessage[] = []
    while (again.length < 40) {
      again.push(
        ...(await bundle.engine.receiveMessages(key, {
          maxMessages: 40,
          visibilityTimeoutSeconds: 60,
          waitSeconds: 5,
        })),
      )
    }
    expect(again.every((message) => message.receiveCount === 2 && message.groupId === 'g')).toBe(true)
  })

  it('wake a receive that waits on another node for a message of any level', async () => {
    const key = await newQueue()
    await send(key, messagesOf('g', 100))
    await receiveAll(other, key, 600)
    const [leased] = await (async () => {
      await send(key, messagesOf('g', 20))
      return (await receive(key, 20)).slice(-1) as [ReceivedMessage]
    })()
    const waiting = other.receiveMessages(key, { maxMessages: 1, waitSeconds: 20 })
    await bundle.engine.changeVisibility(key, [{ receiptHandle: leased.receiptHandle, visibilityTimeoutSeconds: 0 }])
    expect(bodiesOf(await waiting)).toEqual([leased.body])
  })
})

describe('the rule of levels', () => {
  it('is the same in the database as in the function, for any history of sends and receives', async () => {
    const key = await newQueue()
    let seed = 7
    const random = (max: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
      return seed % max
    }
    const groups = ['a', 'b', 'c']
    /** Of each group the levels of its waiting messages, by body. */
    const model = new Map(groups.map((group) => [group, new Map<string, number>()]))
    const waitingOf = (group: string) => {
      const counts = LEVEL_PLACE_ENDS.map(() => 0).concat(0)
      for (const level of model.get(group)?.values() ?? []) counts[level] = (counts[level] ?? 0) + 1
      return counts
    }
    const stored = new Map<string, number>()
    for (let step = 0; step < 60; step++) {
      const group = groups[random(3)] as string
      const messages = Array.from({ length: 1 + random(step % 7 === 0 ? 400 : 12) }, (_, i) => ({
        body: `${group} ${step} ${i}`,
        groupId: group,
      }))
      let place = lastPlace(waitingOf(group))
      for (const { body } of messages) {
        const level = levelOf(++place)
        model.get(group)?.set(body, level)
        stored.set(body, level)
      }
      await send(key, messages, step % 2 === 0 ? bundle.engine : other)
      for (const { body, groupId } of await receive(key, 1 + random(120))) model.get(groupId as string)?.delete(body)
    }
    const { rows } = await bundle.sql.query<{ body: string; level: number }>(
      `SELECT m.body, l.level FROM stanchion.queue q
       JOIN stanchion.lane l ON l.bucket = q.bucket AND l.queue_id = q.queue_id AND l.kind = 2
       JOIN stanchion.message_log m ON m.bucket = q.bucket AND m.lane_id = l.lane_id WHERE q.name = $1`,
      [key.name],
    )
    expect(new Map(rows.map(({ body, level }) => [body, level]))).toEqual(stored)
    expect(new Set(stored.values()).size).toBeGreaterThanOrEqual(3)
  })
})

describe('two nodes on one fair queue', () => {
  it.each([1, 3])(
    'G6 G5 hand every message to one receiver and lose none, with %i families of lanes',
    async (lanesPerQueue) => {
      const nodes = [await bundle.node({ lanesPerQueue }), await bundle.node({ lanesPerQueue })] as const
      const key = newKey()
      await nodes[0].createQueue(key)
      const sent: string[] = []
      const received: string[] = []
      let producing = 4
      const produce = async (node: Engine, tenant: number) => {
        for (let i = 0; i < 25; i++) {
          const groups = [`noisy-${tenant % 2}`, `quiet-${tenant}-${i}`]
          const batch = groups.flatMap((groupId, g) => messagesOf(groupId, g === 0 ? 30 : 2)).concat({ body: 'plain' })
          sent.push(...idsOf(await node.sendMessages(key, batch)))
        }
        producing--
      }
      const consume = async (node: Engine, size: number) => {
        for (;;) {
          const done = producing === 0
          const got = await node.receiveMessages(key, {
            maxMessages: size,
            visibilityTimeoutSeconds: 600,
            waitSeconds: 0,
          })
          received.push(...got.map((message) => message.messageId))
          await Promise.all([got.length > 0 ? node.deleteMessages(key, handlesOf(got)) : undefined])
          if (done && got.length === 0) return
        }
      }
      await Promise.all([
        ...[0, 1, 2, 3].map((tenant) => produce(nodes[tenant % 2] as Engine, tenant)),
        ...[10, 1, 25, 10].map((size, i) => consume(nodes[i % 2] as Engine, size)),
      ])
      // One that had looked at a lane while the other held it may have left first.
      await Promise.all(nodes.map((node) => consume(node, 100)))
      expect(received).toHaveLength(sent.length)
      expect(new Set(received)).toEqual(new Set(sent))
      expect(await nodes[1].countMessages(key)).toMatchObject({ visible: 0, inFlight: 0 })
    },
  )

  it('both may find out at once that a level is missing', async () => {
    const key = await newQueue()
    await Promise.all([
      send(key, messagesOf('a', 300)),
      send(key, messagesOf('b', 300), other),
      send(key, messagesOf('a', 300), other),
    ])
    const received = await receiveAll(bundle.engine, key)
    expect(received).toHaveLength(900)
    expect(await levelsOf(key, 'a')).toEqual([16, 256, 328])
  })
})

describe('a fair queue over time', () => {
  it('G11 forgets what its retention has outlived, in every level', async () => {
    const key = await newQueue({ retentionSeconds: 60 })
    await send(key, messagesOf('g', 300))
    await receive(key, 20)
    // In two steps: one that jumps further is not believed.
    await bundle.moveClock(31)
    await receive(key, 1)
    await bundle.moveClock(61)
    try {
      expect(await receive(key, 10)).toEqual([])
      expect(await bundle.engine.countMessages(key)).toMatchObject({ visible: 0, inFlight: 0 })
      await send(key, messagesOf('g', 1))
      expect(await receive(key, 10)).toHaveLength(1)
    } finally {
      await bundle.moveClock(0)
    }
  })

  it('G1 is the same after a restart', async () => {
    const key = await newQueue()
    const first = await bundle.node()
    await send(key, messagesOf('g', 300), first)
    await first.close()
    const restarted = await bundle.node()
    await send(key, messagesOf('quiet', 1), restarted)
    await receive(key, 16, restarted)
    expect(bodiesOf(await receiveAll(restarted, key))).toHaveLength(285)
  })
})
