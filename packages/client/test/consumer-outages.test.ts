import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createClient } from '../src/index.ts'
import { answer, type FaultyServer, startFaultyServer } from './helpers/faulty-server.ts'
import { startConsumer } from './helpers/start-consumer.ts'
import { until } from './helpers/until.ts'

let server: FaultyServer

beforeEach(async () => {
  server = await startFaultyServer()
})

// After the consumers of the test, which `startConsumer` stops.
afterEach(() => server.stop())

describe('a consumer whose server is away', () => {
  it('asks again with growing pauses, as the server allows, and stops at once all the same', async () => {
    const queue = createClient({ baseUrl: server.url }).queue('q')
    server.will(
      answer(503, {}, { 'retry-after': '0' }),
      answer(503, {}),
      answer(200, { messages: [] }),
      answer(503, {}, { 'retry-after': '60' }),
    )
    const { consumer, errors } = startConsumer(queue, { handle: () => {}, backoffSecondsMax: 0.01 })
    await until(() => errors.length === 3)
    expect(server.requests).toHaveLength(4)
    await consumer.stop()
    expect(errors.map(({ during }) => during)).toEqual(['receive', 'receive', 'receive'])
  })

  it('tells the handler when the lease has ended, since it could not be extended', async () => {
    const queue = createClient({ baseUrl: server.url }).queue('q')
    const message = { messageId: 'm', receiptHandle: 'h', body: 'x', attributes: {}, receiveCount: 1 }
    server.will(answer(200, { messages: [message] }), answer(500, {}))
    const reasons: unknown[] = []
    const failedBefore: string[] = []
    const { consumer, errors } = startConsumer(queue, {
      handle: async (_message, { signal }) => {
        await until(() => signal.aborted)
        // What comes after the handler fails, too, and is not meant here.
        failedBefore.push(...errors.map(({ during }) => during))
        reasons.push(signal.reason)
      },
      concurrency: 1,
      visibilityTimeoutSeconds: 1,
    })
    await until(() => reasons.length === 1)
    server.will(answer(200, { results: [{}] }))
    await consumer.stop()
    expect(String(reasons[0])).toMatch(/lease ended/)
    expect(failedBefore.length).toBeGreaterThan(0)
    expect(new Set(failedBefore)).toEqual(new Set(['extend']))
  })

  it('reports what it could not delete', async () => {
    const queue = createClient({ baseUrl: server.url, retry: { attemptsMax: 1 } }).queue('q')
    const message = { messageId: 'm', receiptHandle: 'h', body: 'x', attributes: {}, receiveCount: 1 }
    server.will((request, response) => {
      const isDelete = request.url === '/v1/queues/q/leases/delete'
      const messages = server.requests.length === 1 ? [message] : []
      answer(isDelete ? 500 : 200, { messages })(request, response)
    })
    const { consumer, errors } = startConsumer(queue, { handle: () => {}, waitSeconds: 1 })
    await until(() => errors.length === 1)
    await consumer.stop()
    expect(errors).toMatchObject([{ during: 'delete', messages: [message], error: { status: 500 } }])
  })
})
