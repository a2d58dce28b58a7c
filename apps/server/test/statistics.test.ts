import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { RestClient } from './helpers/rest-client.ts'
import { startTestServer, type TestServer } from './helpers/start-test-server.ts'

let server: TestServer
let rest: RestClient
beforeAll(async () => {
  server = await startTestServer()
  rest = new RestClient(server)
  for (const name of ['stat-a', 'stat-b', 'stat-dead']) await rest.post('/v1/queues', { name })
  await rest.patch('/v1/queues/stat-a', { deadLetter: { queueName: 'stat-dead', receiveCountMax: 3 } })
})
afterAll(() => server?.stop())

describe('the numbers of queues', () => {
  test('of all queues, page after page, in the order of their names', async () => {
    const first = await rest.get('/v1/statistics?prefix=stat-&limit=2')
    expect(first).toMatchObject({
      status: 200,
      body: { queues: [{ name: 'stat-a', deadLetterQueue: 'stat-dead', visible: 0 }, { name: 'stat-b' }] },
    })
    const second = await rest.get(`/v1/statistics?prefix=stat-&limit=2&cursor=${first.body.nextCursor}`)
    expect(second.body).toMatchObject({ queues: [{ name: 'stat-dead', deadLetterSources: ['stat-a'] }] })
    expect(second.body).not.toHaveProperty('nextCursor')
  })

  test('of one queue', async () => {
    expect(await rest.get('/v1/queues/stat-a/statistics')).toMatchObject({
      status: 200,
      body: { name: 'stat-a', kind: 'standard', totals: { sent: 0 }, oldestMessageAgeSeconds: null, sentPerSecond: 0 },
    })
    expect(await rest.get('/v1/queues/nope/statistics')).toMatchObject({ status: 404, body: { code: 'queueNotFound' } })
  })

  test('over time, in steps that fit the range', async () => {
    expect(await rest.get('/v1/queues/stat-a/history')).toMatchObject({ status: 200, body: { stepSeconds: 10 } })
    expect(await rest.get('/v1/queues/stat-a/history?rangeSeconds=3600')).toMatchObject({ body: { stepSeconds: 60 } })
    expect(await rest.get('/v1/queues/nope/history')).toMatchObject({ status: 404, body: { code: 'queueNotFound' } })
  })

  test.each([
    ['0', 'invalidArgument'],
    ['10741', 'invalidArgument'],
    ['x', 'invalidRequest'],
    ['15.5', 'invalidRequest'],
  ])('a range of %s seconds is refused by its name', async (range, code) => {
    expect(await rest.get(`/v1/queues/stat-a/history?rangeSeconds=${range}`)).toMatchObject({
      status: 400,
      body: { code, field: 'rangeSeconds' },
    })
  })

  test('a cursor that is none, and a prefix that no name can have', async () => {
    expect(await rest.get('/v1/statistics?cursor=%00')).toMatchObject({ status: 400, body: { field: 'cursor' } })
    expect(await rest.get('/v1/statistics?prefix=%C3%BC')).toMatchObject({ status: 200, body: { queues: [] } })
  })
})
