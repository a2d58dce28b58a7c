import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rawRequest } from './helpers/raw-request.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({
    STANCHION_PUBLIC_URL: 'https://queues.example/base',
    STANCHION_ALLOWED_HOSTS: 'stanchion,other.example',
  })
})

afterAll(() => server.stop())

/** fetch does not let its caller choose the Host. */
function get(path: string, headers: Record<string, string>): Promise<{ status: number; code: unknown; type: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; code: unknown; type: string }>()
  const sent = request(`${server.url}${path}`, { headers }, async (response) => {
    const text = Buffer.concat(await response.toArray()).toString()
    const type = response.headers['content-type'] ?? ''
    resolve({ status: response.statusCode ?? 0, code: type.includes('json') ? JSON.parse(text).code : undefined, type })
  })
  sent.on('error', reject)
  sent.end()
  return promise
}

describe('the loopback guard', () => {
  it.each([
    'localhost',
    'LOCALHOST:1',
    '127.0.0.1:9324',
    '127.9.9.9',
    '[::1]:9324',
    'queue.localhost',
    'queues.example',
    'stanchion:9324',
    'other.example:80',
  ])('takes the Host %s', async (host) => {
    expect(await get('/v1/queues', { host })).toMatchObject({ status: 200 })
  })

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '0.0.0.0',
    '[::]',
    'localhost@evil.example',
    'localhost:80:80',
    'localhost, evil.example',
  ])('refuses the Host "%s", which a page may have rebound to this machine', async (host) => {
    const answer = await get('/v1/queues', { host })
    expect(answer).toMatchObject({
      status: 403,
      code: 'hostNotAllowed',
      type: 'application/problem+json; charset=utf-8',
    })
  })

  it.each(['/', '/metrics', '/livez', '/docs', '/openapi.json', '/000000000000/queue?Action=PurgeQueue', '/nothing'])(
    'guards %s as well',
    async (path) => {
      expect(await get(path, { host: 'evil.example' })).toMatchObject({ status: 403, code: 'hostNotAllowed' })
    },
  )

  it('refuses requests that pages of other origins send', async () => {
    for (const origin of [
      'https://evil.example',
      'null',
      'http://localhost:1',
      'https://queues.example.evil.example',
    ]) {
      expect(await get('/v1/queues', { host: 'localhost:9324', origin })).toMatchObject({
        status: 403,
        code: 'foreignOrigin',
      })
    }
    for (const site of ['cross-site', 'same-site']) {
      expect(await get('/v1/queues', { 'sec-fetch-site': site })).toMatchObject({ status: 403, code: 'foreignOrigin' })
    }
  })

  it('takes requests of its own pages and of people who type an address', async () => {
    for (const origin of ['http://localhost:9324', 'https://queues.example']) {
      expect(await get('/v1/queues', { host: 'localhost:9324', origin })).toMatchObject({ status: 200 })
    }
    for (const site of ['same-origin', 'none']) {
      expect(await get('/v1/queues', { 'sec-fetch-site': site })).toMatchObject({ status: 200 })
    }
  })

  it('refuses a request without any Host', async () => {
    expect(await rawRequest(server.url, 'GET /v1/queues HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 403 /)
    expect(await rawRequest(server.url, 'GET /v1/queues HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await rawRequest(server.url, 'GET /v1/queues HTTP/1.0\r\nHost:\r\n\r\n')).toMatch(/^HTTP\/1\.1 403 /)
  })

  it('refuses two Host headers, of which a proxy may have read the other one', async () => {
    const answer = await rawRequest(
      server.url,
      'GET /v1/queues HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 (400|403) /)
  })

  it('answers bytes that are no request with a problem and ends the connection', async () => {
    const noise = await rawRequest(server.url, 'this is not HTTP\r\n\r\n')
    expect(noise).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"invalidRequest"/)
    const large = await rawRequest(server.url, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)
    expect(large).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"headersTooLarge"/)
  })
})
