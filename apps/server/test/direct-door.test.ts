import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rawRequest } from './helpers/raw-request.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer
let queueUrl: string

beforeAll(async () => {
  server = await startTestServer()
  const created = await call('/', 'CreateQueue', JSON.stringify({ QueueName: 'doors' }))
  queueUrl = JSON.parse(created.body).QueueUrl
})

afterAll(() => server.stop())

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** With a query string, which AWS JSON has no use for, a request is nothing the direct door takes. */
const THROUGH_FASTIFY = '/?'

function call(path: string, action: string, body: string | Buffer, headers: Record<string, string> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const options = {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
      'content-length': Buffer.byteLength(body),
      ...headers,
    },
  }
  const sent = request(`${server.url}${path}`, options, async (response) => {
    const text = Buffer.concat(await response.toArray()).toString()
    resolve({ status: response.statusCode, headers: response.headers, body: text })
  })
  sent.on('error', reject)
  sent.end(body)
  return promise
}

/** What is new in every answer. */
function comparable({ status, headers, body }: Answer) {
  const { date: _date, 'x-amzn-requestid': requestId, 'content-length': _length, ...rest } = headers
  const constant = body.replaceAll(/"(MessageId|SequenceNumber)":"[^"]*"/g, '"$1":""').replaceAll(`${requestId}`, '')
  return { status, headers: rest, body: constant, hasRequestId: /^[0-9a-f-]{36}$/.test(String(requestId)) }
}

describe('an AWS JSON request is answered the same way past Fastify and through it', () => {
  it.each<[string, string, () => string | Buffer]>([
    ['a send', 'SendMessage', () => JSON.stringify({ QueueUrl: queueUrl, MessageBody: 'grüße 🌍' })],
    ['a long body', 'SendMessage', () => JSON.stringify({ QueueUrl: queueUrl, MessageBody: 'x'.repeat(900_000) })],
    ['an empty body', 'ListQueues', () => ''],
    ['a receive that finds nothing', 'ReceiveMessage', () => JSON.stringify({ QueueUrl: `${queueUrl}-none` })],
    ['a missing parameter', 'SendMessage', () => JSON.stringify({ QueueUrl: queueUrl })],
    ['a body that is no JSON', 'SendMessage', () => '{'],
    ['bytes that are no UTF-8', 'SendMessage', () => Buffer.from([0x7b, 0xff, 0x7d])],
    ['an unknown action', 'Nonsense', () => '{}'],
    [
      'a batch of which one entry fails',
      'SendMessageBatch',
      () => {
        const entry = (Id: string, MessageBody: string) => ({ Id, MessageBody })
        return JSON.stringify({ QueueUrl: queueUrl, Entries: [entry('a', 'x'), entry('b', '')] })
      },
    ],
  ])('%s', async (_what, action, body) => {
    const direct = comparable(await call('/', action, body()))
    expect(direct.hasRequestId).toBe(true)
    expect(direct).toEqual(comparable(await call(THROUGH_FASTIFY, action, body())))
  })
})

it('a body that comes in pieces is put together', async () => {
  const { host } = new URL(server.url)
  const body = JSON.stringify({ QueueUrl: queueUrl, MessageBody: 'in pieces' })
  const head =
    `POST / HTTP/1.1\r\nHost: ${host}\r\nX-Amz-Target: AmazonSQS.SendMessage\r\nConnection: close\r\n` +
    'Content-Type: application/x-amz-json-1.0\r\n'
  const chunks = [body.slice(0, 10), body.slice(10)].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`)
  expect(await rawRequest(server.url, `${head}Transfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 200[\s\S]*"MessageId"/,
  )
})

it('a body above the limit is refused, and nothing of it is stored', async () => {
  const { status, body } = await call('/', 'SendMessage', 'x'.repeat(8 * 1_024 * 1_024 + 1))
  expect({ status, type: JSON.parse(body).__type }).toEqual({
    status: 400,
    type: 'com.amazon.coral.service#SerializationException',
  })
})

it('a page of another origin is refused', async () => {
  const input = JSON.stringify({ QueueUrl: queueUrl, MessageBody: 'from a page' })
  const { status, body } = await call('/', 'SendMessage', input, { origin: 'https://evil.example' })
  expect({ status, code: JSON.parse(body).code }).toEqual({ status: 403, code: 'foreignOrigin' })
})

it('callers who vanish while they poll or send leave nothing behind, and take no message with them', async () => {
  const port = Number(new URL(server.url).port)
  const vanish = async (body: string, action: string, bytesSent: number) => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Amz-Target: AmazonSQS.${action}\r\n`
    const type = 'Content-Type: application/x-amz-json-1.0\r\n'
    socket.write(`${head}${type}Content-Length: ${body.length}\r\n\r\n${body.slice(0, bytesSent)}`)
    return socket
  }
  const created = await call('/', 'CreateQueue', JSON.stringify({ QueueName: 'deserted' }))
  const { QueueUrl } = JSON.parse(created.body)
  const poll = JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 })
  const send = JSON.stringify({ QueueUrl, MessageBody: 'half of this' })
  const waiters = async () =>
    /^stanchion_waiters (\d+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1]
  const sockets = await Promise.all([
    ...Array.from({ length: 10 }, () => vanish(poll, 'ReceiveMessage', poll.length)),
    ...Array.from({ length: 10 }, () => vanish(send, 'SendMessage', send.length - 5)),
  ])
  while ((await waiters()) !== '10');
  for (const socket of sockets) socket.destroy()
  while ((await waiters()) !== '0');

  await call('/', 'SendMessage', JSON.stringify({ QueueUrl, MessageBody: 'for the living' }))
  const answer = await call('/', 'ReceiveMessage', JSON.stringify({ QueueUrl, AttributeNames: ['All'] }))
  const [message, ...more] = JSON.parse(answer.body).Messages
  expect({ body: message.Body, count: message.Attributes.ApproximateReceiveCount, more }).toEqual({
    body: 'for the living',
    count: '1',
    more: [],
  })
})

it('requests are counted by action and status', async () => {
  await call('/', 'GetQueueUrl', JSON.stringify({ QueueName: 'doors' }))
  await call('/', 'GetQueueUrl', JSON.stringify({ QueueName: 'absent' }))
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  for (const status of ['2xx', '4xx']) {
    expect(metrics).toContain(
      `stanchion_request_duration_seconds_count{door="sqs",operation="GetQueueUrl",status="${status}"} 1`,
    )
  }
})
