import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Setup, setup } from './helpers/setup.ts'
import { startConsumer } from './helpers/start-consumer.ts'
import { until } from './helpers/until.ts'

let t: Setup

beforeAll(async () => {
  t = await setup()
})

afterAll(() => t.server.stop())

const bodies = (count: number) => Array.from({ length: count }, (_, i) => ({ body: String(i) }))

describe('a consumer that is stopped', () => {
  it('lets the running handlers finish and leaves the rest to others: nothing is lost, nothing is done twice', async () => {
    const queue = await t.createQueue({ settings: { visibilityTimeoutSeconds: 2 } })
    await queue.sendBatch(bodies(200))
    const handled: string[] = []
    const handle = async ({ body }: { body: string }) => {
      await new Promise(setImmediate)
      handled.push(body)
    }
    const first = startConsumer(queue, { handle, concurrency: 20, visibilityTimeoutSeconds: 2 })
    await until(() => handled.length >= 50)
    await first.consumer.stop()
    const handledByFirst = handled.length
    expect(handledByFirst).toBeLessThan(200)
    startConsumer(queue, { handle, concurrency: 20, visibilityTimeoutSeconds: 2 })
    await until(() => handled.length >= 200)
    await until(async () => (await queue.counts()).inFlight === 0)
    expect(handled.map(Number).sort((a, b) => a - b)).toEqual(bodies(200).map(({ body }) => Number(body)))
    expect(first.errors).toEqual([])
  })

  it('has deleted what it has done before it says that it has stopped', async () => {
    const queue = await t.createQueue()
    await queue.sendBatch(bodies(5))
    let handled = 0
    const { consumer } = startConsumer(queue, { handle: () => void handled++, deleteDelaySeconds: 60 })
    await until(() => handled === 5)
    await consumer.stop()
    expect(await queue.counts()).toMatchObject({ visible: 0, inFlight: 0 })
  })

  it('stops at once while it waits for messages, and receives no more', async () => {
    const queue = await t.createQueue()
    const { consumer, errors } = startConsumer(queue, { handle: () => {} })
    await consumer.stop()
    await Promise.all([consumer.stop(), consumer.stop()])
    consumer.start()
    await queue.send({ body: 'for somebody else' })
    expect(await queue.receive({ waitSeconds: 5 })).toMatchObject([{ body: 'for somebody else', receiveCount: 1 }])
    expect(errors).toEqual([])
  })

  it('releases what is not done in time, and tells its handler', async () => {
    const queue = await t.createQueue()
    await queue.send({ body: 'endless' })
    const signals: AbortSignal[] = []
    const gate = Promise.withResolvers<void>()
    const { consumer, errors } = startConsumer(queue, {
      handle: async (_message, { signal }) => {
        signals.push(signal)
        await gate.promise
      },
      visibilityTimeoutSeconds: 600,
    })
    await until(() => signals.length === 1)
    await consumer.stop({ timeoutSeconds: 0 })
    expect(signals[0]?.aborted).toBe(true)
    expect(await queue.receive({ waitSeconds: 0 })).toMatchObject([{ body: 'endless', receiveCount: 2 }])
    // That it finishes after all changes nothing for whoever has the message now.
    gate.resolve()
    await gate.promise
    expect(await queue.counts()).toMatchObject({ inFlight: 1 })
    expect(errors).toEqual([])
  })

  it('gives back the messages of a FIFO group that it has not begun', async () => {
    const queue = await t.createQueue({ kind: 'fifo' })
    await queue.sendBatch(['1', '2', '3'].map((body) => ({ body, groupId: 'g', deduplicationId: body })))
    const handled: string[] = []
    const gate = Promise.withResolvers<void>()
    const { consumer } = startConsumer(queue, {
      handle: async ({ body }) => {
        handled.push(body)
        await gate.promise
      },
      visibilityTimeoutSeconds: 600,
    })
    await until(() => handled.length === 1)
    const stopped = consumer.stop()
    gate.resolve()
    await stopped
    expect(handled).toEqual(['1'])
    const rest = await queue.receive({ maxMessages: 10 })
    expect(rest.map(({ body }) => body)).toEqual(['2', '3'])
  })

  it('stops with its signal', async () => {
    const queue = await t.createQueue()
    const controller = new AbortController()
    const { consumer } = startConsumer(queue, { handle: () => {}, signal: controller.signal })
    controller.abort()
    await consumer.stop()
    await queue.send({ body: 'x' })
    expect(await queue.counts()).toMatchObject({ visible: 1 })
  })
})
