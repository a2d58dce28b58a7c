import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PIPELINED_MAX } from '../../src/http/serve-in-turn.ts'
import { rawRequest } from '../helpers/raw-request.ts'
import { RestClient } from '../helpers/rest-client.ts'
import { callQuery } from '../helpers/sqs-clients.ts'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'

const CONNECTIONS_MAX = 5
const MIB = 1_024 * 1_024

let server: TestServer
let rest: RestClient
const sockets: Socket[] = []

beforeAll(async () => {
  server = await startTestServer({ STANCHION_CONNECTIONS_MAX: String(CONNECTIONS_MAX) })
  rest = new RestClient(server)
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await server.stop()
})

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** The first line that a connection is answered; empty when it is closed without an answer. */
async function ask(socket: Socket): Promise<string> {
  socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const [chunk] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [''])])
  return String(chunk).split('\r\n', 1)[0] ?? ''
}

describe('a connection', () => {
  it('G31 beyond the allowed number is closed at once, and another one is taken when one has gone', async () => {
    const held: Socket[] = []
    for (let i = 0; i < CONNECTIONS_MAX; i += 1) {
      const socket = await open()
      expect(await ask(socket)).toBe('HTTP/1.1 200 OK')
      held.push(socket)
    }
    expect(await ask(await open())).toBe('')
    for (const socket of held) expect(await ask(socket)).toBe('HTTP/1.1 200 OK')
    for (const socket of held) {
      const gone = once(socket, 'close')
      socket.end()
      await gone
    }
    // The server learns a moment later than its client that a connection has ended.
    let answer = ''
    while (answer === '') answer = await ask(await open()).catch(() => '')
    expect(answer).toBe('HTTP/1.1 200 OK')
  })

  it('G31 that asks without reading is owed one answer at a time, and has an end', async () => {
    await rest.post('/v1/queues', { name: 'pipelined' })
    const post = (path: string, body: object) => {
      const text = JSON.stringify(body)
      return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`
    }
    const poll = post('/v1/queues/pipelined/receive', { waitSeconds: 20 })
    const send = post('/v1/queues/pipelined/messages', { body: 'x' })
    const visible = async () => (await rest.get('/v1/queues/pipelined/counts')).body.visible

    const patient = await open()
    patient.write(poll + send.repeat(PIPELINED_MAX))
    while (server.engine.snapshot().waiters !== 1) await new Promise((resolve) => setImmediate(resolve))
    expect(await visible()).toBe(0)
    await rest.post('/v1/queues/pipelined/messages', { body: 'for the poll' })
    let answers = ''
    for await (const chunk of patient) {
      answers += chunk
      if (answers.split('HTTP/1.1 201 Created').length - 1 === PIPELINED_MAX) break
    }
    expect(answers).toMatch(/^HTTP\/1.1 200 OK/)
    expect(await visible()).toBe(PIPELINED_MAX)

    await rest.post('/v1/queues/pipelined/purge')
    const greedy = await open()
    greedy.write(poll + send.repeat(PIPELINED_MAX + 1))
    await once(greedy, 'close')
    expect(await visible()).toBe(0)
    await rest.delete('/v1/queues/pipelined')
  })

  it('G3 that was refused as too slow is not served any more, whatever arrives', async () => {
    await rest.post('/v1/queues', { name: 'refused' })
    const accepted = once(server.app.server, 'connection')
    const socket = await open()
    const [held] = await accepted
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.write('POST /v1/queues/refused/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n')
    socket.write('Content-Length: 12\r\n\r\n{"body":"x"}')
    // As Node does in its timers, before it reads what has arrived.
    server.app.server.emit('clientError', Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), held)
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
    expect((await rest.get('/v1/queues/refused/counts')).body).toMatchObject({ visible: 0 })
    await rest.delete('/v1/queues/refused')
  })

  it('G36 may send headers of 16 KiB and not more', async () => {
    const headers = (bytes: number) =>
      `GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: ${'x'.repeat(bytes)}\r\n\r\n`
    expect(await rawRequest(server.url, headers(15_000))).toMatch(/^HTTP\/1\.1 200 /)
    expect(await rawRequest(server.url, headers(17_000))).toMatch(/^HTTP\/1\.1 431 /)
    const many = `GET /livez HTTP/1.1\r\nHost: localhost\r\n${'a: b\r\n'.repeat(5_000)}\r\n`
    expect(await rawRequest(server.url, many)).toMatch(/^HTTP\/1\.1 431 /)
  })

  it('G36 may not send a body beyond 8 MiB to any door, whether it says its length or not', async () => {
    const long = 'x'.repeat(8 * MIB + 1)
    expect(await rest.post('/v1/queues', `{"name":"${long}"}`)).toMatchObject({
      status: 413,
      body: { code: 'requestTooLarge' },
    })
    expect(await callQuery(server, `Action=ListQueues&x=${long}`)).toMatchObject({ status: 400 })
    const chunk = `${MIB.toString(16)}\r\n${'x'.repeat(MIB)}\r\n`
    for (const path of ['/', '/v1/queues']) {
      const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n`
      const answer = await rawRequest(
        server.url,
        `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(9)}0\r\n\r\n`,
      ).catch(
        // The rest of what it would have sent may meet a closed connection.
        (error: NodeJS.ErrnoException) => String(error.code),
      )
      expect(answer).toMatch(/^HTTP\/1\.1 4(00|13) |ECONNRESET|EPIPE/)
    }
    expect((await rest.get('/v1/queues')).body).toEqual({ queues: [] })
  })

  it('G36 whose request comes too slowly is ended: headers within 20 s, the whole within 60 s', () => {
    const { headersTimeout, requestTimeout, maxConnections } = server.app.server
    expect({ headersTimeout, requestTimeout, maxConnections }).toEqual({
      headersTimeout: 20_000,
      requestTimeout: 60_000,
      maxConnections: CONNECTIONS_MAX,
    })
  })
})
