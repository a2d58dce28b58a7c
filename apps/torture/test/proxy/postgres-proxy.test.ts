import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@stanchion/testing'
import pg from 'pg'
import type { Cut, Place } from '../../src/proxy/fault.ts'
import { answersOf, type PostgresProxy, requestsOf, startPostgresProxy } from '../../src/proxy/postgres-proxy.ts'

let database: TestDatabase
let direct: pg.Client
let proxy: PostgresProxy
const clients: pg.Client[] = []
beforeAll(async () => {
  database = await createTestDatabase()
  direct = new pg.Client({ connectionString: database.url })
  await direct.connect()
  await direct.query('CREATE TABLE mark (value integer)')
})
afterAll(async () => {
  await direct.end()
  await database.drop()
})
beforeEach(async () => {
  proxy = await startPostgresProxy(database.url)
  await direct.query('TRUNCATE mark')
})
afterEach(async () => {
  await proxy.close()
  for (const client of clients.splice(0)) await client.end().catch(() => undefined)
})

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: proxy.databaseUrl, application_name: 'marker' })
  client.on('error', () => undefined)
  clients.push(client)
  await client.connect()
  return client
}

/** With a parameter, so that it is parsed, bound and executed. */
const mark = (client: pg.Client) => client.query('INSERT INTO mark VALUES ($1)', [1])
const INSERT = /^INSERT INTO mark/

async function marks(): Promise<number> {
  await proxy.settled()
  return (await direct.query('SELECT FROM mark')).rowCount ?? 0
}

it('passes on what it does not harm, byte for byte, in large pieces and small ones', async () => {
  const client = await connect()
  const texts = ['', 'ü\u{1F600}', 'x'.repeat(3_000_000)]
  for (const text of texts) expect((await client.query('SELECT $1::text AS text', [text])).rows).toEqual([{ text }])
  expect((await client.query('SELECT generate_series(1, 5000)')).rowCount).toBe(5_000)
})

it('says of a prepared statement which frames go over the wire', async () => {
  const client = await connect()
  const run = async () => {
    const seen: string[] = []
    const stop = proxy.onFrame(({ direction, type, numberInStatement }) =>
      seen.push(`${direction} ${numberInStatement} ${type}`),
    )
    await client.query({ name: 'add', text: 'SELECT $1::integer + 1', values: [1] })
    stop()
    return seen
  }
  const first = await run()
  const again = await run()
  expect(first.filter((frame) => !again.includes(frame) || frame.includes('Parse'))).toContain('frontend 1 Parse')
  expect(again).toEqual([
    'frontend 1 Bind',
    'frontend 2 Describe',
    'frontend 3 Execute',
    'frontend 4 Sync',
    'backend 1 BindComplete',
    'backend 2 RowDescription',
    'backend 3 DataRow',
    'backend 4 CommandComplete',
    'backend 5 ReadyForQuery',
  ])
})

describe('a cut of an autocommit statement', () => {
  const cases: readonly [by: 'client' | 'postgres', type: string, at: Place, marks: number][] = [
    ['client', 'Parse', 'before', 0],
    ['client', 'Bind', 'inside', 0],
    ['client', 'Execute', 'after', 0],
    ['client', 'Sync', 'before', 0],
    ['client', 'Sync', 'inside', 0],
    ['client', 'Sync', 'after', 1],
    ['postgres', 'ParseComplete', 'before', 1],
    ['postgres', 'CommandComplete', 'inside', 1],
    ['postgres', 'ReadyForQuery', 'before', 1],
  ]
  it.each(cases)('by the %s, %s, %s it: the effect is there %i times', async (by, type, at, count) => {
    for (const action of ['reset', 'finish'] as const) {
      const client = await connect()
      await direct.query('TRUNCATE mark')
      const matches = by === 'client' ? requestsOf(INSERT, type) : answersOf(INSERT, type)
      const fault = proxy.arm({ matches, at, action })
      await expect(mark(client)).rejects.toMatchObject(
        action === 'reset' ? { code: 'ECONNRESET' } : { message: 'Connection terminated unexpectedly' },
      )
      expect(await fault.hit).toMatchObject({ type, connection: { applicationName: 'marker' } })
      expect(await marks()).toBe(count)
      expect(proxy.connections.filter(({ isCut }) => !isCut)).toEqual([])
    }
  })

  it('after the last frame of the answer is one that the client got', async () => {
    const client = await connect()
    proxy.arm({ matches: answersOf(INSERT, 'ReadyForQuery'), at: 'after', action: 'finish' })
    expect((await mark(client)).rowCount).toBe(1)
  })
})

it('counts occurrences, and leaves the other connections alone', async () => {
  const [first, second] = [await connect(), await connect()]
  const fault = proxy.arm({
    matches: (frame) => frame.connection.number === 2 && requestsOf(INSERT, 'Sync')(frame),
    occurrence: 3,
    at: 'before',
    action: 'reset',
  })
  for (let i = 0; i < 4; i++) await mark(first)
  for (let i = 0; i < 2; i++) await mark(second)
  expect(fault.isHit).toBe(false)
  await expect(mark(second)).rejects.toThrow()
  await mark(first)
  expect(await marks()).toBe(7)
})

it('a fault that was disarmed does nothing', async () => {
  const client = await connect()
  const fault = proxy.arm({ matches: () => true, at: 'before', action: 'reset' })
  fault.disarm()
  await mark(client)
  expect(fault.isHit).toBe(false)
})

it.each<[Cut, string]>([
  ['reset', 'ECONNRESET'],
  ['finish', 'unexpectedly'],
])('a %s during the startup refuses the connection', async (action, words) => {
  proxy.arm({ matches: ({ type }) => type === 'BackendKeyData', at: 'inside', action: action as 'reset' })
  await expect(connect()).rejects.toThrow(words)
  await expect(connect()).resolves.toBeDefined()
})

it('a half-closed client is answered to the end, and Postgres does what it was sent', async () => {
  const client = await connect()
  proxy.arm({ matches: requestsOf(INSERT, 'Sync'), at: 'after', action: 'halfClose' })
  expect((await mark(client)).rowCount).toBe(1)
  expect(await marks()).toBe(1)
})

it('a stalled connection goes on where it stood, with everything that was said meanwhile', async () => {
  const client = await connect()
  const fault = proxy.arm({ matches: answersOf(INSERT, 'CommandComplete'), at: 'inside', action: 'stall' })
  const marked = mark(client)
  const again = mark(client)
  await fault.hit
  expect(await marks()).toBe(1)
  proxy.resume()
  await Promise.all([marked, again])
  expect(await marks()).toBe(2)
})

it('what a client sent before it was stalled and left runs when the stall is over', async () => {
  const client = await connect()
  const fault = proxy.arm({ matches: requestsOf(INSERT, 'Bind'), at: 'before', action: 'stall' })
  const marked = expect(mark(client)).rejects.toThrow('unexpectedly')
  await fault.hit
  const [stalled] = proxy.connections
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  await marked
  expect(await marks()).toBe(0)
  proxy.resume()
  await stalled?.postgresGone
  expect(await marks()).toBe(1)
})

it('drops notifications, and nothing else', async () => {
  const client = await connect()
  const heard: string[] = []
  client.on('notification', ({ payload = '' }) => heard.push(payload))
  await client.query('LISTEN news')
  const fault = proxy.arm({ matches: ({ type }) => type === 'NotificationResponse', action: 'drop' })
  for (const text of ['one', 'two']) await client.query(`NOTIFY news, '${text}'`)
  fault.disarm()
  await client.query("NOTIFY news, 'three'")
  await client.query('SELECT 1')
  expect(heard).toEqual(['three'])
})

it('adds latency without changing the order', async () => {
  const client = await connect()
  proxy.setLatency(50)
  const startedAtMs = performance.now()
  const results = await Promise.all([client.query('SELECT 1 AS n'), client.query('SELECT 2 AS n')])
  // There and back, twice.
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(199)
  expect(results.map(({ rows }) => rows[0].n)).toEqual([1, 2])
})

it('refuses to encrypt, which it could not read', async () => {
  const client = new pg.Client({ connectionString: proxy.databaseUrl, ssl: true })
  clients.push(client)
  await expect(client.connect()).rejects.toThrow('does not support SSL')
})
