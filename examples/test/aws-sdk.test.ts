import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type Program, type ServerProcess, startProgram, startServerProcess } from '@stanchion/testing'

const EXAMPLE = fileURLToPath(new URL('../aws-sdk', import.meta.url))
const NOTHING_LEFT = { visible: 0, inFlight: 0, delayed: 0, oldestMessageAgeSeconds: null }

// Each test starts processes, which takes its time on a machine that is busy with other tests.
jest.setTimeout(30_000)

let server: ServerProcess
const programs: Program[] = []

beforeAll(async () => {
  server = await startServerProcess()
})

afterEach(async () => {
  for (const program of programs.splice(0)) await program.kill()
})

afterAll(() => server.stop())

function setup(queue: string) {
  const start = (file: string, ...args: string[]) => {
    const env = { AWS_ENDPOINT_URL: server.url, QUEUE_NAME: queue }
    const program = startProgram(process.execPath, [`${EXAMPLE}/${file}`, ...args], env)
    programs.push(program)
    return program
  }
  return {
    /** Sends orders and fails when that fails. */
    async produce(...args: string[]) {
      const producer = start('producer.ts', ...args)
      expect(await producer.exited).toBe(0)
      expect(producer.errors()).toBe('')
      return producer.output()
    },
    startWorker: () => start('worker.ts'),
    counts: () => server.get(`/v1/queues/${queue}/counts`),
  }
}

const shippedOrders = (worker: Program) =>
  [...worker.output().matchAll(/shipped order (\d+) \(attempt (\d+)\)/g)].map(([, order, attempt]) => ({
    order: Number(order),
    attempt: Number(attempt),
  }))

describe('examples/aws-sdk', () => {
  it('sends all orders in batches', async () => {
    const { produce, counts } = setup('sends')
    expect(await produce()).toBe('sent 10 orders, 1 to 10\nsent 10 orders, 11 to 20\nsent 5 orders, 21 to 25\n')
    expect(await counts()).toMatchObject({ visible: 25, inFlight: 0, delayed: 0 })
  })

  it('ships every order once, those that fail at first by a second attempt, and leaves the queue empty', async () => {
    const { produce, startWorker, counts } = setup('ships')
    await produce('15')
    const worker = startWorker()
    // Both orders that failed are the last ones, since they come again a second later.
    await worker.untilOutput(/shipped \S+ \S+ \(attempt 2\).*shipped \S+ \S+ \(attempt 2\)\n/s)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)

    const shipped = shippedOrders(worker).sort((a, b) => a.order - b.order)
    expect(shipped).toEqual(
      Array.from({ length: 15 }, (_, index) => ({ order: index + 1, attempt: (index + 1) % 7 === 0 ? 2 : 1 })),
    )
    expect(worker.errors().match(/the carrier did not answer .*again in 1 s/g)).toHaveLength(2)
    expect(await counts()).toEqual(NOTHING_LEFT)
  })

  it('shares the orders between workers, each shipped once', async () => {
    const { produce, startWorker, counts } = setup('shares')
    const workers = [startWorker(), startWorker()]
    for (const worker of workers) await worker.untilOutput(/waiting/)
    await produce('6')
    const done = () => workers.flatMap(shippedOrders).map(({ order }) => order)
    while (done().length < 6) await Promise.race(workers.map((worker) => worker.untilMoreOutput()))
    for (const worker of workers) worker.signal('SIGTERM')
    for (const worker of workers) expect(await worker.exited).toBe(0)
    expect(done().sort()).toEqual([1, 2, 3, 4, 5, 6])
    expect(await counts()).toEqual(NOTHING_LEFT)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('stops on %s while it waits, without a word of error', async (signal) => {
    const { startWorker } = setup(`waits-${signal}`)
    const worker = startWorker()
    await worker.untilOutput(/waiting for orders/)
    const signalledAt = Date.now()
    worker.signal(signal)
    expect(await worker.exited).toBe(0)
    // Far less than the 20 seconds that it waits for messages.
    expect(Date.now() - signalledAt).toBeLessThan(5_000)
    expect(worker.errors()).toBe('')
    expect(worker.output()).toBe('waiting for orders\nstopped\n')
  })

  it('finishes the orders in hand when it is stopped: none stays leased, none is lost', async () => {
    const { produce, startWorker, counts } = setup('stops')
    await produce('6')
    const worker = startWorker()
    await worker.untilOutput(/shipping/)
    worker.signal('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(worker.errors()).toBe('')
    expect(worker.output()).toMatch(/shipped.*\nstopped\n$/s)
    const unshipped = 6 - shippedOrders(worker).length
    expect(await counts()).toMatchObject({ visible: unshipped, inFlight: 0, delayed: 0 })
  })
})
