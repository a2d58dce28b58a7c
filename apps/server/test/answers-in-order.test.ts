import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rawRequest } from './helpers/raw-request.ts'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer
let rest: RestClient

beforeAll(async () => {
  server = await startTestServer()
  rest = new RestClient(server)
  for (const name of ['rest', 'sqs', 'poll']) await rest.post('/v1/queues', { name })
})
afterAll(() => server.stop())

const HOST = 'Host: localhost\r\n'
const CHUNKED = 'Transfer-Encoding: chunked\r\n'
const NONSENSE = 'no request at all\r\n\r\n'
/** A piece of a chunked body that is none. */
const BROKEN_CHUNK = 'zz\r\n'

/** A request with a body, by way of REST. */
function restRequest(path: string, body: string, headers = ''): string {
  const type = 'Content-Type: application/json\r\n'
  return `POST /v1/queues/${path} HTTP/1.1\r\n${HOST}${type}${headers}Content-Length: ${body.length}\r\n\r\n${body}`
}

/** A send by way of AWS JSON, which takes another way through the server. */
function sqsSend(body: string, headers = ''): string {
  const input = JSON.stringify({ QueueUrl: 'sqs', MessageBody: body })
  const type = 'Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AmazonSQS.SendMessage\r\n'
  return `POST / HTTP/1.1\r\n${HOST}${type}${headers}Content-Length: ${input.length}\r\n\r\n${input}`
}

/** The statuses of the answers that came over a connection, in order. */
function statuses(answers: string): number[] {
  return [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
}

async function visible(queue: string): Promise<unknown> {
  return (await rest.get(`/v1/queues/${queue}/counts`)).body.visible
}

describe('G3 G36 a request that is followed by nonsense has its own answer, and the nonsense another', () => {
  it.each([
    ['a send over REST', 'rest', () => restRequest('rest/messages', '{"body":"x"}'), 201],
    ['a send over AWS JSON', 'sqs', () => sqsSend('x'), 200],
  ] as const)('%s', async (_what, queue, request, status) => {
    const before = Number(await visible(queue))
    expect(statuses(await rawRequest(server.url, request() + NONSENSE))).toEqual([status, 400])
    expect(await visible(queue)).toBe(before + 1)
    // Several that wait, and behind them a body that is broken in the middle.
    const broken = `POST /v1/queues/rest/messages HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n${CHUNKED}\r\n`
    const pipelined = request() + request() + broken + BROKEN_CHUNK
    expect(statuses(await rawRequest(server.url, pipelined))).toEqual([status, status, 400])
    expect(await visible(queue)).toBe(before + 3)
  })

  it.each([
    ['a send over REST', 'rest', () => restRequest('rest/messages', '{"body":"x"}', 'Connection: close\r\n'), 201],
    ['a send over AWS JSON', 'sqs', () => sqsSend('x', 'Connection: close\r\n'), 200],
  ] as const)(
    '%s that is the last of its connection, whatever is said after it',
    async (_what, queue, request, status) => {
      const before = Number(await visible(queue))
      expect(statuses(await rawRequest(server.url, request() + NONSENSE))).toEqual([status])
      expect(await visible(queue)).toBe(before + 1)
    },
  )

  it('a long poll that waits, which gets the message that comes', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    let answers = ''
    socket.on('data', (chunk) => {
      answers += chunk
    })
    const closed = once(socket, 'close')
    socket.write(restRequest('poll/receive', '{"waitSeconds":20}'))
    while (server.engine.snapshot().waiters === 0) await new Promise((resolve) => setImmediate(resolve))
    socket.write(NONSENSE)
    // The next answer of the server is behind the nonsense, which has been read then.
    await rest.get('/v1/queues/poll')
    await rest.post('/v1/queues/poll/messages', { body: 'for the poll' })
    await closed
    expect(statuses(answers)).toEqual([200, 400])
    expect(answers).toContain('"for the poll"')
  })
})

describe('G36 a request whose body breaks off in nonsense', () => {
  const chunked = (line: string, headers: string) => `${line} HTTP/1.1\r\n${HOST}${headers}${CHUNKED}\r\n`

  it.each([
    [
      'before it was answered',
      () => chunked('POST /v1/queues/rest/messages', 'Content-Type: application/json\r\n'),
      400,
    ],
    ['after it was refused', () => chunked('POST /v1/queues/rest/messages', 'Host: evil.example\r\n'), 403],
    ['after its method was refused', () => chunked('PUT /v1/queues/rest/messages', ''), 405],
    ['after it was refused for what it expects', () => chunked('POST /v1/queues', 'Expect: nonsense\r\n'), 417],
  ])('%s is answered once', async (_when, head, status) => {
    const before = await visible('rest')
    expect(statuses(await rawRequest(server.url, head() + BROKEN_CHUNK))).toEqual([status])
    expect(await visible('rest')).toBe(before)
  })
})

it('G36 a client that was refused and does not end its connection is cut off', async () => {
  const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', allowHalfOpen: true })
  const closed = once(server.app.server, 'connection').then(([connection]) => once(connection, 'close'))
  socket.on('error', () => undefined)
  socket.write(NONSENSE)
  const [answer] = await once(socket, 'data')
  expect(statuses(String(answer))).toEqual([400])
  await closed
  socket.destroy()
})

describe('G31 G36 a connection with more requests than one may have waiting', () => {
  const poll = restRequest('poll/receive', '{"waitSeconds":20}')

  it('is closed, and what it asked for waits no longer', async () => {
    expect(await rawRequest(server.url, poll.repeat(2_000)).catch(({ code }) => code)).toMatch(/^(|ECONNRESET|EPIPE)$/)
    while (server.engine.snapshot().waiters > 0) await new Promise((resolve) => setImmediate(resolve))
  })

  it('is not meant where they have been answered', async () => {
    const request = `GET /livez HTTP/1.1\r\n${HOST}\r\n`
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    let answers = 0
    for (let sent = 0; sent < 500; sent += 50) {
      socket.write(request.repeat(50))
      while (answers < sent + 50) answers += statuses(String((await once(socket, 'data'))[0])).length
    }
    expect(answers).toBe(500)
    socket.destroy()
  })
})

it('nothing of this is taken for a mistake of the server', () => {
  expect(server.log.filter(({ level }) => level !== 'info' && level !== 'debug')).toEqual([])
})
