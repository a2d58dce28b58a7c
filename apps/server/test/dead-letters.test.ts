import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer
let rest: RestClient

beforeAll(async () => {
  server = await startTestServer()
  rest = new RestClient(server)
})

afterAll(() => server.stop())

let queues = 0

async function newQueue(more: object = {}): Promise<string> {
  const name = `q${++queues}`
  expect((await rest.post('/v1/queues', { name, ...more })).status).toBe(201)
  return name
}

const to = (queueName: string, receiveCountMax = 1) => ({ deadLetter: { queueName, receiveCountMax } })

/** Receives once, for no time. */
async function fail(queue: string): Promise<Record<string, unknown>[]> {
  const { body } = await rest.post(`/v1/queues/${queue}/receive`, { maxMessages: 10, visibilityTimeoutSeconds: 0 })
  return body.messages as Record<string, unknown>[]
}

describe('the dead-letter queue of a queue, over REST', () => {
  it('is set, shown, changed and removed', async () => {
    const target = await newQueue()
    const source = await newQueue(to(target, 5))
    expect((await rest.get(`/v1/queues/${source}`)).body).toMatchObject({ ...to(target, 5), deadLetterSources: ['*'] })
    expect((await rest.get(`/v1/queues/${target}`)).body).not.toHaveProperty('deadLetter')
    const again = await rest.post('/v1/queues', { name: source, ...to(target, 6) })
    expect(again).toMatchObject({ status: 409, body: { code: 'queueExists', field: 'deadLetter' } })
    const changed = await rest.send('PATCH', `/v1/queues/${source}`, to(target, 7))
    expect(changed).toMatchObject({ status: 200, body: to(target, 7) })
    const removed = await rest.send('PATCH', `/v1/queues/${source}`, { deadLetter: null })
    expect(removed.body).not.toHaveProperty('deadLetter')
  })

  it.each([
    ['a queue that is not there', to('nowhere'), 'deadLetterQueueNotFound'],
    ['a maximum of 0', to('nowhere', 0), 'invalidArgument'],
    ['a maximum of 1,001', to('nowhere', 1_001), 'invalidArgument'],
    ['a maximum as text', { deadLetter: { queueName: 'nowhere', receiveCountMax: '3' } }, 'invalidRequest'],
    ['no maximum', { deadLetter: { queueName: 'nowhere' } }, 'invalidRequest'],
    ['another member', { deadLetter: { ...to('nowhere').deadLetter, extra: 1 } }, 'invalidRequest'],
    ['a name that is none', to('no name'), 'invalidArgument'],
    ['all sources and one more', { deadLetterSources: ['*', 'a'] }, 'invalidArgument'],
    ['one more and all sources', { deadLetterSources: ['a', '*'] }, 'invalidArgument'],
    ['eleven sources', { deadLetterSources: Array(11).fill('a') }, 'invalidArgument'],
    ['other sources', { deadLetterSources: 'all' }, 'invalidRequest'],
  ])('is refused with %s, and nothing changes', async (_what, members, code) => {
    const queue = await newQueue()
    const before = (await rest.get(`/v1/queues/${queue}`)).body
    expect(await rest.send('PATCH', `/v1/queues/${queue}`, members)).toMatchObject({ status: 400, body: { code } })
    expect((await rest.get(`/v1/queues/${queue}`)).body).toEqual(before)
    const name = `refused-${queue}`
    expect(await rest.post('/v1/queues', { name, ...members })).toMatchObject({ status: 400, body: { code } })
    expect((await rest.get(`/v1/queues/${name}`)).status).toBe(404)
  })

  it('says which queues may use it', async () => {
    const [good, bad] = [await newQueue(), await newQueue()]
    const target = await newQueue({ deadLetterSources: [good] })
    expect((await rest.send('PATCH', `/v1/queues/${good}`, to(target))).status).toBe(200)
    const refused = await rest.send('PATCH', `/v1/queues/${bad}`, to(target))
    expect(refused).toMatchObject({ status: 400, body: { code: 'deadLetterQueueForbidden' } })
    for (const [deadLetterSources, status] of [
      [[], 400],
      [['*'], 200],
    ] as const) {
      const changed = await rest.send('PATCH', `/v1/queues/${target}`, { deadLetterSources })
      expect(changed).toMatchObject({ status: 200, body: { deadLetterSources } })
      expect((await rest.send('PATCH', `/v1/queues/${bad}`, to(target))).status).toBe(status)
    }
  })

  it('lists its sources by pages', async () => {
    const target = await newQueue()
    const sources = [await newQueue(to(target)), await newQueue(to(target))].sort()
    const path = `/v1/queues/${target}/dead-letter-sources`
    const first = await rest.get(`${path}?limit=1`)
    expect(first.body).toMatchObject({ queues: [{ name: sources[0] }] })
    const rest2 = await rest.get(`${path}?limit=1&cursor=${first.body.nextCursor}`)
    expect(rest2.body).toMatchObject({ queues: [{ name: sources[1] }] })
    expect(rest2.body).not.toHaveProperty('nextCursor')
    expect(await rest.get('/v1/queues/nowhere/dead-letter-sources')).toMatchObject({ status: 404 })
    expect(await rest.get(`${path}?limit=0`)).toMatchObject({ status: 400 })
  })

  it('G18 gets what was received too often, and counts it for the metrics', async () => {
    const target = await newQueue()
    const source = await newQueue(to(target))
    const { body } = await rest.post(`/v1/queues/${source}/messages`, { body: 'poison' })
    const [delivered] = await fail(source)
    expect(delivered).not.toHaveProperty('deadLetterSource')
    expect(await fail(source)).toEqual([])
    expect(await fail(target)).toMatchObject([
      {
        messageId: body.messageId,
        body: 'poison',
        receiveCount: 2,
        deadLetterSource: source,
        sentAt: delivered?.sentAt,
      },
    ])
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    const value = (metric: string, queue: string) =>
      new RegExp(`^${metric}{account="000000000000",queue="${queue}"} (\\d+)$`, 'm').exec(metrics)?.[1]
    expect(value('stanchion_messages_dead_lettered_total', source)).toBe('1')
    expect(value('stanchion_messages_sent_total', source)).toBe('1')
    // A move is no send.
    expect(value('stanchion_messages_sent_total', target) ?? '0').toBe('0')
  })
})
