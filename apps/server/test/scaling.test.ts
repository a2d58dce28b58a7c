import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer
let rest: RestClient

beforeAll(async () => {
  server = await startTestServer()
  rest = new RestClient(server)
})

afterAll(() => server.stop())

const DEFAULT_POLICY = {
  steps: [
    { fromMessages: 0, consumers: 2 },
    { fromMessages: 1_000, backBelowMessages: 500, consumers: 5 },
    { fromMessages: 10_001, backBelowMessages: 10_001, consumers: 10 },
  ],
  consumersMin: 2,
  consumersMax: 10,
  scaleInCooldownSeconds: 0,
  scaleOutCooldownSeconds: 0,
}

async function newQueue(name: string, scaling?: unknown): Promise<void> {
  const { status } = await rest.post('/v1/queues', { name, ...(scaling === undefined ? {} : { scaling }) })
  expect(status).toBe(201)
}

async function send(queue: string, count: number): Promise<void> {
  const messages = Array.from({ length: count }, () => ({ body: 'x' }))
  expect((await rest.post(`/v1/queues/${queue}/messages/batch`, { messages })).status).toBe(200)
}

describe('GET /v1/queues/{queue}/scaling', () => {
  describe('200', () => {
    it('answers an empty queue with every number there, by the default policy', async () => {
      await newQueue('empty')
      expect((await rest.get('/v1/queues/empty/scaling')).body).toEqual({
        outstandingMessages: 0,
        oldestMessageAgeSeconds: null,
        arrivalsPerSecond: 0,
        completionsPerSecond: 0,
        drainSeconds: 0,
        desiredConsumers: 2,
        reason: '0 messages are outstanding; below 1,000 the policy asks for 2 consumers.',
        policy: DEFAULT_POLICY,
      })
    })

    it('counts exactly, and goes back only below the lower threshold', async () => {
      await newQueue('burst')
      await send('burst', 1_000)
      expect((await rest.get('/v1/queues/burst/scaling')).body).toMatchObject({
        outstandingMessages: 1_000,
        desiredConsumers: 5,
      })
      const { body } = await rest.post('/v1/queues/burst/receive', { maxMessages: 501 })
      const receiptHandles = (body.messages as { receiptHandle: string }[]).map(({ receiptHandle }) => receiptHandle)
      await rest.post('/v1/queues/burst/leases/delete', { receiptHandles: receiptHandles.slice(0, 500) })
      expect((await rest.get('/v1/queues/burst/scaling')).body).toMatchObject({
        outstandingMessages: 500,
        desiredConsumers: 5,
      })
      await rest.post('/v1/queues/burst/leases/delete', { receiptHandles: receiptHandles.slice(500) })
      expect((await rest.get('/v1/queues/burst/scaling')).body).toMatchObject({
        outstandingMessages: 499,
        desiredConsumers: 2,
      })
    })

    it('follows the policy of the queue', async () => {
      const policy = { targetDrainSeconds: 10, consumerCompletionsPerSecond: 2, consumersMax: 30 }
      await newQueue('own', policy)
      await send('own', 200)
      expect((await rest.get('/v1/queues/own/scaling')).body).toMatchObject({
        desiredConsumers: 10,
        policy: { ...policy, consumersMin: 1, scaleInCooldownSeconds: 60, scaleOutCooldownSeconds: 0 },
      })
    })
  })

  describe('404', () => {
    it('knows no queue that is not there', async () => {
      const { status, body } = await rest.get('/v1/queues/absent/scaling')
      expect([status, body.code]).toEqual([404, 'queueNotFound'])
    })
  })
})

describe('the scaling policy of a queue', () => {
  const policy = {
    steps: [
      { fromMessages: 0, consumers: 1 },
      { fromMessages: 50, backBelowMessages: 20, consumers: 3 },
    ],
  }

  it('is shown as it was set, changed as a whole and taken away', async () => {
    await newQueue('kept', policy)
    expect((await rest.get('/v1/queues/kept')).body.scaling).toEqual(policy)
    const changed = await rest.patch('/v1/queues/kept', { scaling: { targetDrainSeconds: 30 } })
    expect([changed.status, changed.body.scaling]).toEqual([200, { targetDrainSeconds: 30 }])
    const other = await rest.patch('/v1/queues/kept', { tags: { a: 'b' } })
    expect(other.body.scaling).toEqual({ targetDrainSeconds: 30 })
    const none = await rest.patch('/v1/queues/kept', { scaling: null })
    expect([none.status, 'scaling' in none.body]).toEqual([200, false])
    expect((await rest.get('/v1/queues/kept/scaling')).body.policy).toEqual(DEFAULT_POLICY)
  })

  it('is compared when the queue exists', async () => {
    await newQueue('compared', policy)
    expect((await rest.post('/v1/queues', { name: 'compared', scaling: policy })).status).toBe(200)
    expect((await rest.post('/v1/queues', { name: 'compared' })).status).toBe(200)
    const { status, body } = await rest.post('/v1/queues', { name: 'compared', scaling: { targetDrainSeconds: 5 } })
    expect([status, body.code, body.field]).toEqual([409, 'queueExists', 'scaling'])
  })

  it.each([
    [{}, 'scaling'],
    [{ steps: [] }, 'scaling.steps'],
    [{ ...policy, targetDrainSeconds: 60 }, 'scaling'],
    [{ steps: [{ fromMessages: 5, consumers: 1 }] }, 'scaling.steps[0].fromMessages'],
    [
      { steps: [policy.steps[0], { fromMessages: 50, backBelowMessages: 51, consumers: 3 }] },
      'scaling.steps[1].backBelowMessages',
    ],
    [{ steps: [policy.steps[1], policy.steps[0]] }, 'scaling.steps[0].fromMessages'],
    [{ targetDrainSeconds: 60, consumersMin: 3, consumersMax: 2 }, 'scaling.consumersMin'],
    [{ targetDrainSeconds: 60, consumerCompletionsPerSecond: 0 }, 'scaling.consumerCompletionsPerSecond'],
    [{ targetDrainSeconds: 1.5 }, undefined],
    [{ targetDrainSeconds: '60' }, undefined],
    [{ targetDrainSeconds: 60, cooldown: 5 }, undefined],
    [{ steps: [{ fromMessages: 0, consumers: 1, upTo: 5 }] }, undefined],
    ['fast', undefined],
  ])('is refused when it does not fit, and nothing changes: %j', async (scaling, field) => {
    const { status, body } = await rest.post('/v1/queues', { name: 'refused', scaling })
    expect([status, body.code]).toEqual([400, field === undefined ? 'invalidRequest' : 'invalidArgument'])
    if (field !== undefined) expect(body.field).toBe(field)
    expect((await rest.get('/v1/queues/refused')).status).toBe(404)
  })

  it('is nothing that the SQS door shows', async () => {
    await newQueue('seen', policy)
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.GetQueueAttributes' },
      body: JSON.stringify({ QueueUrl: `${server.url}/000000000000/seen`, AttributeNames: ['All'] }),
    })
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(text).not.toMatch(/scaling|steps|consumers/i)
  })
})
