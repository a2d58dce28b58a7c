import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type AccessKeys, ROLES, type Role } from '@stanchion/identity'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer
let rest: RestClient
const headers = new Map<Role, { authorization: string }>()

beforeAll(async () => {
  server = await startTestServer({ STANCHION_AUTH: 'on', STANCHION_MASTER_KEY: randomBytes(32).toString('base64') })
  rest = new RestClient(server)
  const keys = server.app.accessKeys as AccessKeys
  for (const role of ROLES) {
    const { key, secret } = await keys.create({ accountId: '000000000000', role })
    headers.set(role, { authorization: `Bearer ${key.id}.${secret}` })
  }
  await as('admin', 'POST', '/v1/queues', { name: 'looked-at' })
})
afterAll(() => server?.stop())

const as = (role: Role, method: string, path: string, body?: unknown) =>
  rest.send(method, path, body, headers.get(role))

describe('looking at messages over REST', () => {
  test('a message is listed, and shown by its id', async () => {
    const message = { body: 'x'.repeat(5_000), attributes: { n: { type: 'number', value: '1' } } }
    const sent = await as('producer', 'POST', '/v1/queues/looked-at/messages', message)
    const list = await as('inspector', 'GET', '/v1/queues/looked-at/messages?state=ready&limit=1')
    expect(list).toMatchObject({
      status: 200,
      body: {
        messages: [
          { messageId: sent.body.messageId, state: 'ready', isBodyCut: true, bodyBytes: 5_000, receiveCount: 0 },
        ],
      },
    })
    expect(await as('inspector', 'GET', `/v1/queues/looked-at/messages/${sent.body.messageId}`)).toMatchObject({
      status: 200,
      body: { ...message, isBodyCut: false },
    })
  })

  test('pages go on from their cursor', async () => {
    await as('admin', 'POST', '/v1/queues', { name: 'pages' })
    await as('admin', 'POST', '/v1/queues/pages/messages/batch', {
      messages: ['a', 'b', 'c'].map((body) => ({ body })),
    })
    const first = await as('admin', 'GET', '/v1/queues/pages/messages?state=ready&limit=2')
    expect(first.body.messages).toHaveLength(2)
    const rest = await as(
      'admin',
      'GET',
      `/v1/queues/pages/messages?state=ready&limit=2&cursor=${first.body.nextCursor}`,
    )
    expect(rest.body).toMatchObject({ messages: [{ body: 'c' }] })
  })

  test.each(ROLES.filter((role) => role !== 'admin' && role !== 'inspector'))('%s may not', async (role) => {
    for (const path of ['messages?state=ready', 'messages/019e6f3a-5d00-7000-8000-000000000002']) {
      expect(await as(role, 'GET', `/v1/queues/looked-at/${path}`)).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      })
    }
  })

  test('an inspector may look, and nothing else', async () => {
    for (const [method, path, body] of [
      ['POST', 'messages', { body: 'x' }],
      ['POST', 'receive', {}],
      ['POST', 'purge', undefined],
    ] as const) {
      expect(await as('inspector', method, `/v1/queues/looked-at/${path}`, body)).toMatchObject({ status: 403 })
    }
  })

  test.each([
    ['?limit=5', 400, 'invalidRequest'],
    ['?state=gone', 400, 'invalidRequest'],
    ['?state=ready&limit=0', 400, 'invalidArgument'],
    ['?state=ready&cursor=x', 400, 'invalidArgument'],
    ['/nonsense', 404, 'messageNotFound'],
    ['/019e6f3a-5d00-7000-8000-000000000002', 404, 'messageNotFound'],
  ])('messages%s is refused with %d %s', async (path, status, code) => {
    expect(await as('admin', 'GET', `/v1/queues/looked-at/messages${path}`)).toMatchObject({ status, body: { code } })
  })
})
