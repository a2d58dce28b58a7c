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

describe('POST /v1/queues', () => {
  describe('201', () => {
    it('creates a queue with the default settings', async () => {
      const { status, body, headers } = await rest.post('/v1/queues', { name: 'create-default' })
      expect(status).toBe(201)
      expect(body).toMatchObject({
        name: 'create-default',
        settings: { visibilityTimeoutSeconds: 30, delaySeconds: 0, retentionSeconds: 345_600, receiveWaitSeconds: 0 },
        tags: {},
      })
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    })

    it('creates a queue with the settings and tags that are given', async () => {
      const settings = { visibilityTimeoutSeconds: 7, delaySeconds: 3, retentionSeconds: 60, receiveWaitSeconds: 20 }
      const { status, body } = await rest.post('/v1/queues', { name: 'create-given', settings, tags: { team: 'a b' } })
      expect(status).toBe(201)
      expect(body).toMatchObject({ settings, tags: { team: 'a b' } })
    })
  })

  describe('200', () => {
    it('answers the queue that exists with the same values', async () => {
      const queue = { name: 'create-twice', settings: { delaySeconds: 1 } }
      const first = await rest.post('/v1/queues', queue)
      const second = await rest.post('/v1/queues', queue)
      expect([first.status, second.status]).toEqual([201, 200])
      expect(second.body).toEqual(first.body)
    })
  })

  describe('400', () => {
    it.each(['', 'a b', 'ü', 'x'.repeat(81), 'orders.fifo', '..', '\ud800', 'a\u0000b'])(
      'refuses the name %j',
      async (name) => {
        const { status, body } = await rest.post('/v1/queues', { name })
        expect([status, body.code]).toEqual([400, 'invalidQueueName'])
      },
    )

    it.each([
      { visibilityTimeoutSeconds: -1 },
      { visibilityTimeoutSeconds: 31_536_001 },
      { delaySeconds: 31_536_001 },
      { retentionSeconds: 31_536_001 },
      { retentionSeconds: 59 },
      { receiveWaitSeconds: 21 },
      { messageBytesMax: 1_048_577 },
      { messageBytesMax: 2 ** 63 },
    ])('refuses the settings %j', async (settings) => {
      const { status, body } = await rest.post('/v1/queues', { name: 'create-refused', settings })
      expect([status, body.code, body.field]).toEqual([400, 'invalidArgument', Object.keys(settings)[0]])
      expect((await rest.get('/v1/queues/create-refused')).status).toBe(404)
    })
  })

  describe('409', () => {
    it('refuses a queue that exists with another value and leaves it alone', async () => {
      const first = await rest.post('/v1/queues', { name: 'create-conflict', settings: { delaySeconds: 1 } })
      const second = await rest.post('/v1/queues', { name: 'create-conflict', settings: { delaySeconds: 2 } })
      expect([second.status, second.body.code]).toEqual([409, 'queueExists'])
      expect((await rest.get('/v1/queues/create-conflict')).body).toEqual(first.body)
    })
  })
})

describe('GET /v1/queues', () => {
  describe('200', () => {
    it('lists queues page by page in the order of their names', async () => {
      for (const name of ['list-c', 'list-a', 'list-B', 'list-b']) await rest.post('/v1/queues', { name })
      const names: string[] = []
      let cursor = ''
      do {
        const { body } = await rest.get(`/v1/queues?prefix=list-&limit=2${cursor}`)
        const page = body as { queues: { name: string }[]; nextCursor?: string }
        expect(page.queues.length).toBeLessThanOrEqual(2)
        names.push(...page.queues.map((queue) => queue.name))
        cursor = page.nextCursor === undefined ? '' : `&cursor=${page.nextCursor}`
      } while (cursor !== '')
      expect(names).toEqual(['list-B', 'list-a', 'list-b', 'list-c'])
    })

    it('takes a prefix literally', async () => {
      await rest.post('/v1/queues', { name: 'literal_x' })
      await rest.post('/v1/queues', { name: 'literalax' })
      const { body } = await rest.get('/v1/queues?prefix=literal_')
      expect(body).toMatchObject({ queues: [{ name: 'literal_x' }] })
      expect((await rest.get('/v1/queues?prefix=%25')).body).toEqual({ queues: [] })
    })
  })

  describe('400', () => {
    it.each([
      ['limit=0', 'invalidArgument'],
      ['limit=1001', 'invalidArgument'],
      ['limit=-1', 'invalidArgument'],
      ['limit=x', 'invalidRequest'],
      ['limit=1.5', 'invalidRequest'],
      ['limit=1&limit=2', 'invalidRequest'],
      ['limit=99999999999999999999', 'invalidRequest'],
      ['cursor=%00', 'invalidRequest'],
      ['cursor=', 'invalidRequest'],
      ['pre=x', 'invalidRequest'],
    ])('refuses %s', async (query, code) => {
      const { status, body } = await rest.get(`/v1/queues?${query}`)
      expect([status, body.code]).toEqual([400, code])
    })
  })
})

describe('GET /v1/queues/{queue}', () => {
  it('200: answers the queue', async () => {
    const created = await rest.post('/v1/queues', { name: 'get-one' })
    expect(await rest.get('/v1/queues/get-one')).toMatchObject({ status: 200, body: created.body })
  })

  it('404: says which queue does not exist', async () => {
    expect(await rest.get('/v1/queues/get-none')).toMatchObject({ status: 404, body: { code: 'queueNotFound' } })
  })

  it.each(['a%20b', '%ED%A0%80', '..%2F', 'x'.repeat(5_000)])('404: knows no queue of the name %s', async (name) => {
    const { status, body } = await rest.get(`/v1/queues/${name}`)
    expect([status, body.code]).toEqual(name.includes('%ED') ? [400, 'invalidRequest'] : [404, 'queueNotFound'])
  })
})

describe('PATCH /v1/queues/{queue}', () => {
  it('200: changes what is given and keeps the rest', async () => {
    await rest.post('/v1/queues', { name: 'patch', settings: { delaySeconds: 1 }, tags: { a: '1', b: '2' } })
    const changed = await rest.patch('/v1/queues/patch', { settings: { receiveWaitSeconds: 5 } })
    expect(changed).toMatchObject({ status: 200, body: { settings: { delaySeconds: 1, receiveWaitSeconds: 5 } } })
    expect(changed.body.tags).toEqual({ a: '1', b: '2' })
    expect((await rest.patch('/v1/queues/patch', { tags: { c: '3' } })).body.tags).toEqual({ c: '3' })
    expect((await rest.get('/v1/queues/patch')).body).toMatchObject({
      settings: { receiveWaitSeconds: 5 },
      tags: { c: '3' },
    })
  })

  it('400: refuses a value out of its range and changes nothing', async () => {
    const before = await rest.post('/v1/queues', { name: 'patch-refused' })
    const settings = { receiveWaitSeconds: 5, delaySeconds: 31_536_001 }
    expect(await rest.patch('/v1/queues/patch-refused', { settings })).toMatchObject({
      status: 400,
      body: { code: 'invalidArgument', field: 'delaySeconds' },
    })
    expect((await rest.get('/v1/queues/patch-refused')).body).toEqual(before.body)
  })

  it('404: knows no queue of this name', async () => {
    expect(await rest.patch('/v1/queues/patch-none', {})).toMatchObject({
      status: 404,
      body: { code: 'queueNotFound' },
    })
  })
})

describe('DELETE /v1/queues/{queue}', () => {
  it('G21 204: a deleted queue is gone, and a new one of its name is empty', async () => {
    await rest.post('/v1/queues', { name: 'delete' })
    await rest.post('/v1/queues/delete/messages', { body: 'old' })
    expect((await rest.delete('/v1/queues/delete')).status).toBe(204)
    expect((await rest.post('/v1/queues/delete/messages', { body: 'late' })).status).toBe(404)
    expect((await rest.post('/v1/queues', { name: 'delete' })).status).toBe(201)
    expect((await rest.post('/v1/queues/delete/receive', {})).body).toEqual({ messages: [] })
  })

  it('404: knows no queue of this name', async () => {
    expect(await rest.delete('/v1/queues/delete-none')).toMatchObject({ status: 404, body: { code: 'queueNotFound' } })
  })
})

describe('POST /v1/queues/{queue}/purge', () => {
  it('G20 204: removes delayed, leased and visible messages', async () => {
    await rest.post('/v1/queues', { name: 'purge' })
    await rest.post('/v1/queues/purge/messages', { body: 'leased' })
    await rest.post('/v1/queues/purge/receive', {})
    await rest.post('/v1/queues/purge/messages/batch', { messages: [{ body: 'a' }, { body: 'b', delaySeconds: 900 }] })
    expect((await rest.post('/v1/queues/purge/purge')).status).toBe(204)
    expect((await rest.get('/v1/queues/purge/counts')).body).toEqual({
      visible: 0,
      inFlight: 0,
      delayed: 0,
      oldestMessageAgeSeconds: null,
    })
  })

  it('404: knows no queue of this name', async () => {
    expect((await rest.post('/v1/queues/purge-none/purge')).status).toBe(404)
  })
})

describe('GET /v1/queues/{queue}/counts', () => {
  it('G26 200: counts messages by state', async () => {
    await rest.post('/v1/queues', { name: 'counts' })
    const messages = [{ body: 'a' }, { body: 'b' }, { body: 'c' }, { body: 'd', delaySeconds: 900 }]
    await rest.post('/v1/queues/counts/messages/batch', { messages })
    await rest.post('/v1/queues/counts/receive', { maxMessages: 1 })
    const { body } = await rest.get('/v1/queues/counts/counts')
    expect(body).toMatchObject({ visible: 2, inFlight: 1, delayed: 1 })
    expect(body.oldestMessageAgeSeconds).toBeGreaterThanOrEqual(0)
  })

  it('404: knows no queue of this name', async () => {
    expect((await rest.get('/v1/queues/counts-none/counts')).status).toBe(404)
  })
})
