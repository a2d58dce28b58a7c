import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Consumer, createClient, type Message, type Queue } from '../src/index.ts'
import { type Setup, setup } from './helpers/setup.ts'
import { startConsumer } from './helpers/start-consumer.ts'
import { until } from './helpers/until.ts'

let t: Setup

beforeAll(async () => {
  t = await setup()
})

afterAll(() => t.server.stop())

const bodies = (count: number) => Array.from({ length: count }, (_, i) => ({ body: String(i) }))

async function isEmpty(queue: Queue): Promise<boolean> {
  const { visible, inFlight, delayed } = await queue.counts()
  return visible + inFlight + delayed === 0
}

/** The queue as a client sees it that notes the paths it asks. */
function spiedOn(queue: Queue): { queue: Queue; calls: { path: string; body: string }[] } {
  const calls: { path: string; body: string }[] = []
  const fetch: typeof globalThis.fetch = (url, init) => {
    calls.push({
      path: new URL(String(url)).pathname.replace(`/v1/queues/${queue.name}`, ''),
      body: String(init?.body),
    })
    return globalThis.fetch(url, init)
  }
  return { queue: createClient({ baseUrl: t.server.url, fetch }).queue(queue.name), calls }
}

describe('a consumer', () => {
  it('hands every message to the handler and deletes it', async () => {
    const queue = await t.createQueue()
    const handled: string[] = []
    const { errors } = startConsumer(queue, { handle: ({ body }) => void handled.push(body) })
    await queue.sendBatch(bodies(50))
    await until(() => isEmpty(queue))
    expect(handled.sort()).toEqual(
      bodies(50)
        .map(({ body }) => body)
        .sort(),
    )
    expect(errors).toEqual([])
  })

  it('has as many messages in hand as it may, and no more', async () => {
    const queue = await t.createQueue()
    const gate = Promise.withResolvers<void>()
    let running = 0
    await queue.sendBatch(bodies(7))
    const handle = async () => {
      running += 1
      await gate.promise
    }
    startConsumer(queue, { handle, concurrency: 3 })
    await until(() => running === 3)
    expect(await queue.counts()).toMatchObject({ visible: 4, inFlight: 3 })
    gate.resolve()
    await until(() => isEmpty(queue))
    expect(running).toBe(7)
  })

  it('releases a message whose handler throws, and handles it again', async () => {
    const queue = await t.createQueue()
    const receiveCounts: number[] = []
    const handle = ({ receiveCount }: Message) => {
      receiveCounts.push(receiveCount)
      if (receiveCount < 3) throw new Error('not yet')
    }
    // Of a minute, so that only a release brings it back.
    const { errors } = startConsumer(queue, { handle, visibilityTimeoutSeconds: 60 })
    await queue.send({ body: 'x' })
    await until(() => isEmpty(queue))
    expect(receiveCounts).toEqual([1, 2, 3])
    expect(errors).toMatchObject(
      Array(2).fill({ during: 'handle', messages: [{ body: 'x' }], error: Error('not yet') }),
    )
  })

  it('keeps a failed message away as long as it is told to', async () => {
    const queue = await t.createQueue()
    const times: number[] = []
    const handle = async ({ receiveCount }: Message) => {
      times.push(performance.now())
      if (receiveCount === 1) throw new Error('not yet')
    }
    startConsumer(queue, {
      handle,
      retryDelaySeconds: ({ receiveCount }) => receiveCount,
      visibilityTimeoutSeconds: 60,
    })
    await queue.send({ body: 'x' })
    await until(() => isEmpty(queue))
    expect(Number(times[1]) - Number(times[0])).toBeGreaterThanOrEqual(990)
  })

  it('releases at once when the function for the delay fails itself', async () => {
    const queue = await t.createQueue()
    const handle = ({ receiveCount }: Message) => {
      if (receiveCount === 1) throw new Error('not yet')
    }
    const { errors } = startConsumer(queue, {
      handle,
      retryDelaySeconds: () => Number.NaN,
      visibilityTimeoutSeconds: 60,
    })
    await queue.send({ body: 'x' })
    await until(() => isEmpty(queue))
    expect(errors.map(({ during }) => during)).toEqual(['handle', 'release'])
  })

  it('keeps the lease of a handler that takes several times the visibility timeout', async () => {
    const queue = await t.createQueue()
    const receiveCounts: number[] = []
    const gate = Promise.withResolvers<void>()
    const handle = async ({ receiveCount }: Message) => {
      receiveCounts.push(receiveCount)
      await gate.promise
    }
    const spy = spiedOn(queue)
    const { errors } = startConsumer(spy.queue, { handle, visibilityTimeoutSeconds: 2 })
    await queue.send({ body: 'slow' })
    const extensions = () => spy.calls.filter(({ path }) => path === '/leases/extend').length
    // Each comes half a second after the one before at the earliest.
    await until(() => extensions() >= 9)
    expect(await queue.counts()).toMatchObject({ visible: 0, inFlight: 1 })
    gate.resolve()
    await until(() => isEmpty(queue))
    expect(receiveCounts).toEqual([1])
    expect(errors).toEqual([])
    // And then it stops: nothing is left that it could extend.
    const extended = extensions()
    await queue.receive({ waitSeconds: 1 })
    expect(extensions()).toBe(extended)
  })

  it('aborts the signal of a handler whose lease was lost, and does not release what is not its own', async () => {
    const queue = await t.createQueue()
    const reasons: unknown[] = []
    let receiptHandle = ''
    const handle = async (message: Message, { signal }: { signal: AbortSignal }) => {
      receiptHandle = message.receiptHandle
      await until(() => signal.aborted)
      reasons.push(signal.reason)
      throw new Error('stopped')
    }
    const { errors } = startConsumer(queue, { handle, visibilityTimeoutSeconds: 2 })
    await queue.send({ body: 'x' })
    await until(() => receiptHandle !== '')
    await queue.delete(receiptHandle)
    await until(() => errors.length === 2)
    expect(reasons).toMatchObject([{ code: 'messageNotLeased' }])
    expect(errors.map(({ during }) => during)).toEqual(['extend', 'handle'])
  })

  it('sends deletes together, when there are enough of them', async () => {
    const queue = await t.createQueue()
    await queue.sendBatch(bodies(40))
    const spy = spiedOn(queue)
    startConsumer(spy.queue, { handle: () => {}, concurrency: 40, deleteBatchSize: 20, deleteDelaySeconds: 60 })
    await until(() => isEmpty(queue))
    const deletes = spy.calls.filter(({ path }) => path === '/leases/delete')
    expect(deletes.map(({ body }) => JSON.parse(body).receiptHandles.length)).toEqual([20, 20])
  })

  it('sends deletes after a short time, when there are few', async () => {
    const queue = await t.createQueue()
    startConsumer(queue, { handle: () => {}, deleteBatchSize: 1_000, deleteDelaySeconds: 0.01 })
    await queue.send({ body: 'x' })
    await until(() => isEmpty(queue))
  })

  it('handles batches: what the handler answers is released, the rest deleted', async () => {
    const queue = await t.createQueue()
    await queue.sendBatch(bodies(10))
    const batches: string[][] = []
    const handleBatch = (messages: readonly Message[]) => {
      batches.push(messages.map(({ body }) => body))
      return messages.filter(({ body, receiveCount }) => body === '3' && receiveCount === 1)
    }
    const { errors } = startConsumer(queue, { handleBatch, batchSize: 4, concurrency: 2, visibilityTimeoutSeconds: 60 })
    await until(() => isEmpty(queue))
    expect(batches.flat().sort()).toEqual(['0', '1', '2', '3', '3', '4', '5', '6', '7', '8', '9'])
    expect(Math.max(...batches.map(({ length }) => length))).toBe(4)
    expect(errors).toEqual([])
  })

  it('releases the whole batch when its handler throws', async () => {
    const queue = await t.createQueue()
    await queue.sendBatch(bodies(3))
    const handleBatch = ([{ receiveCount }]: readonly [Message, ...Message[]]) => {
      if (receiveCount === 1) throw new Error('not yet')
    }
    startConsumer(queue, { handleBatch, visibilityTimeoutSeconds: 60 })
    await until(() => isEmpty(queue))
  })

  it('runs the handler inside of what is around it', async () => {
    const queue = await t.createQueue()
    const steps: string[] = []
    startConsumer(queue, {
      handle: () => void steps.push('handle'),
      around: async ([message], run) => {
        steps.push(`before ${message.body}`)
        await run()
        steps.push('after')
      },
    })
    await queue.send({ body: 'x' })
    await until(() => isEmpty(queue))
    expect(steps).toEqual(['before x', 'handle', 'after'])
  })

  it('does not delete what was not handled, whatever is around the handler', async () => {
    const queue = await t.createQueue()
    let calls = 0
    const around = async (_messages: unknown, run: () => Promise<void>) => {
      calls += 1
      if (calls === 1) return
      await run().catch((error) => {
        if (calls > 2) throw error
      })
    }
    const handle = ({ receiveCount }: Message) => {
      if (receiveCount === 2) throw new Error('swallowed')
    }
    const { errors } = startConsumer(queue, { handle, around, visibilityTimeoutSeconds: 60 })
    await queue.send({ body: 'x' })
    await until(() => isEmpty(queue))
    expect(calls).toBe(3)
    expect(errors.map(({ error }) => String(error))).toEqual(Array(2).fill(expect.stringMatching(/must call "run"/)))
  })

  it('goes on after the queue was not there', async () => {
    const queue = t.client.queue('comes-later')
    const handled: string[] = []
    const { errors } = startConsumer(queue, { handle: ({ body }) => void handled.push(body), backoffSecondsMax: 0.05 })
    await until(() => errors.length >= 2)
    expect(errors[0]).toMatchObject({ during: 'receive', error: { code: 'queueNotFound' } })
    await t.client.createQueue({ name: queue.name })
    await queue.send({ body: 'x' })
    await until(() => handled.length === 1)
  })

  it.each([
    [{ concurrency: 0 }, /concurrency/],
    [{ concurrency: 1.5 }, /whole number/],
    [{ waitSeconds: 0 }, /waitSeconds/],
    [{ visibilityTimeoutSeconds: 0 }, /visibilityTimeoutSeconds/],
    [{ deleteBatchSize: 1_001 }, /deleteBatchSize/],
    [{ deleteDelaySeconds: -1 }, /deleteDelaySeconds/],
    [{ backoffSecondsMax: Number.NaN }, /backoffSecondsMax/],
  ])('refuses %j', (options, reason) => {
    const consumer = () => new Consumer(t.client.queue('x'), { handle: () => {}, onError: () => {}, ...options })
    expect(consumer).toThrow(reason)
  })
})

describe('a consumer of a FIFO queue', () => {
  const fifo = (group: string, ...bodies: string[]) =>
    bodies.map((body) => ({ body, groupId: group, deduplicationId: `${group}-${body}` }))

  it('handles each group in its order, one message at a time, and groups side by side', async () => {
    const queue = await t.createQueue({ kind: 'fifo' })
    await queue.sendBatch([...fifo('a', '1', '2', '3'), ...fifo('b', '1', '2', '3')])
    const running = new Set<string | undefined>()
    const handled: Record<string, string[]> = { a: [], b: [] }
    let runningMax = 0
    startConsumer(queue, {
      handle: async ({ groupId = '', body }) => {
        expect(running.has(groupId)).toBe(false)
        running.add(groupId)
        runningMax = Math.max(runningMax, running.size)
        // The first of each waits for the other group.
        if (body === '1') await until(() => runningMax === 2)
        handled[groupId]?.push(body)
        running.delete(groupId)
      },
    })
    await until(() => isEmpty(queue))
    expect(handled).toEqual({ a: ['1', '2', '3'], b: ['1', '2', '3'] })
    expect(runningMax).toBe(2)
  })

  it('gives back what stands behind a message that failed, so that the order holds', async () => {
    const queue = await t.createQueue({ kind: 'fifo' })
    await queue.sendBatch(fifo('a', '1', '2', '3'))
    const handled: string[] = []
    const handle = ({ body, receiveCount }: Message) => {
      handled.push(body)
      if (body === '2' && receiveCount === 1) throw new Error('not yet')
    }
    const { errors } = startConsumer(queue, { handle, visibilityTimeoutSeconds: 60 })
    await until(() => isEmpty(queue))
    expect(handled).toEqual(['1', '2', '2', '3'])
    expect(errors).toHaveLength(1)
  })
})
