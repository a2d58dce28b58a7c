import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { CHECKS } from '@stanchion/doctor'
import type { NewAccessKey } from '@stanchion/identity'
import type { NewQueue } from '@stanchion/queue'
import { RestClient } from '../helpers/rest-client.ts'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'

interface ReportView {
  readonly checkedAt: string
  readonly findings: readonly { id: string; severity: string; subject: string; summary: string; queue?: string }[]
  readonly checks: readonly { id: string; outcome: string; reason?: string }[]
}

const ACCOUNT = '000000000000'

const outcomeOf = ({ checks }: ReportView, id: string) => checks.find((check) => check.id === id)

describe('GET /v1/doctor', () => {
  let server: TestServer
  let rest: RestClient
  beforeAll(async () => {
    server = await startTestServer()
    rest = new RestClient(server)
  })
  afterAll(() => server?.stop())

  test('finds nothing on a server that is well, and says of every check what became of it', async () => {
    const { status, body } = await rest.get('/v1/doctor')
    const report = body as unknown as ReportView
    expect(status).toBe(200)
    expect(report.findings).toEqual([])
    expect(report.checks.map(({ id }) => id)).toEqual(CHECKS.map(({ id }) => id))
    expect(report.checks.filter(({ outcome }) => outcome === 'skipped').map(({ id }) => id)).toEqual([
      'disk-nearly-full',
      'database-growing',
      'event-loop-late',
      'queue-not-received',
    ])
    expect(outcomeOf(report, 'queue-not-received')?.reason).toMatch(
      /^This node has watched its queues for \d+ seconds? only/,
    )
    expect(Date.now() - Date.parse(report.checkedAt)).toBeLessThan(60_000)
  })

  test('whoever asks meanwhile or soon after is shown what was read before', async () => {
    const [first, second] = await Promise.all([rest.get('/v1/doctor'), rest.get('/v1/doctor')])
    const third = await rest.get('/v1/doctor')
    expect(second.body.checkedAt).toBe(first.body.checkedAt)
    expect(third.body.checkedAt).toBe(first.body.checkedAt)
  })

  test('knows no parameters and no body', async () => {
    expect(await rest.post('/v1/doctor', {})).toMatchObject({ status: 405 })
  })
})

describe('who may ask', () => {
  let server: TestServer
  const headers = new Map<string, Record<string, string>>()
  const makeQueue = (name: string, queue: Partial<NewQueue>) =>
    server.engine.createQueue({ accountId: ACCOUNT, name, ...queue })
  const ask = async (key: string) => {
    const response = await fetch(`${server.url}/v1/doctor`, { headers: headers.get(key) ?? {} })
    return { status: response.status, body: (await response.json()) as ReportView & { code?: string } }
  }

  beforeAll(async () => {
    server = await startTestServer({
      STANCHION_AUTH: 'on',
      STANCHION_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    })
    const keys = server.app.accessKeys
    if (keys === undefined) throw new Error('there are no keys')
    const make = async (name: string, key: Partial<NewAccessKey>) => {
      const { key: made, secret } = await keys.create({ accountId: ACCOUNT, role: 'reader', ...key })
      headers.set(name, { authorization: `Bearer ${made.id}.${secret}` })
    }
    await make('reader', {})
    await make('other account', { accountId: '111111111111' })
    await make('ours', { queuePattern: 'ours-*' })
    await make('producer', { role: 'producer' })

    // The same mistake twice, and a dead-letter queue of ours with a source of theirs.
    for (const name of ['ours-orders', 'theirs-secret']) {
      await makeQueue(`${name}-gone`, {})
      await makeQueue(name, { deadLetter: { queueName: `${name}-gone`, receiveCountMax: 3 } })
      await server.engine.deleteQueue({ accountId: ACCOUNT, name: `${name}-gone` })
    }
    await makeQueue('ours-dead', { settings: { retentionSeconds: 3_600 } })
    await makeQueue('theirs-source', { deadLetter: { queueName: 'ours-dead', receiveCountMax: 3 } })
  })
  afterAll(() => server?.stop())

  test('a reader sees everything', async () => {
    const { status, body } = await ask('reader')
    expect(status).toBe(200)
    expect(body.findings.map(({ id, queue }) => [id, queue])).toEqual([
      ['dead-letter-queue-missing', 'ours-orders'],
      ['dead-letter-queue-missing', 'theirs-secret'],
      ['dead-letter-retention-shorter', 'ours-dead'],
    ])
    expect(body.findings[2]?.summary).toContain('theirs-source')
    expect(outcomeOf(body, 'fsync-off')).toMatchObject({ outcome: 'passed' })
  })

  test('a key with a pattern is told about its own queues, and no other name', async () => {
    const { status, body } = await ask('ours')
    expect(status).toBe(200)
    expect(body.findings.map(({ id, queue }) => [id, queue])).toEqual([
      ['dead-letter-queue-missing', 'ours-orders'],
      ['dead-letter-retention-shorter', 'ours-dead'],
    ])
    expect(body.findings[0]?.summary).toContain('names ours-orders-gone as its dead-letter queue')
    expect(body.findings[1]?.summary).toContain('and another queue (2) for up to 4 days')
    expect(JSON.stringify(body)).not.toContain('theirs')
    expect(outcomeOf(body, 'fsync-off')).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringContaining('the whole installation'),
    })
  })

  test('a key of another account is told nothing of the queues of this one', async () => {
    const { status, body } = await ask('other account')
    expect(status).toBe(200)
    expect(body.findings).toEqual([])
    expect(JSON.stringify(body)).not.toMatch(/ours|theirs/)
    expect(outcomeOf(body, 'fsync-off')).toMatchObject({ outcome: 'passed' })
  })

  test('a role that may not list is refused, and so is nobody', async () => {
    expect(await ask('producer')).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(await ask('nobody')).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  })
})
