import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient } from '../src/index.ts'
import {
  answer,
  breakConnection,
  type FaultyServer,
  hang,
  problem,
  startFaultyServer,
} from './helpers/faulty-server.ts'

let server: FaultyServer

beforeAll(async () => {
  server = await startFaultyServer()
})

afterAll(() => server.stop())

const client = (options: { timeoutSeconds?: number; attemptTimeoutSeconds?: number } = {}) =>
  createClient({ baseUrl: server.url, retry: { attemptsMax: 3, backoffSeconds: 0.001 }, ...options })
const sent = answer(201, { messageId: 'm-1' })
const message = { body: 'x' }
const unknown = [
  ['a connection that broke', breakConnection],
  ['outcomeUnknown', problem(503, 'outcomeUnknown')],
  ['a gateway that gave up', answer(502, 'Bad Gateway', { 'content-type': 'text/html' })],
] as const

describe('a call', () => {
  it('of any kind is repeated when there was no connection', async () => {
    const gone = await startFaultyServer()
    await gone.stop()
    const attempts: unknown[] = []
    const fetch: typeof globalThis.fetch = (url, init) => {
      attempts.push(url)
      return globalThis.fetch(url, init)
    }
    const nobody = createClient({ baseUrl: gone.url, fetch, retry: { attemptsMax: 3, backoffSeconds: 0.001 } })
    const failure = { code: 'connectionFailed', status: undefined, isOutcomeUnknown: false }
    await expect(nobody.queue('q').send(message)).rejects.toMatchObject(failure)
    expect(attempts).toHaveLength(3)
  })

  it.each(unknown)('that only reads is repeated after %s', async (_, failure) => {
    server.will(failure, failure, answer(200, { visible: 1 }))
    expect(await client().queue('q').counts()).toEqual({ visible: 1 })
    expect(server.requests).toHaveLength(3)
  })

  it.each(unknown)('that deletes a message is repeated after %s', async (_, failure) => {
    server.will(failure, (_request, response) => response.writeHead(204).end())
    expect(await client().queue('q').delete('handle')).toBeUndefined()
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array(2).fill('DELETE /v1/queues/q/leases/handle'),
    )
  })

  it.each(unknown)('that sends to a standard queue is not repeated after %s', async (_, failure) => {
    server.will(failure, sent)
    await expect(client().queue('q').send(message)).rejects.toMatchObject({ isOutcomeUnknown: true })
    expect(server.requests).toHaveLength(1)
    server.will(failure, sent)
    await expect(client().queue('q').sendBatch([message])).rejects.toMatchObject({ isOutcomeUnknown: true })
    expect(server.requests).toHaveLength(1)
  })

  it.each(unknown)(
    'that sends to a standard queue is repeated after %s by who accepts duplicates',
    async (_, failure) => {
      server.will(failure, sent)
      expect(await client().queue('q').send(message, { mayDuplicate: true })).toEqual({ messageId: 'm-1' })
    },
  )

  it.each(unknown)('that sends to a FIFO queue is repeated, word by word, after %s', async (_, failure) => {
    server.will(failure, sent)
    const fifo = { body: 'x', groupId: 'g', deduplicationId: 'd' }
    expect(await client().queue('q.fifo').send(fifo)).toEqual({ messageId: 'm-1' })
    expect(server.requests.map(({ body }) => body)).toEqual([fifo, fifo])
  })

  it.each([
    ['purges', () => client().queue('q').purge()],
    ['deletes a queue', () => client().deleteQueue('q')],
    ['starts a move task', () => client().queue('q').startMoveTask()],
    ['makes an access key', () => client().accessKeys.create({ role: 'reader' })],
  ])('that %s is not repeated when its outcome is unknown', async (_, call) => {
    server.will(breakConnection)
    await expect(call()).rejects.toMatchObject({ code: 'connectionFailed', isOutcomeUnknown: true })
    expect(server.requests).toHaveLength(1)
  })

  it('of any kind is repeated when certainly nothing happened', async () => {
    server.will(
      problem(429, 'overloaded', { 'retry-after': '0' }),
      problem(503, 'unavailable', { 'retry-after': '0' }),
      sent,
    )
    expect(await client().queue('q').send(message)).toEqual({ messageId: 'm-1' })
  })

  it('is repeated no earlier than the server asks for', async () => {
    server.will(problem(429, 'overloaded', { 'retry-after': '1' }), sent)
    await client().queue('q').send(message)
    const [first, second] = server.requests
    expect(Number(second?.atMs) - Number(first?.atMs)).toBeGreaterThanOrEqual(990)
  })

  it('fails at once when the server asks for more time than the call has', async () => {
    server.will(problem(429, 'overloaded', { 'retry-after': '60' }))
    await expect(client().queue('q').send(message)).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 60 })
    expect(server.requests).toHaveLength(1)
  })

  it('is not repeated after an error that would come again', async () => {
    server.will(problem(404, 'queueNotFound'))
    await expect(client().queue('q').counts()).rejects.toMatchObject({ code: 'queueNotFound', requestId: 'r-1' })
    expect(server.requests).toHaveLength(1)
  })

  it('is not made more often than its policy says, or the call itself', async () => {
    server.will(problem(500, 'internalError'))
    await expect(client().queue('q').counts()).rejects.toMatchObject({ code: 'internalError' })
    expect(server.requests).toHaveLength(3)
    await expect(client().queue('q').counts({ attemptsMax: 1 })).rejects.toBeDefined()
    expect(server.requests).toHaveLength(4)
  })

  it('has a second attempt when the first is not answered in time', async () => {
    server.will(hang, answer(200, { visible: 1 }))
    expect(await client({ attemptTimeoutSeconds: 0.05 }).queue('q').counts()).toEqual({ visible: 1 })
  })

  it('ends when its time is over', async () => {
    server.will(hang)
    const call = client().queue('q').counts({ timeoutSeconds: 0.05 })
    await expect(call).rejects.toMatchObject({ code: 'timedOut', isOutcomeUnknown: true })
  })

  it('refuses a time that is none', async () => {
    await expect(client().queue('q').counts({ timeoutSeconds: 0 })).rejects.toThrow(RangeError)
    await expect(client().queue('q').counts({ timeoutSeconds: Number.NaN })).rejects.toThrow(RangeError)
  })

  it('ends during a pause when its signal is aborted', async () => {
    const controller = new AbortController()
    server.will((request, response) => {
      problem(429, 'overloaded', { 'retry-after': '20' })(request, response)
      response.once('finish', () => controller.abort(new Error('enough')))
    })
    await expect(client().queue('q').send(message, { signal: controller.signal })).rejects.toThrow('enough')
  })

  it('is not made at all with a signal that is aborted already', async () => {
    server.will(sent)
    await expect(client().queue('q').send(message, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(server.requests).toHaveLength(0)
  })

  it('fails when the answer is none of Stanchion, without following it elsewhere', async () => {
    server.will(answer(302, '', { location: '/elsewhere' }))
    await expect(client().queue('q').send(message)).rejects.toMatchObject({ code: 'invalidAnswer', status: 302 })
    server.will((_request, response) => response.end('<html>'))
    await expect(client().queue('q').send(message)).rejects.toMatchObject({ code: 'invalidAnswer', status: 200 })
    expect(server.requests).toHaveLength(1)
  })

  it('says who calls', async () => {
    server.will(sent)
    await createClient({ baseUrl: server.url, accessKey: { id: 'SK1', secret: 's' } })
      .queue('q')
      .send(message)
    expect(server.requests[0]?.headers.authorization).toBe('Bearer SK1.s')
  })
})
