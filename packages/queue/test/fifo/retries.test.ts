import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Engine, QueueKey, ReceivedMessage, ReceiveRequest } from '../../src/index.ts'
import { newFifo, sendTo } from '../helpers/fifo-queue.ts'
import { type Bundle, bodiesOf, handlesOf, newKey, SQS_CEILINGS, setup, until } from '../helpers/setup.ts'

let bundle: Bundle
let engine: Engine
let other: Engine
beforeAll(async () => {
  bundle = await setup()
  engine = bundle.engine
  other = await bundle.node()
})
afterEach(() => bundle.moveClock(0))
afterAll(() => bundle.close())

const receive = (key: QueueKey, attemptId: string | undefined, request: Partial<ReceiveRequest> = {}, node = engine) =>
  node.receiveMessages(key, {
    maxMessages: 10,
    waitSeconds: 0,
    ...(attemptId === undefined ? {} : { attemptId }),
    ...request,
  })

const attemptRows = async (): Promise<number> =>
  (await bundle.sql.query('SELECT count(*)::integer AS rows FROM stanchion.fifo_attempt')).rows[0].rows

/** A queue with two groups, of which an attempt got the first three messages. */
async function received(request: Partial<ReceiveRequest> = {}): Promise<{ key: QueueKey; first: ReceivedMessage[] }> {
  const key = await newFifo(engine)
  await sendTo(engine, key, ['a', 'a1'], ['a', 'a2'], ['b', 'b1'], ['b', 'b2'])
  const first = await receive(key, 'attempt', { maxMessages: 3, ...request })
  expect(bodiesOf(first)).toEqual(['a1', 'a2', 'b1'])
  return { key, first }
}

describe('G17 a receive with the same attempt id', () => {
  it('answers the same messages with the same handles, uncounted, on another node too', async () => {
    const { key, first } = await received()
    expect(await receive(key, 'attempt')).toEqual(first)
    expect(await receive(key, 'attempt', {}, other)).toEqual(first)
    expect(await other.countMessages(key)).toMatchObject({ inFlight: 3, visible: 1 })
    expect(await other.deleteMessages(key, handlesOf(first))).toEqual([null, null, null])
    expect(await receive(key, undefined)).toMatchObject([{ body: 'b2', receiveCount: 1 }])
  })

  it('restarts their visibility timeout', async () => {
    const { key, first } = await received({ visibilityTimeoutSeconds: 30 })
    await bundle.moveClock(20)
    expect(await receive(key, 'attempt', { visibilityTimeoutSeconds: 60 })).toEqual(first)
    await bundle.moveClock(70)
    expect(await receive(key, undefined)).toEqual([])
    expect(await receive(key, 'attempt')).toEqual(first)
    await bundle.moveClock(130)
    expect((await receive(key, undefined)).map(({ receiveCount }) => receiveCount)).toEqual([2, 2, 2, 1])
  })

  it('keeps a delivery within the time that one may take in all, here 12 hours', async () => {
    const strict = await bundle.node({ ceilings: SQS_CEILINGS })
    const { key, first } = await received()
    await bundle.moveClock(20)
    expect(await receive(key, 'attempt', { visibilityTimeoutSeconds: 43_200 }, strict)).toEqual(first)
    await bundle.moveClock(43_190)
    expect(await receive(key, undefined)).toEqual([])
    await bundle.moveClock(43_201)
    expect(await receive(key, undefined)).toHaveLength(4)
  })

  it('answers before a waiting receive on the same empty queue', async () => {
    const { key, first } = await received()
    const leaves = new AbortController()
    const waiting = receive(key, undefined, { waitSeconds: 20, signal: leaves.signal })
    await until(() => engine.snapshot().waiters === 1)
    const startedAtMs = performance.now()
    expect(await receive(key, 'attempt', { waitSeconds: 20 })).toEqual(first)
    // With a timeout of its own it asks in a statement of its own.
    const timeout = { waitSeconds: 20, visibilityTimeoutSeconds: 7 }
    expect(await receive(key, 'attempt', timeout)).toEqual(first)
    expect(performance.now() - startedAtMs).toBeLessThan(5_000)
    leaves.abort()
    expect(await waiting).toEqual([])
  })

  it('gives the same to repetitions that arrive while the first is under way', async () => {
    const key = await newFifo(engine)
    await sendTo(engine, key, ['a', 'a1'])
    const lock = await lockHead(key)
    const attempts = [30, 30, 31].map((visibilityTimeoutSeconds) =>
      receive(key, 'attempt', { waitSeconds: 20, visibilityTimeoutSeconds }),
    )
    await until(() => isWaiting())
    await lock.release()
    const [first] = await Promise.all(attempts)
    expect(first).toMatchObject([{ body: 'a1', receiveCount: 1 }])
    for (const attempt of attempts) expect(await attempt).toEqual(first)
  })

  it('gets what was claimed for a caller who left in the meantime', async () => {
    const key = await newFifo(engine)
    await sendTo(engine, key, ['a', 'a1'])
    const leaves = new AbortController()
    const lock = await lockHead(key)
    const lost = receive(key, 'attempt', { signal: leaves.signal })
    await until(() => isWaiting())
    leaves.abort()
    expect(await lost).toEqual([])
    await lock.release()
    await until(async () => (await attemptRows()) > 0 && (await engine.countMessages(key)).inFlight === 1)
    expect(await receive(key, 'attempt')).toMatchObject([{ body: 'a1', receiveCount: 1 }])
  })

  it('is a receive of its own after a message was deleted', async () => {
    const { key, first } = await received()
    await engine.deleteMessages(key, handlesOf(first).slice(0, 1))
    expect(await receive(key, 'attempt')).toEqual([])
    await engine.deleteMessages(key, handlesOf(first))
    expect(bodiesOf(await receive(key, 'attempt'))).toEqual(['b2'])
    expect(bodiesOf(await receive(key, 'attempt'))).toEqual(['b2'])
  })

  it('is a receive of its own after a message was changed, were it to the same timeout', async () => {
    const { key, first } = await received({ visibilityTimeoutSeconds: 30 })
    const receiptHandle = first[2]?.receiptHandle as string
    await engine.changeVisibility(key, [{ receiptHandle, visibilityTimeoutSeconds: 30 }])
    expect(await receive(key, 'attempt')).toEqual([])
  })

  it('is a receive of its own after the timeout, and after the messages were leased again', async () => {
    const { key, first } = await received({ visibilityTimeoutSeconds: 10 })
    await bundle.moveClock(11)
    const again = await receive(key, undefined)
    expect(bodiesOf(again)).toEqual(['a1', 'a2', 'b1', 'b2'])
    expect(await receive(key, 'attempt')).toEqual([])
    expect((await engine.deleteMessages(key, handlesOf(first)))[0]).toMatchObject({ code: 'handleExpired' })
    await bundle.moveClock(60)
    const counts = (await receive(key, 'attempt')).map(({ receiveCount }) => receiveCount)
    expect(counts).toEqual([3, 3, 3, 2])
  })

  it('is a receive of its own five minutes after the first, however often it was repeated', async () => {
    const { key, first } = await received({ visibilityTimeoutSeconds: 3_600 })
    await bundle.moveClock(298)
    expect(await receive(key, 'attempt', { visibilityTimeoutSeconds: 3_600 })).toEqual(first)
    await bundle.moveClock(301)
    expect(bodiesOf(await receive(key, 'attempt'))).toEqual([])
  })

  it('is a receive of its own when it wants fewer messages than the first got', async () => {
    const { key, first } = await received()
    expect(await receive(key, 'attempt', { maxMessages: 2 })).toEqual([])
    expect(await receive(key, 'attempt', { maxMessages: 3 })).toEqual(first)
  })

  it('is a receive of its own after a purge, and in another queue', async () => {
    const { key } = await received()
    await engine.purgeQueue(key)
    await sendTo(engine, key, ['a', 'new'])
    expect(bodiesOf(await receive(key, 'attempt'))).toEqual(['new'])
    const another = await newFifo(engine)
    expect(await receive(another, 'attempt')).toEqual([])
  })

  it('answers messages that outlived their retention no more (G11)', async () => {
    const key = await newFifo(engine, {}, { retentionSeconds: 60 })
    await sendTo(engine, key, ['a', 'a1'])
    expect(await receive(key, 'attempt', { visibilityTimeoutSeconds: 200 })).toHaveLength(1)
    await bundle.moveClock(59)
    expect(await receive(key, 'attempt', { visibilityTimeoutSeconds: 200 })).toHaveLength(1)
    // Less than the jump of the clock that would stop removals.
    await bundle.moveClock(61)
    expect(await receive(key, 'attempt')).toEqual([])
  })
})

describe('G17 the memory of attempts', () => {
  it('survives a restart', async () => {
    const restarted = await setup()
    try {
      const key = await newFifo(restarted.engine)
      await sendTo(restarted.engine, key, ['a', 'a1'], ['a', 'a2'])
      const first = await receive(key, 'attempt', {}, restarted.engine)
      await restarted.engine.close()
      const node = await restarted.node()
      expect(await receive(key, 'attempt', {}, node)).toEqual(first)
      expect(await node.deleteMessages(key, handlesOf(first))).toEqual([null, null])
    } finally {
      await restarted.close()
    }
  })

  it('is tidied after its time, and with the lane of a purged or deleted queue', async () => {
    await bundle.sql.query('DELETE FROM stanchion.fifo_attempt')
    const { key } = await received()
    const tidy = () =>
      bundle.sql.query("SELECT stanchion.tidy_fifo_lanes_v2(b, 0, 200, 100, 'infinity') FROM generate_series(0, 3) b")
    await tidy()
    expect(await attemptRows()).toBe(1)
    await bundle.moveClock(601)
    await tidy()
    expect(await attemptRows()).toBe(0)
    await bundle.moveClock(0)
    await engine.purgeQueue(key)
    await sendTo(engine, key, ['a', 'a1'])
    await receive(key, 'attempt')
    expect(await attemptRows()).toBe(1)
    await engine.deleteQueue(key)
    let removed = 1
    while (removed > 0) {
      const { rows } = await bundle.sql.query(
        'SELECT coalesce(sum(stanchion.clear_dead_lane_v3(bucket, lane_id, 100)), 0)::integer AS removed FROM stanchion.dead_lane',
      )
      removed = rows[0].removed
    }
    expect(await attemptRows()).toBe(0)
    expect((await bundle.sql.query('SELECT FROM stanchion.dead_lane')).rowCount).toBe(0)
  })
})

describe('G10 a caller who left before the claim', () => {
  it('costs its messages no delivery', async () => {
    // Four buckets: the fifth queue shares the first one's, and so its statements.
    const keys: QueueKey[] = []
    for (let i = 0; i < 5; i++) keys.push(await newFifo(engine))
    const [busy, key] = [keys[0], keys[4]] as [QueueKey, QueueKey]
    await sendTo(engine, key, ['a', 'a1'])
    const lock = await lockHead(busy)
    const waiting = receive(busy, undefined)
    await until(() => isWaiting())
    const leaves = new AbortController()
    const left = receive(key, undefined, { signal: leaves.signal })
    await until(() => engine.snapshot().entriesWaiting === 1)
    leaves.abort()
    expect(await left).toEqual([])
    await lock.release()
    expect(await waiting).toEqual([])
    expect(await receive(key, undefined)).toMatchObject([{ body: 'a1', receiveCount: 1 }])
  })
})

describe('an attempt id', () => {
  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(129)],
    ['with a space', 'a b'],
    ['not ASCII', 'ä'],
  ])('that is %s is refused, and nothing is received', async (_what, attemptId) => {
    const key = await newFifo(engine)
    await sendTo(engine, key, ['a', 'a1'])
    await expect(receive(key, attemptId)).rejects.toMatchObject({
      code: 'invalidArgument',
      details: { field: 'attemptId' },
    })
    expect(await receive(key, 'x'.repeat(128))).toMatchObject([{ receiveCount: 1 }])
  })

  it('is refused on a standard queue, where it would promise what is not done', async () => {
    const key = newKey()
    await engine.createQueue(key)
    await engine.sendMessages(key, [{ body: '1' }])
    await expect(receive(key, 'a')).rejects.toMatchObject({
      code: 'invalidArgument',
      details: { field: 'attemptId' },
    })
    expect(await receive(key, undefined)).toMatchObject([{ receiveCount: 1 }])
  })
})

/** Holds the head lock of a queue's lane until it is released. */
async function lockHead(key: QueueKey): Promise<{ release(): Promise<void> }> {
  await bundle.sql.query('BEGIN')
  await bundle.sql.query(
    `SELECT FROM stanchion.lane l JOIN stanchion.queue q ON q.queue_id = l.queue_id
     WHERE q.name = $1 AND l.kind = 2 FOR UPDATE OF l`,
    [key.name],
  )
  return { release: async () => void (await bundle.sql.query('COMMIT')) }
}

/** Whether a statement waits for a lock. */
async function isWaiting(): Promise<boolean> {
  const { rowCount } = await bundle.sql.query('SELECT FROM pg_locks WHERE NOT granted')
  return (rowCount ?? 0) > 0
}
