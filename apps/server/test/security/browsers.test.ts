import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rawRequest } from '../helpers/raw-request.ts'
import { RestClient } from '../helpers/rest-client.ts'
import { callJson, callQuery, element } from '../helpers/sqs-clients.ts'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'

let server: TestServer
let rest: RestClient
let queueUrl: string

beforeAll(async () => {
  server = await startTestServer()
  rest = new RestClient(server)
  await rest.post('/v1/queues', { name: 'page' })
  queueUrl = `${server.url}/000000000000/page`
})
afterAll(() => server.stop())

/** What a page would like to be run wherever it is shown. */
const SCRIPTS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  'javascript:alert(1)',
  '</Body></Message><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
  ']]><svg onload=alert(1)>',
  '{{constructor.constructor("alert(1)")()}}',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
]

describe('every answer says what it is, and that it is nothing else', () => {
  it.each([
    ['/v1/queues', 'application/json; charset=utf-8'],
    ['/v1/queues/absent', 'application/problem+json; charset=utf-8'],
    ['/v1/nothing', 'application/problem+json; charset=utf-8'],
    ['/%3Cscript%3E', 'application/problem+json; charset=utf-8'],
    ['/?Action=ListQueues', 'text/xml'],
    ['/?Action=%3Cscript%3E', 'text/xml'],
    ['/', 'text/xml'],
    ['/metrics', 'text/plain; version=0.0.4; charset=utf-8'],
    ['/livez', 'application/json; charset=utf-8'],
    ['/openapi.json', 'application/json; charset=utf-8'],
  ])('GET %s is %s', async (path, type) => {
    const { headers } = await fetch(`${server.url}${path}`)
    expect([headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([type, 'nosniff'])
  })

  it('AWS JSON is, answered past Fastify and through it', async () => {
    for (const [action, body] of [
      ['ListQueues', '{}'],
      ['<script>', '{}'],
    ] as const) {
      const { headers } = await callJson(server, action, body)
      expect([headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([
        'application/x-amz-json-1.0',
        'nosniff',
      ])
    }
  })

  it('bytes that are no request are answered so, too', async () => {
    expect(await rawRequest(server.url, '<script>alert(1)</script>\r\n\r\n')).toMatch(
      /application\/problem\+json[\s\S]*x-content-type-options: nosniff/i,
    )
  })
})

describe('stored text', () => {
  it.each(SCRIPTS)('%s is stored and shown as it is, as data alone', async (text) => {
    const attributes = { a: { type: 'string', value: text } }
    await rest.post('/v1/queues/page/messages', { body: text, attributes })
    const json = await callJson(server, 'ReceiveMessage', JSON.stringify({ QueueUrl: queueUrl, VisibilityTimeout: 0 }))
    expect(JSON.parse(json.text).Messages[0].Body).toBe(text)
    const xml = await callQuery(server, {
      Action: 'ReceiveMessage',
      QueueUrl: queueUrl,
      'MessageAttributeName.1': 'All',
    })
    expect(element(xml.text, 'Body')).toBe(text)
    expect(element(xml.text, 'StringValue')).toBe(text)
    expect(xml.text).not.toMatch(/<script|<img|<svg/)
    await rest.post('/v1/queues/page/purge')
  })

  it.each(SCRIPTS)('%s is no name of a queue and no tag, and where it is repeated it is data', async (text) => {
    expect(await rest.post('/v1/queues', { name: text })).toMatchObject({ status: 400 })
    expect(await rest.patch('/v1/queues/page', { tags: { [text]: 'x' } })).toMatchObject({ status: 400 })
    const tag = { Action: 'TagQueue', QueueUrl: queueUrl, 'Tag.1.Key': text, 'Tag.1.Value': text }
    expect((await callQuery(server, tag)).text).not.toMatch(/<script|<img|<svg/)
    const xml = await callQuery(server, { Action: 'CreateQueue', QueueName: text })
    expect(xml.status).toBe(400)
    expect(xml.text).not.toMatch(/<script|<img|<svg/)
    const unknown = await callQuery(server, { Action: text })
    expect(unknown.text).not.toMatch(/<script|<img|<svg/)
  })
})

describe('pages of other origins', () => {
  /** fetch does not let its caller say where a page comes from. */
  function sendAs(headers: Record<string, string>, method: string, path: string, body = '') {
    const { promise, resolve, reject } = Promise.withResolvers<{
      status: number
      headers: NodeJS.Dict<string | string[]>
    }>()
    const sent = request(`${server.url}${path}`, { method, headers }, (response) => {
      response.resume()
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }))
    })
    sent.on('error', reject)
    sent.end(body)
    return promise
  }

  const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
  /** What browsers say of a form that a page of another origin posts, of its pictures, and of what a sandboxed frame sends. */
  const FOREIGN: readonly Record<string, string>[] = [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    { origin: 'https://evil.example' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
    { origin: 'http://localhost:1', 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
  ]

  it.each(FOREIGN)(
    'as %j change nothing, whatever form they post and whatever picture they ask for',
    async (headers) => {
      await rest.post('/v1/queues', { name: 'kept' })
      await rest.post('/v1/queues/kept/messages', { body: 'kept' })
      const QueueUrl = `${server.url}/000000000000/kept`
      for (const Action of ['PurgeQueue', 'DeleteQueue', 'ReceiveMessage']) {
        const form = new URLSearchParams({ Action, QueueUrl }).toString()
        const json = JSON.stringify({ QueueUrl })
        const attempts = [
          sendAs({ ...headers, ...FORM }, 'POST', '/', form),
          sendAs({ ...headers, ...FORM }, 'POST', '/000000000000/kept', `Action=${Action}`),
          sendAs({ ...headers, 'content-type': 'text/plain' }, 'POST', '/', form),
          sendAs(headers, 'GET', `/?${form}`),
          sendAs(
            { ...headers, 'x-amz-target': `AmazonSQS.${Action}`, 'content-length': `${json.length}` },
            'POST',
            '/',
            json,
          ),
          sendAs({ ...headers, 'content-type': 'text/plain' }, 'POST', '/v1/queues/kept/purge'),
          sendAs(headers, 'DELETE', '/v1/queues/kept'),
        ]
        expect((await Promise.all(attempts)).map(({ status }) => status)).toEqual(attempts.map(() => 403))
      }
      expect((await rest.get('/v1/queues/kept/counts')).body).toMatchObject({ visible: 1, inFlight: 0 })
      await rest.delete('/v1/queues/kept')
    },
  )

  it.each([
    ['off', {}],
    ['on', { STANCHION_AUTH: 'on', STANCHION_MASTER_KEY: randomBytes(32).toString('base64') }],
  ])('are never told that they may read an answer, with authentication %s', async (_auth, env) => {
    const other = await startTestServer(env)
    try {
      for (const [method, path] of [
        ['OPTIONS', '/'],
        ['OPTIONS', '/v1/queues'],
        ['OPTIONS', '/000000000000/page'],
        ['GET', '/v1/queues'],
        ['POST', '/'],
        ['GET', '/metrics'],
        ['GET', '/livez'],
        ['GET', '/openapi.json'],
        ['GET', '/console'],
      ] as const) {
        const { headers } = await fetch(`${other.url}${path}`, {
          method,
          headers: {
            origin: 'https://evil.example',
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization,x-amz-target',
          },
        })
        expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
      }
    } finally {
      await other.stop()
    }
  })
})
