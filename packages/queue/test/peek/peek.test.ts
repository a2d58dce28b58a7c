import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Engine, NewMessage, PeekedMessage, PeekState, QueueKey } from '../../src/index.ts'
import { type Bundle, handlesOf, idsOf, newKey, setup } from '../helpers/setup.ts'

let bundle: Bundle
let engine: Engine
beforeAll(async () => {
  bundle = await setup()
  engine = bundle.engine
})
afterAll(() => bundle?.close())

async function queueOf(options: Partial<Parameters<Engine['createQueue']>[0]> = {}): Promise<QueueKey> {
  const key = newKey()
  const name = options.fifo === undefined ? key.name : `${key.name}.fifo`
  await engine.createQueue({ ...key, name, ...options })
  return { ...key, name }
}

const send = async (key: QueueKey, ...messages: (string | NewMessage)[]) =>
  idsOf(
    await engine.sendMessages(
      key,
      messages.map((m) => (typeof m === 'string' ? { body: m } : m)),
    ),
  )
const receive = (key: QueueKey, maxMessages: number, visibilityTimeoutSeconds = 300) =>
  engine.receiveMessages(key, { maxMessages, visibilityTimeoutSeconds, waitSeconds: 0 })

/** Every message in a state, over pages of this size. */
async function peekAll(key: QueueKey, state: PeekState, limit = 100): Promise<PeekedMessage[]> {
  const all: PeekedMessage[] = []
  let cursor: string | undefined
  do {
    const { messages, next } = await engine.peekMessages(key, { state, limit, ...(cursor ? { cursor } : {}) })
    expect(messages.length).toBeLessThanOrEqual(limit)
    all.push(...messages)
    cursor = next
  } while (cursor !== undefined)
  return all
}

const bodies = (messages: readonly { body: string }[]) => messages.map(({ body }) => body)
const states = async (key: QueueKey) => ({
  ready: bodies(await peekAll(key, 'ready')).sort(),
  leased: bodies(await peekAll(key, 'leased')).sort(),
  delayed: bodies(await peekAll(key, 'delayed')).sort(),
})

/** A standard queue with a message in every place where one can stand. */
async function everywhere(): Promise<QueueKey> {
  const key = await queueOf()
  await send(key, 'deleted', 'leased', 'released', 'extended')
  const claimed = await receive(key, 4)
  const handle = (body: string) => claimed.find((message) => message.body === body)?.receiptHandle as string
  await engine.deleteMessages(key, [handle('deleted')])
  await engine.changeVisibility(key, [
    { receiptHandle: handle('released'), visibilityTimeoutSeconds: 0 },
    { receiptHandle: handle('extended'), visibilityTimeoutSeconds: 600 },
  ])
  await send(key, 'overdue')
  // Nobody receives any more after this one, so its lease stays a lease that is over.
  await receive(key, 1, 300).then(async (messages) => {
    expect(bodies(messages)).toHaveLength(1)
  })
  await send(key, 'new', { body: 'delayed', delaySeconds: 600 })
  return key
}

describe('messages are found in every state, wherever they stand', () => {
  test('on a standard queue', async () => {
    const key = await everywhere()
    const { ready, leased, delayed } = await states(key)
    const counts = await engine.countMessages(key)
    expect([ready.length, leased.length, delayed.length]).toEqual([counts.visible, counts.inFlight, counts.delayed])
    expect([...ready, ...leased, ...delayed].sort()).toEqual(
      ['delayed', 'extended', 'leased', 'new', 'overdue', 'released'].sort(),
    )
    expect(delayed).toEqual(['delayed'])
    expect(leased).toEqual(expect.arrayContaining(['extended', 'leased']))
  })

  test('a lease that is over is ready, also before anybody has noticed', async () => {
    const key = await queueOf()
    await send(key, 'a', 'b')
    await receive(key, 2, 1)
    expect((await states(key)).leased).toEqual(['a', 'b'])
    await bundle.moveClock(2)
    expect(await states(key)).toEqual({ ready: ['a', 'b'], leased: [], delayed: [] })
    await bundle.moveClock(0)
  })

  test('on a fair queue, in all its levels', async () => {
    const key = await queueOf()
    const messages = Array.from({ length: 300 }, (_, i) => ({ body: `${i}`, groupId: i % 3 === 0 ? 'small' : 'large' }))
    for (const message of messages) await send(key, message)
    const ready = await peekAll(key, 'ready', 7)
    expect(bodies(ready).sort()).toEqual(bodies(messages).sort())
    expect(new Set(ready.map(({ groupId }) => groupId))).toEqual(new Set(['small', 'large']))
  })

  test('on a FIFO queue: in order within a group, whether it is blocked or not', async () => {
    const key = await queueOf({ fifo: { contentBasedDeduplication: true } })
    for (const groupId of ['a', 'b']) await send(key, ...[1, 2, 3].map((n) => ({ body: `${groupId}${n}`, groupId })))
    const [first] = await receive(key, 1)
    expect(first?.body).toBe('a1')
    await send(key, { body: 'c1', groupId: 'c' })
    expect(await states(key)).toEqual({ ready: ['a2', 'a3', 'b1', 'b2', 'b3', 'c1'], leased: ['a1'], delayed: [] })
    const ready = await peekAll(key, 'ready', 2)
    expect(bodies(ready.filter(({ groupId }) => groupId === 'b'))).toEqual(['b1', 'b2', 'b3'])
    const counts = await engine.countMessages(key)
    expect([counts.visible, counts.inFlight]).toEqual([6, 1])
  })

  test('on a FIFO queue with a delay', async () => {
    const key = await queueOf({ fifo: { contentBasedDeduplication: true }, settings: { delaySeconds: 60 } })
    await send(key, { body: 'x', groupId: 'g' })
    const [message] = await peekAll(key, 'delayed')
    expect(message).toMatchObject({
      body: 'x',
      state: 'delayed',
      visibleAt: new Date((message?.sentAtMs ?? 0) + 60_000),
    })
    expect(await states(key)).toEqual({ ready: [], leased: [], delayed: ['x'] })
  })

  test('dead letters keep their id and say where they come from', async () => {
    const dead = await queueOf()
    const key = await queueOf({ deadLetter: { queueName: dead.name, receiveCountMax: 1 } })
    const [id] = await send(key, 'x')
    await receive(key, 1, 0)
    await receive(key, 1)
    expect(await peekAll(dead, 'ready')).toMatchObject([
      { messageId: id, deadLetterSource: key.name, receiveCount: expect.any(Number) },
    ])
    expect(await engine.peekMessage(dead, id as string)).toMatchObject({ body: 'x', deadLetterSource: key.name })
    await expect(engine.peekMessage(key, id as string)).rejects.toMatchObject({ code: 'messageNotFound' })
  })

  test('G10 dead letters of a FIFO queue show the deliveries that they had where they were', async () => {
    const dead = await queueOf({ fifo: { contentBasedDeduplication: true } })
    const deadLetter = { queueName: dead.name, receiveCountMax: 2 }
    const key = await queueOf({ fifo: { contentBasedDeduplication: true }, deadLetter })
    const [id] = await send(key, { body: 'x', groupId: 'g' })
    for (let i = 0; i < 3; i++) await receive(key, 1, 0)
    const shown = { messageId: id, receiveCount: 2, firstReceivedAt: expect.any(Date) }
    expect(await peekAll(dead, 'ready')).toMatchObject([shown])
    expect(await engine.peekMessage(dead, id as string)).toMatchObject(shown)
    await receive(dead, 1)
    expect(await peekAll(dead, 'leased')).toMatchObject([{ ...shown, receiveCount: 3 }])
  })

  test('what outlived its retention is not shown', async () => {
    const key = await queueOf({ settings: { retentionSeconds: 60 } })
    const [id] = await send(key, 'old', { body: 'later', delaySeconds: 30 })
    await bundle.moveClock(40)
    await engine.ping()
    await bundle.moveClock(61)
    await engine.ping()
    await send(key, 'young')
    expect(await states(key)).toEqual({ ready: ['young'], leased: [], delayed: [] })
    await expect(engine.peekMessage(key, id as string)).rejects.toMatchObject({ code: 'messageNotFound' })
    await bundle.moveClock(0)
  })
})

describe('pages', () => {
  test.each([1, 3, 100])('of %d messages add up to all of them, each once', async (limit) => {
    const key = await queueOf()
    await send(key, ...Array.from({ length: 25 }, (_, i) => `${i}`))
    const claimed = await receive(key, 10)
    await engine.changeVisibility(
      key,
      handlesOf(claimed.slice(0, 5)).map((receiptHandle) => ({ receiptHandle, visibilityTimeoutSeconds: 0 })),
    )
    await send(key, ...Array.from({ length: 7 }, (_, i) => ({ body: `d${i}`, delaySeconds: 60 })))
    for (const [state, count] of [
      ['ready', 20],
      ['leased', 5],
      ['delayed', 7],
    ] as const) {
      const ids = (await peekAll(key, state, limit)).map(({ messageId }) => messageId)
      expect([state, ids.length, new Set(ids).size]).toEqual([state, count, count])
    }
  })

  test('a few leased messages among thousands that are delayed are found', async () => {
    const key = await queueOf()
    for (let batch = 0; batch < 3; batch++) {
      await send(key, ...Array.from({ length: 1_000 }, (_, i) => ({ body: `${batch}-${i}`, delaySeconds: 600 })))
    }
    await send(key, { body: 'soon', delaySeconds: 1 })
    await bundle.moveClock(2)
    const [soon] = await receive(key, 1, 43_200)
    expect(soon?.body).toBe('soon')
    expect(bodies(await peekAll(key, 'leased', 10))).toEqual(['soon'])
    expect(await peekAll(key, 'delayed')).toHaveLength(3_000)
    await bundle.moveClock(0)
  })

  test('groups by the hundred are gone through', async () => {
    const key = await queueOf({ fifo: { contentBasedDeduplication: true } })
    await send(
      key,
      ...Array.from({ length: 450 }, (_, i) => ({ body: `${i}`, groupId: `g${String(i).padStart(3, '0')}` })),
    )
    const claimed = await receive(key, 450)
    await engine.deleteMessages(key, handlesOf(claimed.slice(0, 449)))
    expect(await peekAll(key, 'leased', 5)).toHaveLength(1)
    expect(await peekAll(key, 'ready', 50)).toHaveLength(0)
  })

  test('a cursor of before a purge is at the end, one that is none is refused, as are limits out of range', async () => {
    const key = await queueOf()
    await send(key, 'a', 'b')
    const { next } = await engine.peekMessages(key, { state: 'ready', limit: 1 })
    await engine.purgeQueue(key)
    await send(key, 'c')
    expect(await engine.peekMessages(key, { state: 'ready', limit: 1, cursor: next as string })).toEqual({
      messages: [],
      next: undefined,
    })
    for (const cursor of ['x', '', Buffer.from('[1]').toString('base64url'), Buffer.from('{}').toString('base64url')]) {
      await expect(engine.peekMessages(key, { state: 'ready', limit: 1, cursor })).rejects.toMatchObject({
        code: 'invalidArgument',
        details: { field: 'cursor' },
      })
    }
    for (const limit of [0, 101, 1.5]) {
      await expect(engine.peekMessages(key, { state: 'ready', limit })).rejects.toMatchObject({
        code: 'invalidArgument',
      })
    }
    await expect(engine.peekMessages(newKey(), { state: 'ready', limit: 1 })).rejects.toMatchObject({
      code: 'queueNotFound',
    })
  })
})

describe('a message', () => {
  test('is shown whole, in every state', async () => {
    const key = await queueOf()
    const attributes = { a: { type: 'binary', value: 'AAE=' } } as const
    const long = '\u{1f600}'.repeat(5_000)
    const [id = ''] = await send(key, { body: long, attributes, groupId: 'g', traceHeader: 'Root=1' })
    const [listed] = await peekAll(key, 'ready')
    expect(listed).toMatchObject({ isBodyCut: true, bodyBytes: 20_000 })
    expect([...(listed?.body ?? '')]).toHaveLength(4_096)
    const expected = { messageId: id, body: long, isBodyCut: false, attributes, groupId: 'g', traceHeader: 'Root=1' }
    expect(await engine.peekMessage(key, id)).toMatchObject({ ...expected, state: 'ready', receiveCount: 0 })
    const [message] = await receive(key, 1)
    expect(await engine.peekMessage(key, id)).toMatchObject({
      ...expected,
      state: 'leased',
      receiveCount: 1,
      visibleAt: expect.any(Date),
      firstReceivedAt: new Date(message?.firstReceivedAtMs ?? 0),
    })
    await engine.deleteMessages(key, [message?.receiptHandle as string])
    await expect(engine.peekMessage(key, id)).rejects.toMatchObject({ code: 'messageNotFound' })
  })

  test('of a FIFO queue shows its group, ids and state', async () => {
    const key = await queueOf({ fifo: {} })
    const [a = '', b = ''] = await send(
      key,
      { body: '1', groupId: 'g', deduplicationId: 'd1' },
      { body: '2', groupId: 'g', deduplicationId: 'd2' },
    )
    expect(await engine.peekMessage(key, b)).toMatchObject({
      state: 'ready',
      groupId: 'g',
      fifo: { deduplicationId: 'd2' },
    })
    const [first] = await receive(key, 1)
    expect(await engine.peekMessage(key, a)).toMatchObject({ state: 'leased', receiveCount: 1 })
    expect(await engine.peekMessage(key, b)).toMatchObject({ state: 'ready', receiveCount: 0 })
    await engine.deleteMessages(key, [first?.receiptHandle as string])
    await expect(engine.peekMessage(key, a)).rejects.toMatchObject({ code: 'messageNotFound' })
  })

  test.each(['', 'x', '019e6f3a-5d00-4000-8000-000000000002', '019e6f3a-5d00-7000-8000-00000000ffff'])(
    '%p is no id of this queue',
    async (id) => {
      const key = await queueOf()
      await expect(engine.peekMessage(key, id)).rejects.toMatchObject({ code: 'messageNotFound' })
    },
  )
})

describe('looking changes nothing', () => {
  test('neither counts nor receive counts nor the order of a FIFO queue', async () => {
    const key = await queueOf({ fifo: { contentBasedDeduplication: true } })
    const sent = Array.from({ length: 20 }, (_, i) => ({ body: `${i}`, groupId: `${i % 2}` }))
    const ids = await send(key, ...sent)
    const before = await engine.countMessages(key)
    await states(key)
    for (const id of ids) await engine.peekMessage(key, id)
    const after = await engine.countMessages(key)
    expect({ ...after, oldestMessageAgeSeconds: 0 }).toEqual({ ...before, oldestMessageAgeSeconds: 0 })
    const received = await receive(key, 20)
    expect(received.every(({ receiveCount }) => receiveCount === 1)).toBe(true)
    for (const group of ['0', '1']) {
      const inOrder = bodies(sent.filter(({ groupId }) => groupId === group))
      expect(bodies(received.filter(({ fifo }) => fifo?.groupId === group))).toEqual(inOrder)
    }
  })

  test('not the time of a lease, nor does it stand in the way of receives', async () => {
    const key = await queueOf()
    const ids = await send(key, ...Array.from({ length: 50 }, (_, i) => `${i}`))
    const lease = await receive(key, 1)
    const [id = ''] = ids
    const seen = await engine.peekMessage(key, lease[0]?.messageId ?? id)
    const [received] = await Promise.all([
      receive(key, 100),
      ...Array.from({ length: 20 }, () => engine.peekMessages(key, { state: 'ready', limit: 100 })),
      ...Array.from({ length: 20 }, () => engine.peekMessages(key, { state: 'leased', limit: 100 })),
    ])
    expect(received).toHaveLength(49)
    expect(await engine.peekMessage(key, seen.messageId)).toEqual(seen)
  })
})
