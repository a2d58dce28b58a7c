import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Engine, QueueKey, WakeCause } from '../src/index.ts'
import { type Bundle, bodiesOf, handlesOf, newKey, setup, until } from './helpers/setup.ts'

let bundle: Bundle
/** Another node on the same database. */
let other: Engine
const causes: WakeCause[] = []
const statements: string[] = []
const served: { cause: WakeCause; seconds: number }[] = []
beforeAll(async () => {
  bundle = await setup({
    observer: {
      wakeUp: (cause) => causes.push(cause),
      batchExecuted: (operation) => statements.push(operation),
      wokenReceive: (cause, seconds) => served.push({ cause, seconds }),
    },
  })
  other = await bundle.node({ observer: {} })
})
afterAll(() => bundle.close())

async function newQueue(settings = {}): Promise<QueueKey> {
  const key = newKey()
  await bundle.engine.createQueue({ ...key, settings })
  return key
}

/** A receive that waits, once it really waits. */
async function waitingReceive(
  key: QueueKey,
  request: { waitSeconds?: number; maxMessages?: number; signal?: AbortSignal } = {},
) {
  const before = bundle.engine.snapshot().waiters
  const received = bundle.engine.receiveMessages(key, { maxMessages: 1, waitSeconds: 20, ...request })
  received.catch(() => undefined)
  await until(() => bundle.engine.snapshot().waiters > before)
  return { received }
}

/** One on a queue that nobody else waits on, once it has found nothing there. */
async function disappointedReceive(key: QueueKey, request: Parameters<typeof waitingReceive>[1] = {}) {
  const claims = statements.length
  const { received } = await waitingReceive(key, request)
  await until(() => statements.length > claims)
  return { received }
}

/** How long the promise took to settle, in milliseconds. */
async function timed<T>(promise: Promise<T>): Promise<[T, number]> {
  const startedAtMs = performance.now()
  return [await promise, performance.now() - startedAtMs]
}

describe('a waiting receive', () => {
  it('G27 is answered when a message is sent on this node', async () => {
    const key = await newQueue()
    const { received } = await waitingReceive(key)
    await bundle.engine.sendMessages(key, [{ body: 'a' }])
    const [messages, tookMs] = await timed(received)
    expect(bodiesOf(messages)).toEqual(['a'])
    expect(tookMs).toBeLessThan(1_000)
  })

  it('is measured from the wake-up to its answer, and a receive that need not wait is not', async () => {
    const key = await newQueue()
    const { received } = await disappointedReceive(key)
    served.length = 0
    await bundle.engine.sendMessages(key, [{ body: 'a' }])
    await received
    expect(served).toEqual([{ cause: 'send', seconds: expect.any(Number) }])
    expect(served[0]?.seconds).toBeGreaterThan(0)
    expect(served[0]?.seconds).toBeLessThan(1)
    await bundle.engine.sendMessages(key, [{ body: 'b' }])
    await bundle.engine.receiveMessages(key, { maxMessages: 1, waitSeconds: 20 })
    expect(served).toHaveLength(1)
  })

  it('G27 is answered when a message is sent on another node', async () => {
    const key = await newQueue()
    const { received } = await waitingReceive(key)
    await other.sendMessages(key, [{ body: 'a' }])
    expect(bodiesOf(await received)).toEqual(['a'])
    expect(causes).toContain('notice')
  })

  it('G27 is answered when a lease is released, here or on another node', async () => {
    for (const node of [bundle.engine, other]) {
      const key = await newQueue()
      await node.sendMessages(key, [{ body: 'a' }])
      const [leased] = await node.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 600 })
      const { received } = await waitingReceive(key)
      await node.changeVisibility(key, [
        { receiptHandle: leased?.receiptHandle as string, visibilityTimeoutSeconds: 0 },
      ])
      expect((await received)[0]).toMatchObject({ body: 'a', receiveCount: 2 })
    }
  })

  it('G4 G6 G27 is answered when a lease runs out, whoever holds it', async () => {
    for (const node of [bundle.engine, other]) {
      const key = await newQueue()
      await node.sendMessages(key, [{ body: 'a' }])
      await node.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 1 })
      const [messages, tookMs] = await timed(bundle.engine.receiveMessages(key, { maxMessages: 1, waitSeconds: 20 }))
      expect(messages[0]).toMatchObject({ body: 'a', receiveCount: 2 })
      expect(tookMs).toBeLessThan(3_000)
    }
  })

  it('G4 G7 G27 is answered when a delay is over, whoever sent the message', async () => {
    for (const node of [bundle.engine, other]) {
      const key = await newQueue()
      const { received } = await waitingReceive(key)
      const sentAtMs = performance.now()
      await node.sendMessages(key, [{ body: 'later', delaySeconds: 1 }])
      expect(bodiesOf(await received)).toEqual(['later'])
      expect(performance.now() - sentAtMs).toBeGreaterThan(950)
      expect(performance.now() - sentAtMs).toBeLessThan(3_000)
    }
  })

  it('G27 is answered within the safety tick when every notice is lost', async () => {
    const key = await newQueue()
    const { received } = await disappointedReceive(key)
    await sendQuietly(key)
    const [messages, tookMs] = await timed(received)
    expect(bodiesOf(messages)).toEqual(['quiet'])
    expect(tookMs).toBeLessThan(4_000)
    expect(causes).toContain('tick')
  })

  it('G25 finds what a lost notice told, though others wait and its own wait is short', async () => {
    const key = await newQueue()
    await disappointedReceive(key)
    await sendQuietly(key)
    expect(bodiesOf(await bundle.engine.receiveMessages(key, { maxMessages: 1, waitSeconds: 1 }))).toEqual(['quiet'])
  })

  it('G25 is not told "empty" because those before it had all that fits into one claim', async () => {
    const key = await newQueue()
    const body = 'x'.repeat(1_048_576)
    for (let i = 0; i < 20; i++) await bundle.engine.sendMessages(key, [{ body }])
    const receives = [1, 2, 3].map(() => bundle.engine.receiveMessages(key, { maxMessages: 10, waitSeconds: 20 }))
    served.length = 0
    const counts = await Promise.all(receives.map(async (received) => (await received).length))
    expect(counts.toSorted()).toEqual([4, 8, 8])
    // Nobody was sent to wait for the safety tick, which may come at any time.
    expect(served).toEqual([])
  })

  it('is looked after in the tick of the send, which then wakes nobody else', async () => {
    const key = await newQueue()
    const controller = new AbortController()
    const first = await disappointedReceive(key)
    const second = await waitingReceive(key, { signal: controller.signal })
    const before = statements.length
    await bundle.engine.sendMessages(key, [{ body: 'a' }])
    expect(bodiesOf(await first.received)).toEqual(['a'])
    await bundle.engine.deleteMessages(key, handlesOf(await first.received))
    expect(statements.slice(before)).toEqual(['send', 'claim', 'delete'])
    controller.abort()
    expect(await second.received).toEqual([])
  })

  it('is answered empty at the end of its wait', async () => {
    const key = await newQueue({ receiveWaitSeconds: 1 })
    const [messages, tookMs] = await timed(bundle.engine.receiveMessages(key, { maxMessages: 1 }))
    expect(messages).toEqual([])
    expect(tookMs).toBeGreaterThan(950)
    const [, atOnceMs] = await timed(bundle.engine.receiveMessages(key, { maxMessages: 1, waitSeconds: 0 }))
    expect(atOnceMs).toBeLessThan(900)
  })

  it('does not wait to be filled', async () => {
    const key = await newQueue()
    const { received } = await waitingReceive(key, { maxMessages: 10 })
    await bundle.engine.sendMessages(key, [{ body: 'a' }, { body: 'b' }])
    expect(bodiesOf(await received)).toEqual(['a', 'b'])
  })

  it('is served in the order of arrival', async () => {
    const key = await newQueue()
    const first = await waitingReceive(key)
    const second = await waitingReceive(key)
    await bundle.engine.sendMessages(key, [{ body: 'a' }])
    expect(bodiesOf(await first.received)).toEqual(['a'])
    await bundle.engine.sendMessages(key, [{ body: 'b' }])
    expect(bodiesOf(await second.received)).toEqual(['b'])
  })

  it('is told when its queue is deleted, here or on another node', async () => {
    for (const node of [bundle.engine, other]) {
      const key = await newQueue()
      const { received } = await waitingReceive(key)
      await node.deleteQueue(key)
      await expect(received).rejects.toMatchObject({ code: 'queueNotFound' })
    }
  })

  it('takes no message once its caller has gone', async () => {
    const key = await newQueue()
    const controller = new AbortController()
    const { received } = await waitingReceive(key, { signal: controller.signal })
    controller.abort()
    expect(await received).toEqual([])
    await bundle.engine.sendMessages(key, [{ body: 'a' }])
    expect(await bundle.engine.countMessages(key)).toMatchObject({ visible: 1, inFlight: 0 })
    const [message] = await bundle.engine.receiveMessages(key, { maxMessages: 1 })
    expect(message?.receiveCount).toBe(1)
  })

  it('G29 gives back what was claimed for a caller who left during the claim', async () => {
    const key = await newQueue()
    await bundle.engine.sendMessages(key, [{ body: 'a' }])
    const controller = new AbortController()
    const received = bundle.engine.receiveMessages(key, {
      maxMessages: 1,
      visibilityTimeoutSeconds: 600,
      signal: controller.signal,
    })
    // The claim is on its way as soon as the event loop has turned.
    setImmediate(() => setImmediate(() => controller.abort()))
    const messages = await received
    if (messages.length === 0) {
      expect(bodiesOf(await bundle.engine.receiveMessages(key, { maxMessages: 1, waitSeconds: 5 }))).toEqual(['a'])
    } else {
      expect(bodiesOf(messages)).toEqual(['a'])
    }
  })

  it("keeps its timeout apart from its neighbours'", async () => {
    const key = await newQueue()
    const short = bundle.engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 1, waitSeconds: 10 })
    const long = bundle.engine.receiveMessages(key, { maxMessages: 1, visibilityTimeoutSeconds: 600, waitSeconds: 10 })
    await bundle.engine.sendMessages(key, [{ body: 'a' }, { body: 'b' }])
    const [[a], [b]] = await Promise.all([short, long])
    const again = await bundle.engine.receiveMessages(key, { maxMessages: 10, waitSeconds: 10 })
    expect(bodiesOf(again)).toEqual([a?.body])
    expect(b?.body).not.toBe(a?.body)
  })
})

describe('ten thousand waiting receives', () => {
  it('cost the database nothing, and one message wakes one of them', async () => {
    const key = await newQueue()
    const controller = new AbortController()
    const first = await waitingReceive(key, { waitSeconds: 20, signal: controller.signal })
    const before = statements.length
    const rest = Array.from({ length: 9_999 }, () =>
      bundle.engine.receiveMessages(key, { maxMessages: 10, waitSeconds: 20, signal: controller.signal }),
    )
    await until(() => bundle.engine.snapshot().waiters >= 10_000)
    expect(statements.length - before).toBeLessThan(30)
    await bundle.engine.sendMessages(key, [{ body: 'one' }])
    expect(bodiesOf(await first.received)).toEqual(['one'])
    expect(await bundle.engine.countMessages(key)).toMatchObject({ visible: 0, inFlight: 1 })
    controller.abort()
    expect((await Promise.all(rest)).flat()).toEqual([])
    expect(statements.length - before).toBeLessThan(60)
  })
})

describe('drain', () => {
  it('G29 answers who waits at once, and lets nobody wait any more', async () => {
    const node = await bundle.node()
    const key = await newQueue()
    const received = node.receiveMessages(key, { maxMessages: 1, waitSeconds: 20 })
    await until(() => node.snapshot().waiters === 1)
    node.drain()
    const [messages, tookMs] = await timed(received)
    expect(messages).toEqual([])
    expect(tookMs).toBeLessThan(1_000)
    const [, laterMs] = await timed(node.receiveMessages(key, { maxMessages: 1, waitSeconds: 20 }))
    expect(laterMs).toBeLessThan(1_000)
    await bundle.engine.sendMessages(key, [{ body: 'a' }])
    const late = await node.receiveMessages(key, { maxMessages: 1 })
    expect(await node.deleteMessages(key, handlesOf(late))).toEqual([null])
  })
})

/** A message that no node knows of: written behind their backs. */
async function sendQuietly(key: QueueKey): Promise<void> {
  await bundle.sql.query(
    `SELECT stanchion.send_v1(l.bucket, ARRAY[l.lane_id], ARRAY[l.version], ARRAY[1], ARRAY[1], ARRAY['quiet'],
       ARRAY[NULL]::text[], ARRAY[0], 'infinity')
     FROM stanchion.lane l JOIN stanchion.queue q USING (queue_id) WHERE q.name = $1 AND l.kind = 2`,
    [key.name],
  )
}
