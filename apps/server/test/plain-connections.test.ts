import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { ClientErrors } from '../src/http/client-error.ts'
import type { PlainExchange, PlainRequest } from '../src/http/plain/plain-connection.ts'
import { servePlainConnections } from '../src/http/plain/serve-plain-connections.ts'
import { parseAnswers, type RawAnswer } from './bad-input/raw-wire.ts'
import { open, plainRequest as request, turn } from './helpers/open-connection.ts'

/** A server that answers who served a request, and with which body. */
interface Served {
  readonly server: Server
  readonly port: number
  /** Requests that wait for {@link answer}, when they asked to. */
  readonly held: { readonly request: PlainRequest; readonly exchange: PlainExchange }[]
  /** How many the door was given. */
  taken: number
  isEnding: boolean
}

const TIMES = { headersMsMax: 20_000, wholeMsMax: 60_000, keepAliveMs: 75_000, checkIntervalMs: 10 }
const HOLD = 'hold'

const started: Served[] = []
afterEach(async () => {
  for (const { server } of started.splice(0)) {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
})

async function serve(times: Partial<typeof TIMES> = {}): Promise<Served> {
  const clientErrors = new ClientErrors()
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('latin1')
    response.setHeader('content-length', body.length + 5).end(`node:${body}`, 'latin1')
  })
  server.on('clientError', (error, socket) => clientErrors.handle(error, socket as Socket))
  const served: Served = { server, port: 0, held: [], taken: 0, isEnding: false }
  servePlainConnections(server, {
    ...TIMES,
    ...times,
    door: {
      takes: ({ headers }) => headers['x-node'] === undefined,
      serve(request, exchange) {
        served.taken += 1
        const body = request.body.toString('latin1')
        if (body === HOLD) served.held.push({ request, exchange })
        else exchange.answer(200, ['x-a', 'b'], `door:${body.startsWith('huge') ? body.padEnd(20_000_000, '.') : body}`)
      },
    },
    isEnding: () => served.isEnding,
    refuse: (error, socket) => clientErrors.handle(error, socket),
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  started.push(served)
  return Object.assign(served, { port: (server.address() as AddressInfo).port })
}

const bodies = (answers: readonly RawAnswer[]) => answers.map(({ body }) => body)

describe('requests on a connection', () => {
  it('are answered by the door as Node would: their length, the date, how long the connection is kept', async () => {
    const connection = await open(await serve())
    connection.write(request('x') + request('x', 'X-Node: 1'))
    const [plain, others] = await connection.untilAnswers(2)
    expect(plain).toMatchObject({ status: 200, body: 'door:x' })
    expect(others).toMatchObject({ status: 200, body: 'node:x' })
    expect(plain?.headers).toEqual({
      ...others?.headers,
      'x-a': 'b',
      date: expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/),
      'keep-alive': 'timeout=75',
    })
  })

  it('come whole, wherever they are cut in two', async () => {
    const served = await serve()
    const bytes = request('cut in two', 'X: y')
    const headBytes = bytes.length - 'cut in two'.length
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const connection = await open(served)
      connection.write(bytes.slice(0, cut))
      await connection.untilRead(cut)
      connection.write(bytes.slice(cut))
      const by = cut < headBytes ? 'node' : 'door'
      expect({ cut, bodies: bodies(await connection.untilAnswers(1)) }).toEqual({ cut, bodies: [`${by}:cut in two`] })
      connection.socket.destroy()
    }
  })

  it('come whole, a byte at a time', async () => {
    const connection = await open(await serve())
    const body = 'a byte at a time'
    const bytes = request(body)
    for (let i = 0; i < bytes.length; i += 1) {
      // The head at once, as one in pieces is not plain.
      const end = i === 0 ? bytes.length - body.length : i
      if (i > 0 && i <= bytes.length - body.length) continue
      connection.write(bytes.slice(i === 0 ? 0 : i - 1, end))
      await connection.untilRead(end)
    }
    connection.write(bytes.slice(-1))
    expect(bodies(await connection.untilAnswers(1))).toEqual(['door:a byte at a time'])
  })

  it('come in several packets and carry any byte', async () => {
    const connection = await open(await serve())
    const body = Array.from({ length: 300_000 }, (_, i) => String.fromCharCode(i % 256)).join('')
    connection.write(request(body))
    const [answer] = await connection.untilAnswers(1)
    // What the door answers is text.
    expect(Buffer.from(answer?.body ?? '', 'latin1').toString()).toBe(`door:${body}`)
  })

  it('that are sent at once are answered one by one, and after the first unusual one by Node', async () => {
    const connection = await open(await serve())
    connection.write(request('1') + request('2') + request('3', 'X-Node: 1') + request('4'))
    expect(bodies(await connection.untilAnswers(4))).toEqual(['door:1', 'door:2', 'node:3', 'node:4'])
  })

  it('wait for the one that is served', async () => {
    const served = await serve()
    const connection = await open(served)
    const bytes = request(HOLD) + request('next', 'X-Node: 1')
    connection.write(bytes)
    await connection.untilRead(bytes.length)
    expect(connection.text()).toBe('')
    served.held[0]?.exchange.answer(200, [], 'late')
    expect(bodies(await connection.untilAnswers(2))).toEqual(['late', 'node:next'])
  })

  it('are not read without end ahead of the one that is served', async () => {
    const served = await serve()
    const connection = await open(served)
    const one = request('x'.repeat(1_000))
    connection.write(request(HOLD) + one.repeat(4_000))
    while (!connection.accepted.isPaused()) await turn()
    expect(connection.accepted.bytesRead).toBeLessThan(1_000_000)
    expect(served.taken).toBe(1)
    served.held[0]?.exchange.answer(200, [], '')
    expect(await connection.untilAnswers(4_001)).toHaveLength(4_001)
  })

  it('are not served while the answer before is not taken', async () => {
    const served = await serve()
    const connection = await open(served)
    connection.socket.pause()
    connection.write(request('huge 1') + request('huge 2'))
    while (served.taken === 0) await turn()
    for (let i = 0; i < 100; i += 1) await turn()
    expect(served.taken).toBe(1)
    connection.socket.resume()
    expect((await connection.untilAnswers(2)).map(({ body }) => body.slice(0, 11))).toEqual([
      'door:huge 1',
      'door:huge 2',
    ])
  })
})

describe('a connection that ends', () => {
  it('while its request is served tells so, and takes no answer', async () => {
    const served = await serve()
    for (const leave of [(socket: Socket) => socket.end(), (socket: Socket) => socket.destroy()]) {
      const connection = await open(served)
      connection.write(request(HOLD))
      while (served.held.length === 0) await turn()
      const [{ exchange } = {}] = served.held.splice(0)
      const gone = new Promise<void>((resolve) => exchange?.onceGone(resolve))
      leave(connection.socket)
      await gone
      exchange?.answer(200, [], 'to nobody')
      await connection.closed
      expect(connection.text()).toBe('')
      // Whoever asks later is told at once.
      await new Promise<void>((resolve) => exchange?.onceGone(resolve))
    }
  })

  it('after its answer tells nobody', async () => {
    const served = await serve()
    const connection = await open(served)
    connection.write(request(HOLD))
    while (served.held.length === 0) await turn()
    let isGone = false
    served.held[0]?.exchange.onceGone(() => {
      isGone = true
    })
    served.held[0]?.exchange.answer(200, [], 'x')
    await connection.untilAnswers(1)
    const closed = once(connection.accepted, 'close')
    connection.socket.destroy()
    await closed
    expect(isGone).toBe(false)
  })

  it('before the answer was taken tells so', async () => {
    const served = await serve()
    const connection = await open(served)
    connection.socket.pause()
    connection.write(request(HOLD))
    while (served.held.length === 0) await turn()
    const { exchange } = served.held[0] as (typeof served.held)[number]
    const gone = new Promise<void>((resolve) => exchange.onceGone(resolve))
    exchange.answer(200, [], 'x'.repeat(20_000_000))
    connection.socket.destroy()
    await gone
  })

  it('in the middle of a body is answered 400', async () => {
    const connection = await open(await serve())
    const bytes = request('half of it').slice(0, -5)
    connection.write(bytes)
    await connection.untilRead(bytes.length)
    connection.socket.end()
    expect(await connection.untilAnswers(1)).toMatchObject([{ status: 400, headers: { connection: 'close' } }])
    await connection.closed
  })
})

describe('in time', () => {
  it('a connection that says nothing is answered 408, and what it says then is not served', async () => {
    const served = await serve({ headersMsMax: 30 })
    const connection = await open(served)
    expect(await connection.untilAnswers(1)).toMatchObject([{ status: 408 }])
    connection.write(request('late'))
    await connection.closed
    expect(served.taken).toBe(0)
  })

  it('a body that does not come is answered 408, and a long wait for an answer is not', async () => {
    const served = await serve({ wholeMsMax: 30, headersMsMax: 30 })
    const [slow, patient] = [await open(served), await open(served)]
    patient.write(request(HOLD))
    slow.write(request('half of it').slice(0, -5))
    expect(await slow.untilAnswers(1)).toMatchObject([{ status: 408 }])
    await slow.closed
    served.held[0]?.exchange.answer(200, [], 'here')
    expect(bodies(await patient.untilAnswers(1))).toEqual(['here'])
  })

  it('a connection that is kept and not used is ended without a word', async () => {
    const connection = await open(await serve({ keepAliveMs: 30 }))
    connection.write(request('x'))
    await connection.closed
    expect(bodies(parseAnswers(connection.text()))).toEqual(['door:x'])
  })
})

describe('a server that', () => {
  it('is on its way out says so in every answer, and serves nothing behind it', async () => {
    const served = await serve()
    const connection = await open(served)
    served.isEnding = true
    connection.write(request('last') + request('too late'))
    const [answer, ...more] = await connection.untilAnswers(1)
    expect(answer).toMatchObject({ body: 'door:last', headers: { connection: 'close' } })
    await connection.closed
    expect(answer?.headers['keep-alive']).toBeUndefined()
    expect({ more, taken: served.taken }).toEqual({ more: [], taken: 1 })
  })

  it('closes its idle connections leaves those that wait for an answer, which is then the last', async () => {
    const served = await serve()
    const [idle, waiting] = [await open(served), await open(served)]
    idle.write(request('x'))
    waiting.write(request(HOLD))
    await idle.untilAnswers(1)
    while (served.held.length === 0) await turn()
    served.server.close()
    await idle.closed
    served.held[0]?.exchange.answer(200, [], 'last')
    expect(await waiting.untilAnswers(1)).toMatchObject([{ body: 'last', headers: { connection: 'close' } }])
    waiting.socket.destroy()
  })

  it('closes all connections tells those that wait', async () => {
    const served = await serve()
    const connection = await open(served)
    connection.write(request(HOLD))
    while (served.held.length === 0) await turn()
    const gone = new Promise<void>((resolve) => served.held[0]?.exchange.onceGone(resolve))
    served.server.closeAllConnections()
    await gone
    await connection.closed
  })
})
