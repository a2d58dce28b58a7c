import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createQueueWithLeases } from './helpers/filled-queue.ts'
import { rawRequest } from './helpers/raw-request.ts'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer
let rest: RestClient
/** Addresses with a lease that exists, so that a request of the right form would have an effect. */
let lease = ''
let handle = ''

beforeAll(async () => {
  server = await startTestServer()
  rest = new RestClient(server)
  const [message] = await createQueueWithLeases(rest, 'bad', 'leased')
  handle = message?.receiptHandle ?? ''
  lease = `/v1/queues/bad/leases/${handle}`
})

afterAll(() => server.stop())

/** Every operation with a body: one of the right form, and what is wrong with each of the others. */
const OPERATIONS: readonly {
  readonly method: string
  readonly path: () => string
  readonly right: () => Record<string, unknown>
  readonly wrong: readonly Record<string, unknown>[]
}[] = [
  {
    method: 'POST',
    path: () => '/v1/queues',
    right: () => ({ name: 'never-created' }),
    wrong: [
      { name: 1 },
      { name: null },
      { settings: [] },
      { settings: { delaySeconds: '1' } },
      { settings: { delaySeconds: 1.5 } },
      { settings: { delaySeconds: null } },
      { settings: { delaySecond: 1 } },
      { tags: { a: 1 } },
      { tags: { 'a\nb': {} } },
      { tags: ['a'] },
    ],
  },
  {
    method: 'PATCH',
    path: () => '/v1/queues/bad',
    right: () => ({ settings: { delaySeconds: 1 } }),
    wrong: [{ settings: null }, { settings: { delaySeconds: true } }, { tags: { a: null } }, { name: 'new' }],
  },
  {
    method: 'POST',
    path: () => '/v1/queues/bad/messages',
    right: () => ({ body: 'x' }),
    wrong: [
      { body: 1 },
      { body: null },
      { body: {} },
      { body: ['x'] },
      { delaySeconds: '5' },
      { attributes: [] },
      { attributes: { a: 'x' } },
      { attributes: { a: { type: 'String', value: 'x' } } },
      { attributes: { a: { type: 'string' } } },
      { attributes: { a: { type: 'string', value: 1 } } },
      { attributes: { a: { type: 'string', value: 'x', more: 1 } } },
      { attributes: { 'a\nb': 1 } },
      { traceHeader: 1 },
    ],
  },
  {
    method: 'POST',
    path: () => '/v1/queues/bad/messages/batch',
    right: () => ({ messages: [{ body: 'x' }] }),
    wrong: [
      { messages: {} },
      { messages: 'x' },
      { messages: [null] },
      { messages: ['x'] },
      { messages: [{ body: 'x' }, {}] },
      { messages: [{ body: 'x' }, { body: 1 }] },
      { messages: [{ body: 'x' }, { body: 'x', id: 'a' }] },
    ],
  },
  {
    method: 'POST',
    path: () => '/v1/queues/bad/receive',
    right: () => ({}),
    wrong: [{ maxMessages: '1' }, { maxMessages: 1.5 }, { waitSeconds: true }, { visibilityTimeoutSeconds: null }],
  },
  {
    method: 'POST',
    path: () => `${lease}/extend`,
    right: () => ({ visibilityTimeoutSeconds: 0 }),
    wrong: [{ visibilityTimeoutSeconds: '0' }, { visibilityTimeoutSeconds: 0.5 }, { visibilityTimeoutSeconds: null }],
  },
  {
    method: 'POST',
    path: () => '/v1/queues/bad/leases/delete',
    right: () => ({ receiptHandles: [handle] }),
    wrong: [{ receiptHandles: handle }, { receiptHandles: [1] }, { receiptHandles: [null] }],
  },
  {
    method: 'POST',
    path: () => '/v1/queues/bad/leases/release',
    right: () => ({ receiptHandles: [handle] }),
    wrong: [{ receiptHandles: {} }, { receiptHandles: [['x']] }],
  },
  {
    method: 'POST',
    path: () => '/v1/queues/bad/leases/extend',
    right: () => ({ leases: [{ receiptHandle: handle, visibilityTimeoutSeconds: 0 }] }),
    wrong: [
      { leases: [] as unknown, more: 1 },
      { leases: [{ receiptHandle: 'x' }] },
      { leases: [{ visibilityTimeoutSeconds: 0 }] },
      { leases: [{ receiptHandle: 'x', visibilityTimeoutSeconds: '0' }] },
    ],
  },
]

/** What the database holds, as far as any of these requests could change it. */
async function state() {
  const counts = await rest.get('/v1/queues/bad/counts')
  const queues = await rest.get('/v1/queues')
  return { ...counts.body, oldestMessageAgeSeconds: undefined, queues: queues.body.queues }
}

describe.each(OPERATIONS)('$method $path', ({ method, path, right, wrong }) => {
  async function expectRefused(body: unknown, status: number, code: string, headers: Record<string, string> = {}) {
    const before = await state()
    const answer = await rest.send(method, path(), body, headers)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(await state()).toEqual(before)
  }

  it.each(wrong)('G36 400: refuses %j as a whole and changes nothing', async (members) => {
    await expectRefused({ ...right(), ...members }, 400, 'invalidRequest')
  })

  it('G36 400: refuses members it does not know, and those that reach a prototype', async () => {
    const members = JSON.stringify(right()).slice(1)
    const more = members === '}' ? members : `,${members}`
    await expectRefused(`{"unknown":1${more}`, 400, 'invalidRequest')
    await expectRefused(`{"__proto__":{"body":"x"}${more}`, 400, 'invalidRequest')
    await expectRefused(`{"constructor":{"prototype":{}}${more}`, 400, 'invalidRequest')
  })

  it.each(['', '{', 'null', '[]', '"x"', '1', '{"a":1}{', "{'a':1}", '\u0000'])(
    'G36 400: refuses the body %j',
    async (text) => {
      await expectRefused(text, 400, 'invalidRequest')
    },
  )

  it('G2 400: refuses bytes that are not UTF-8', async () => {
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
      const members = JSON.stringify(right()).slice(1)
      const body = Buffer.concat([Buffer.from('{"x":"'), Buffer.from(bytes), Buffer.from(`",${members}`)])
      await expectRefused(body, 400, 'invalidRequest')
    }
  })

  it('415: takes JSON alone, so that no form of a web page is a request', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/xml',
      'x',
    ]) {
      await expectRefused(JSON.stringify(right()), 415, 'unsupportedMediaType', { 'content-type': type })
    }
  })
})

describe('addresses', () => {
  it.each(['/v1', '/v1/', '/v1/nothing', '/v1/queues/bad/nothing', '/v1/queues/bad/leases', '/v2/queues', '/nothing'])(
    '404: there is nothing at %s',
    async (path) => {
      expect(await rest.get(path)).toMatchObject({ status: 404, body: { code: 'routeNotFound' } })
    },
  )

  it.each([
    ['PUT', '/v1/queues', 'POST, GET, HEAD'],
    ['POST', '/v1/queues/bad', 'GET, HEAD, PATCH, DELETE'],
    ['DELETE', '/v1/queues/bad/messages', 'POST, GET, HEAD'],
    ['GET', '/v1/queues/bad/receive', 'POST'],
    ['DELETE', '/v1/queues/bad/receive', 'POST'],
  ])('405: %s %s says what there is', async (method, path, allow) => {
    const answer = await rest.send(method, path)
    expect([answer.status, answer.body.code, answer.headers.get('allow')]).toEqual([405, 'methodNotAllowed', allow])
  })

  it.each(['TRACE', 'QUERY'])('405: %s, too, which browsers cannot send', async (method) => {
    const request = `${method} /v1/queues HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
    expect(await rawRequest(server.url, request)).toMatch(/^HTTP\/1\.1 405 [\s\S]*\r\nallow: (GET|HEAD|POST|, )+\r\n/)
  })

  it('400: refuses an address that cannot be decoded', async () => {
    for (const path of ['/v1/queues/%ff', '/v1/queues/%', '/v1/queues/%E4']) {
      expect(await rest.get(path)).toMatchObject({ status: 400, body: { code: 'invalidRequest' } })
    }
  })
})
