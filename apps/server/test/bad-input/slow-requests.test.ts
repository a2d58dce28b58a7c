import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { RestClient } from '../helpers/rest-client.ts'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'
import { parseAnswers } from './raw-wire.ts'

const TIMES = { headersMsMax: 300, wholeMsMax: 600, checkIntervalMs: 50 }
const SILENT = 1_000
const NEIGHBOUR_MS_MAX = 1_000

let server: TestServer
let rest: RestClient

beforeAll(async () => {
  server = await startTestServer({}, TIMES)
  rest = new RestClient(server)
  for (const name of ['slow', 'poll']) await rest.post('/v1/queues', { name })
})
afterAll(() => server.stop())

/** A connection, and what has come over it once it has ended. It never ends itself, even if the server does. */
interface SlowConnection {
  readonly socket: Socket
  readonly ended: Promise<string>
}

function open(bytes: string): SlowConnection {
  const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', allowHalfOpen: true })
  let text = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    text += chunk
  })
  // The server cuts off who does not end.
  socket.on('error', () => undefined)
  socket.write(bytes)
  const ended = Promise.race([once(socket, 'end'), once(socket, 'close')]).then(() => text)
  return { socket, ended }
}

const statusesOf = (text: string) => parseAnswers(text).map(({ status }) => status)

async function untilNoConnections(): Promise<void> {
  const count = () =>
    new Promise<number>((resolve) => server.app.server.getConnections((_error, open) => resolve(open)))
  // Those of the client of this test are kept.
  while ((await count()) > 2) await new Promise((resolve) => setImmediate(resolve))
}

const HOST = 'Host: localhost\r\n'
const JSON_TYPE = 'Content-Type: application/json\r\n'
const SQS = 'Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AmazonSQS.SendMessage\r\n'
const GET = `GET /livez HTTP/1.1\r\n${HOST}\r\n`

/** What a connection says before it falls silent, and what it is answered. */
const HALVES: readonly (readonly [what: string, bytes: string, statuses: readonly number[]])[] = [
  ['says nothing', '', [408]],
  ['says half a request line', 'GET /liv', [408]],
  ['says half a header', `GET /livez HTTP/1.1\r\nHo`, [408]],
  ['says all headers but the empty line', `GET /livez HTTP/1.1\r\n${HOST}`, [408]],
  [
    'says half a body to REST',
    `POST /v1/queues/slow/messages HTTP/1.1\r\n${HOST}${JSON_TYPE}Content-Length: 12\r\n\r\n{"body`,
    [408],
  ],
  ['says half a body to SQS', `POST / HTTP/1.1\r\n${HOST}${SQS}Content-Length: 50\r\n\r\n{"QueueUrl":"slow",`, [408]],
  [
    'says half a body in chunks to SQS',
    `POST / HTTP/1.1\r\n${HOST}${SQS}Transfer-Encoding: chunked\r\n\r\n5\r\n{"Que\r\n`,
    [408],
  ],
  [
    'waits to be asked for its body and then says none',
    `POST / HTTP/1.1\r\n${HOST}${SQS}Expect: 100-continue\r\nContent-Length: 50\r\n\r\n`,
    [100, 408],
  ],
  ['says half a request behind a whole one', `${GET}GET /livez HTTP/1.1\r\nHo`, [200, 408]],
]

it('G36 a connection that falls silent in the middle of a request is answered 408 in time, and ended', async () => {
  const slow = HALVES.map(([what, bytes, statuses]) => ({ what, statuses, ...open(bytes) }))
  for (const { what, statuses, ended } of slow)
    expect({ what, got: statusesOf(await ended) }).toEqual({ what, got: statuses })
  // They do not end by themselves: what the server holds of them goes nevertheless.
  await untilNoConnections()
  for (const { socket } of slow) socket.destroy()
  expect((await rest.get('/v1/queues/slow/counts')).body).toMatchObject({ visible: 0 })
})

it('G31 G36 a thousand connections that say nothing harm nobody, and are gone in time', async () => {
  const silent = Array.from({ length: SILENT }, () => open(''))
  await Promise.all(silent.map(({ socket }) => once(socket, 'connect')))
  let neighbours = 0
  let longestMs = 0
  let isOver = false
  const over = Promise.all(silent.map(({ ended }) => ended)).then((texts) => {
    isOver = true
    return texts
  })
  while (!isOver) {
    const askedAtMs = performance.now()
    expect(await rest.post('/v1/queues/slow/messages', { body: 'neighbour' })).toMatchObject({ status: 201 })
    longestMs = Math.max(longestMs, performance.now() - askedAtMs)
    neighbours += 1
  }
  expect(new Set((await over).flatMap(statusesOf))).toEqual(new Set([408]))
  expect(longestMs).toBeLessThan(NEIGHBOUR_MS_MAX)
  await untilNoConnections()
  for (const { socket } of silent) socket.destroy()
  expect((await rest.get('/v1/queues/slow/counts')).body).toMatchObject({ visible: neighbours })
})

it('G27 a long poll is not slow: it waits for longer than a request may take to come', async () => {
  const request = `POST /v1/queues/poll/receive HTTP/1.1\r\n${HOST}${JSON_TYPE}Connection: close\r\n`
  const poll = open(`${request}Content-Length: 18\r\n\r\n{"waitSeconds":20}`)
  while (server.engine.snapshot().waiters === 0) await new Promise((resolve) => setImmediate(resolve))
  // Two of them, one after the other, take longer than anybody may take for a request.
  for (let i = 0; i < 2; i += 1) await open(`POST / HTTP/1.1\r\n${HOST}${SQS}Content-Length: 50\r\n\r\n{`).ended
  await rest.post('/v1/queues/poll/messages', { body: 'late' })
  expect(parseAnswers(await poll.ended)).toMatchObject([{ status: 200, body: expect.stringContaining('"late"') }])
})
