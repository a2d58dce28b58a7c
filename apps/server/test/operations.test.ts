import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Client } from 'pg'
import { parse } from 'yaml'
import { METRICS } from '../src/metrics/index.ts'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer
let rest: RestClient

beforeAll(async () => {
  server = await startTestServer({ STANCHION_STATISTICS_INTERVAL_MS: '50' })
  rest = new RestClient(server)
})

afterAll(() => server.stop())

/** Takes the database away from the server, or gives it back, by means of another database of the same Postgres. */
async function setDatabaseAway(databaseUrl: string, away: boolean): Promise<void> {
  const name = /\/([^/?]+)(\?|$)/.exec(databaseUrl)?.[1] ?? ''
  const admin = new Client({ connectionString: databaseUrl.replace(`/${name}`, '/postgres') })
  await admin.connect()
  await admin.query(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS ${!away}`)
  if (away) await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name])
  await admin.end()
}

async function statusOf(path: string): Promise<number> {
  const response = await fetch(`${server.url}${path}`)
  await response.text()
  return response.status
}

async function metricsText(): Promise<string> {
  return (await fetch(`${server.url}/metrics`)).text()
}

describe('GET /livez and /readyz', () => {
  it('answer 200 while all is well', async () => {
    expect([await statusOf('/livez'), await statusOf('/readyz')]).toEqual([200, 200])
  })

  it('G28 while the database is away the node lives, is not ready, answers 503, and recovers by itself', async () => {
    await rest.post('/v1/queues', { name: 'outage' })
    await setDatabaseAway(server.databaseUrl, true)
    expect([await statusOf('/livez'), await statusOf('/readyz')]).toEqual([200, 503])
    const refused = await rest.post('/v1/queues/outage/messages', { body: 'x' })
    expect(refused.status).toBe(503)
    expect(['unavailable', 'outcomeUnknown', 'deadlineExceeded']).toContain(refused.body.code)
    // Trying again is advised only where certainly nothing happened.
    expect(refused.headers.get('retry-after')).toBe(refused.body.code === 'outcomeUnknown' ? null : '1')
    expect(await statusOf('/metrics')).toBe(200)

    await setDatabaseAway(server.databaseUrl, false)
    const backAt = Date.now()
    while ((await statusOf('/readyz')) !== 200) expect(Date.now() - backAt).toBeLessThan(5_000)
    expect((await rest.post('/v1/queues/outage/messages', { body: 'x' })).status).toBe(201)
  }, 30_000)
})

describe('GET /metrics', () => {
  it('has every metric, the counts of every queue and the latency of every operation', async () => {
    await rest.post('/v1/queues', { name: 'metrics' })
    await rest.post('/v1/queues/metrics/messages/batch', {
      messages: [{ body: 'a' }, { body: 'b' }, { body: 'c', delaySeconds: 60 }],
    })
    const { body } = await rest.post('/v1/queues/metrics/receive', {})
    const [message] = body.messages as { receiptHandle: string }[]
    await rest.delete(`/v1/queues/metrics/leases/${message?.receiptHandle}`)
    await rest.post('/v1/queues/metrics/receive', {})
    await rest.post('/v1/queues/metrics/receive', {})

    // Depths are kept, not counted, so they follow a moment later.
    let text = await metricsText()
    const isThere = (line: string) => text.includes(`stanchion_queue_messages_${line}\n`)
    const labels = '{account="000000000000",queue="metrics"}'
    // Both, because one message was leased while the other was still visible, too.
    while (!isThere(`in_flight${labels} 1`) || !isThere(`visible${labels} 0`)) text = await metricsText()
    for (const name of Object.keys(METRICS)) expect(text).toContain(`# HELP ${name} `)
    const lines = text.split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'stanchion_queue_messages_visible{account="000000000000",queue="metrics"} 0',
        'stanchion_queue_messages_in_flight{account="000000000000",queue="metrics"} 1',
        'stanchion_queue_messages_delayed{account="000000000000",queue="metrics"} 1',
        'stanchion_messages_sent_total{account="000000000000",queue="metrics"} 3',
        'stanchion_messages_received_total{account="000000000000",queue="metrics"} 2',
        'stanchion_messages_deleted_total{account="000000000000",queue="metrics"} 1',
        'stanchion_messages_expired_total{account="000000000000",queue="metrics"} 0',
        'stanchion_message_dwell_seconds_count{account="000000000000",queue="metrics"} 2',
        'stanchion_empty_receives_total{account="000000000000",queue="metrics"} 1',
        'stanchion_request_duration_seconds_count{door="rest",operation="sendMessages",status="2xx"} 1',
        'stanchion_request_duration_seconds_count{door="rest",operation="receiveMessages",status="2xx"} 3',
        'stanchion_database_reachable 1',
        'stanchion_waiters 0',
      ]),
    )
    expect(text).toContain('process_cpu_seconds_total')
  })

  it('forgets queues that are deleted', async () => {
    await rest.post('/v1/queues', { name: 'metrics-gone' })
    await rest.post('/v1/queues/metrics-gone/messages', { body: 'x' })
    expect(await metricsText()).toContain('metrics-gone')
    await rest.delete('/v1/queues/metrics-gone')
    await metricsText()
    await metricsText()
    expect(await metricsText()).not.toContain('metrics-gone')
  })
})

describe('the API reference', () => {
  it.each([
    ['/openapi.json', 'openapi.yaml'],
    ['/openapi-3.0.json', 'openapi-3.0.yaml'],
  ])('%s is what %s says', async (path, name) => {
    const file = readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')
    expect(await (await fetch(`${server.url}${path}`)).json()).toEqual(parse(file))
  })

  it('/docs shows it', async () => {
    const page = await fetch(`${server.url}/docs`)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  })
})

describe('timeouts', () => {
  it('end requests that arrive too slowly, and keep idle connections longer than load balancers do', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout } = server.app.server
    // Node ignores a requestTimeout that is smaller than headersTimeout.
    expect(headersTimeout).toBeGreaterThan(0)
    expect(requestTimeout).toBeGreaterThanOrEqual(headersTimeout)
    expect(keepAliveTimeout).toBeGreaterThan(60_000)
  })
})

describe('the log', () => {
  it('G37 holds no bodies, receipt handles and attributes, even at debug, and names every request', async () => {
    const talkative = await startTestServer({ STANCHION_LOG_LEVEL: 'debug' })
    const client = new RestClient(talkative)
    await client.post('/v1/queues', { name: 'log' })
    const attributes = { a: { type: 'string', value: 'secret-attribute' } }
    await client.post('/v1/queues/log/messages', { body: 'secret-body', attributes })
    await client.post('/v1/queues/log/messages', { body: 'secret-body\u0000' })
    await client.send('POST', '/v1/queues/log/messages', '{"body":"secret-body')
    const { body } = await client.post('/v1/queues/log/receive', {})
    const [message] = body.messages as { receiptHandle: string }[]
    const deleted = await client.delete(`/v1/queues/log/leases/${message?.receiptHandle}`)
    await talkative.stop()
    const text = JSON.stringify(talkative.log)
    for (const secret of ['secret-body', 'secret-attribute', message?.receiptHandle]) expect(text).not.toContain(secret)
    expect(talkative.log).toContainEqual(
      expect.objectContaining({
        msg: 'request',
        level: 'debug',
        method: 'DELETE',
        route: '/v1/queues/:queue/leases/:receiptHandle',
        status: 204,
        requestId: deleted.headers.get('x-request-id'),
      }),
    )
  })

  it('names the request that failed', () => {
    const failure = { level: 'warn', msg: 'request failed', code: expect.any(String), requestId: expect.any(String) }
    expect(server.log).toContainEqual(expect.objectContaining(failure))
  })
})
