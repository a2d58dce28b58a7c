import { createHash, randomUUID } from 'node:crypto'
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

const newName = () => `${randomUUID()}.fifo`

async function newFifo(fifo: object = {}, settings: object = {}): Promise<string> {
  const name = newName()
  await rest.post('/v1/queues', { name, kind: 'fifo', fifo, settings })
  return `/v1/queues/${name}`
}

interface Message {
  readonly body: string
  readonly receiptHandle: string
}

async function receive(path: string, request: object = { maxMessages: 10 }): Promise<Message[]> {
  return (await rest.post(`${path}/receive`, request)).body.messages as Message[]
}

const bodiesOf = (messages: readonly Message[]) => messages.map(({ body }) => body)

describe('POST /v1/queues', () => {
  it('creates a FIFO queue with the default settings, once', async () => {
    const queue = { name: newName(), kind: 'fifo' }
    const first = await rest.post('/v1/queues', queue)
    expect(first).toMatchObject({
      status: 201,
      body: {
        ...queue,
        fifo: { contentBasedDeduplication: false, deduplicationScope: 'queue', throughputLimit: 'perQueue' },
      },
    })
    const again = await rest.post('/v1/queues', { ...queue, fifo: { contentBasedDeduplication: false } })
    expect([again.status, again.body]).toEqual([200, first.body])
    expect((await rest.get(`/v1/queues/${queue.name}`)).body).toEqual(first.body)
    const page = (await rest.get(`/v1/queues?prefix=${queue.name}`)).body
    expect(page.queues).toEqual([first.body])
  })

  it('says the kind of a standard queue, which has no FIFO settings', async () => {
    const { body } = await rest.post('/v1/queues', { name: randomUUID(), kind: 'standard' })
    expect(body.kind).toBe('standard')
    expect(body).not.toHaveProperty('fifo')
  })

  it.each([
    [{ name: 'x', kind: 'fifo' }, 'invalidQueueName', 'name', /"\.fifo"/],
    [{ name: '.fifo', kind: 'fifo' }, 'invalidQueueName', 'name', /"\.fifo"/],
    [{ name: `${'x'.repeat(76)}.fifo`, kind: 'fifo' }, 'invalidQueueName', 'name', /80/],
    [{ name: 'x.fifo' }, 'invalidQueueName', 'name', /that of a FIFO queue/],
    [{ name: 'x.fifo', kind: 'standard' }, 'invalidQueueName', 'name', /that of a FIFO queue/],
    [{ name: 'x.fifo', fifo: {} }, 'invalidRequest', 'fifo', /kind "fifo"/],
    [{ name: 'x', kind: 'standard', fifo: {} }, 'invalidRequest', 'fifo', /kind "fifo"/],
    [{ name: 'x.fifo', kind: 'FIFO' }, 'invalidRequest', 'kind', /standard, fifo/],
    [
      { name: 'x.fifo', kind: 'fifo', fifo: { deduplicationScope: 'group' } },
      'invalidRequest',
      'fifo.deduplicationScope',
      /queue, messageGroup/,
    ],
    [
      { name: 'x.fifo', kind: 'fifo', fifo: { contentBasedDeduplication: 'true' } },
      'invalidRequest',
      'fifo.contentBasedDeduplication',
      /boolean/,
    ],
    [{ name: 'x.fifo', kind: 'fifo', fifo: { scope: 'queue' } }, 'invalidRequest', 'fifo.scope', /not a member/],
    [
      { name: 'x.fifo', kind: 'fifo', fifo: { throughputLimit: 'perMessageGroupId' } },
      'invalidArgument',
      'throughputLimit',
      /needs deduplicationScope messageGroup/,
    ],
  ])('refuses %j and creates nothing', async (queue, code, field, detail) => {
    const { status, body } = await rest.post('/v1/queues', queue)
    expect([status, body.code, body.field]).toEqual([400, code, field])
    expect(body.detail).toMatch(detail)
    expect((await rest.get(`/v1/queues/${queue.name}`)).status).toBe(404)
  })

  it('refuses a queue that exists with other FIFO settings', async () => {
    const queue = { name: newName(), kind: 'fifo' }
    await rest.post('/v1/queues', queue)
    const { status, body } = await rest.post('/v1/queues', { ...queue, fifo: { deduplicationScope: 'messageGroup' } })
    expect([status, body.code, body.field]).toEqual([409, 'queueExists', 'deduplicationScope'])
  })
})

describe('PATCH /v1/queues/{queue}', () => {
  it('changes the FIFO settings that are given, and never the kind', async () => {
    const path = await newFifo()
    const fifo = { deduplicationScope: 'messageGroup', throughputLimit: 'perMessageGroupId' }
    expect((await rest.patch(path, { fifo })).body.fifo).toEqual({ contentBasedDeduplication: false, ...fifo })
    const alone = await rest.patch(path, { fifo: { deduplicationScope: 'queue' } })
    expect([alone.status, alone.body.code, alone.body.field]).toEqual([400, 'invalidArgument', 'throughputLimit'])
    const kind = await rest.patch(path, { kind: 'standard' })
    expect([kind.status, kind.body.code, kind.body.field]).toEqual([400, 'invalidRequest', 'kind'])
    expect((await rest.get(path)).body.fifo).toMatchObject(fifo)
  })

  it('gives a standard queue no FIFO settings', async () => {
    const name = randomUUID()
    await rest.post('/v1/queues', { name })
    const { status, body } = await rest.patch(`/v1/queues/${name}`, { fifo: {} })
    expect([status, body.code, body.field]).toEqual([400, 'invalidArgument', 'fifo'])
  })
})

describe('POST /v1/queues/{queue}/messages', () => {
  it('answers 201 with a sequence number, and 200 with the same ids to a duplicate', async () => {
    const path = await newFifo()
    const ids = { groupId: 'g', deduplicationId: 'd' }
    const first = await rest.post(`${path}/messages`, { body: 'one', ...ids })
    expect(first.status).toBe(201)
    expect(first.body).toEqual({
      messageId: expect.any(String),
      sequenceNumber: expect.stringMatching(/^\d{20}$/),
      isDuplicate: false,
    })
    const second = await rest.post(`${path}/messages`, { body: 'two', groupId: 'other', deduplicationId: 'd' })
    expect([second.status, second.body]).toEqual([200, { ...first.body, isDuplicate: true }])
    const { messageId, sequenceNumber } = first.body
    expect(await receive(path)).toMatchObject([{ body: 'one', messageId, sequenceNumber, ...ids }])
  })

  it('takes the SHA-256 of the body as the id, where the queue is told to', async () => {
    const path = await newFifo({ contentBasedDeduplication: true })
    await rest.post(`${path}/messages`, { body: 'x', groupId: 'g', delaySeconds: 0 })
    const deduplicationId = createHash('sha256').update('x').digest('hex')
    expect(await receive(path)).toMatchObject([{ body: 'x', deduplicationId }])
  })

  it.each([
    [{ deduplicationId: 'd' }, 'groupId', 'A message of a FIFO queue needs a groupId.'],
    [
      { groupId: 'g' },
      'deduplicationId',
      'A message needs a deduplicationId, unless contentBasedDeduplication is on for its FIFO queue.',
    ],
    [{ groupId: 'a b', deduplicationId: 'd' }, 'groupId', /1 to 128/],
    [{ groupId: '', deduplicationId: 'd' }, 'groupId', /1 to 128/],
    [{ groupId: 'g', deduplicationId: 'x'.repeat(129) }, 'deduplicationId', /1 to 128/],
    [{ groupId: 'g', deduplicationId: 'ü' }, 'deduplicationId', /1 to 128/],
    [
      { groupId: 'g', deduplicationId: 'd', delaySeconds: 1 },
      'delaySeconds',
      'A message of a FIFO queue has no delay of its own; the queue has one.',
    ],
  ])('refuses %j, stores nothing and takes no id', async (ids, field, detail) => {
    const path = await newFifo()
    const { status, body } = await rest.post(`${path}/messages`, { body: 'x', ...ids })
    expect([status, body.code, body.field]).toEqual([400, 'invalidArgument', field])
    expect(body.detail).toMatch(detail)
    expect(await receive(path)).toEqual([])
    expect((await rest.post(`${path}/messages`, { body: 'x', groupId: 'g', deduplicationId: 'd' })).status).toBe(201)
  })

  it('refuses a deduplication id on a standard queue', async () => {
    const name = randomUUID()
    await rest.post('/v1/queues', { name })
    const { status, body } = await rest.post(`/v1/queues/${name}/messages`, { body: 'x', deduplicationId: 'd' })
    expect([status, body.code, body.field]).toEqual([400, 'invalidArgument', 'deduplicationId'])
  })
})

describe('POST /v1/queues/{queue}/messages/batch', () => {
  it('lets each message stand alone, duplicates too', async () => {
    const path = await newFifo()
    const messages = [
      { body: '1', groupId: 'g', deduplicationId: 'a' },
      { body: '2', deduplicationId: 'b' },
      { body: '3', groupId: 'g', deduplicationId: 'a' },
      { body: '4', groupId: 'g', deduplicationId: 'c' },
    ]
    const { status, body } = await rest.post(`${path}/messages/batch`, { messages })
    expect(status).toBe(200)
    const [first] = body.results as [{ messageId: string; sequenceNumber: string }]
    expect(body.results).toMatchObject([
      { isDuplicate: false },
      { error: { code: 'invalidArgument', field: 'groupId' } },
      { ...first, isDuplicate: true },
      { isDuplicate: false },
    ])
    expect(bodiesOf(await receive(path))).toEqual(['1', '4'])
  })
})

describe('POST /v1/queues/{queue}/receive', () => {
  it('answers the same messages and handles to the same attempt, and nothing to another', async () => {
    const path = await newFifo({ contentBasedDeduplication: true })
    await rest.post(`${path}/messages/batch`, { messages: ['1', '2'].map((body) => ({ body, groupId: 'g' })) })
    const attempt = (attemptId: string) => receive(path, { maxMessages: 10, attemptId })
    const first = await attempt('a-1')
    expect(bodiesOf(first)).toEqual(['1', '2'])
    expect(await attempt('a-2')).toEqual([])
    expect(await attempt('a-1')).toEqual(first)
    await rest.delete(`${path}/leases/${first[0]?.receiptHandle}`)
    expect(await attempt('a-1')).toEqual([])
  })

  it.each(['', 'a b', 'x'.repeat(129)])('refuses the attempt %j and leases nothing', async (attemptId) => {
    const path = await newFifo({ contentBasedDeduplication: true })
    await rest.post(`${path}/messages`, { body: 'x', groupId: 'g' })
    const { status, body } = await rest.post(`${path}/receive`, { attemptId })
    expect([status, body.code, body.field]).toEqual([400, 'invalidArgument', 'attemptId'])
    expect(await receive(path)).toMatchObject([{ body: 'x', receiveCount: 1 }])
  })

  it('refuses an attempt on a standard queue', async () => {
    const name = randomUUID()
    await rest.post('/v1/queues', { name })
    const { status, body } = await rest.post(`/v1/queues/${name}/receive`, { attemptId: 'a' })
    expect([status, body.code, body.field]).toEqual([400, 'invalidArgument', 'attemptId'])
  })
})

describe('the life of a group', () => {
  it('goes on when the message at its front is deleted, and starts again when it is released', async () => {
    const path = await newFifo({ contentBasedDeduplication: true })
    const messages = ['1', '2', '3'].map((body) => ({ body, groupId: 'g' }))
    await rest.post(`${path}/messages/batch`, { messages })
    const [first] = (await receive(path, {})) as [Message]
    expect(await receive(path)).toEqual([])
    expect((await rest.get(`${path}/counts`)).body).toMatchObject({ visible: 2, inFlight: 1, delayed: 0 })
    expect((await rest.post(`${path}/leases/${first.receiptHandle}/release`)).status).toBe(204)
    const [again] = (await receive(path, {})) as [Message]
    expect(again.body).toBe('1')
    expect((await rest.delete(`${path}/leases/${again.receiptHandle}`)).status).toBe(204)
    expect(bodiesOf(await receive(path))).toEqual(['2', '3'])
  })

  it('refuses a delete by a handle whose lease is over, and keeps the message', async () => {
    const path = await newFifo({ contentBasedDeduplication: true })
    await rest.post(`${path}/messages`, { body: 'x', groupId: 'g' })
    const [released] = (await receive(path)) as [Message]
    await rest.post(`${path}/leases/${released.receiptHandle}/release`)
    const { status, body } = await rest.delete(`${path}/leases/${released.receiptHandle}`)
    expect([status, body.code]).toEqual([409, 'handleExpired'])
    expect(bodiesOf(await receive(path))).toEqual(['x'])
  })
})
