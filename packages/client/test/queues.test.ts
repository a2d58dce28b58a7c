import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createClient, StanchionError } from '../src/index.ts'
import { type Setup, setup } from './helpers/setup.ts'

let t: Setup

beforeAll(async () => {
  t = await setup()
})

afterAll(() => t.server.stop())

describe('queues', () => {
  it('are created, described, changed and deleted', async () => {
    const settings = { visibilityTimeoutSeconds: 5 }
    const created = await t.client.createQueue({ name: 'life', settings, tags: { team: 'a' } })
    expect(created).toMatchObject({ name: 'life', kind: 'standard', settings, tags: { team: 'a' } })
    expect(await t.client.createQueue({ name: 'life', settings, tags: { team: 'a' } })).toEqual(created)
    expect(await t.client.getQueue('life')).toEqual(created)
    const changed = await t.client.updateQueue('life', { settings: { delaySeconds: 3 } })
    expect(changed.settings).toEqual({ ...created.settings, delaySeconds: 3 })
    expect(await t.client.deleteQueue('life')).toBeUndefined()
    await expect(t.client.getQueue('life')).rejects.toMatchObject({ code: 'queueNotFound' })
  })

  it('are listed page by page, or all of them with one loop', async () => {
    const names = ['list-a', 'list-b', 'list-c']
    for (const name of [...names, 'other']) await t.client.createQueue({ name })
    const first = await t.client.listQueues({ prefix: 'list-', limit: 2 })
    expect(first.queues.map(({ name }) => name)).toEqual(['list-a', 'list-b'])
    const second = await t.client.listQueues({ prefix: 'list-', limit: 2, cursor: String(first.nextCursor) })
    expect(second).toMatchObject({ queues: [{ name: 'list-c' }] })
    const all: string[] = []
    for await (const { name } of t.client.queues({ prefix: 'list-' })) all.push(name)
    expect(all).toEqual(names)
  })

  it('are counted and purged', async () => {
    const queue = await t.createQueue()
    await queue.sendBatch([{ body: '1' }, { body: '2' }, { body: '3', delaySeconds: 900 }])
    await queue.receive()
    expect(await queue.counts()).toMatchObject({ visible: 1, inFlight: 1, delayed: 1 })
    expect(await queue.purge()).toBeUndefined()
    expect(await queue.counts()).toMatchObject({ visible: 0, inFlight: 0, delayed: 0 })
  })

  it('say who sends dead letters to them, and move these back', async () => {
    const dead = await t.createQueue()
    const source = await t.createQueue({ deadLetter: { queueName: dead.name, receiveCountMax: 1 } })
    await source.send({ body: 'unlucky' })
    await source.receive({ visibilityTimeoutSeconds: 0 })
    expect(await source.receive({ waitSeconds: 0 })).toEqual([])
    expect(await dead.counts()).toMatchObject({ visible: 1 })

    expect(await dead.listDeadLetterSources({ limit: 1 })).toMatchObject({ queues: [{ name: source.name }] })
    const sources: string[] = []
    for await (const { name } of dead.deadLetterSources()) sources.push(name)
    expect(sources).toEqual([source.name])

    const task = await dead.startMoveTask({ messagesPerSecondMax: 500 })
    expect(task).toMatchObject({ source: dead.name, status: 'running' })
    const [moved] = await source.receive({ waitSeconds: 20 })
    expect(moved).toMatchObject({ body: 'unlucky' })
    expect(await dead.listMoveTasks()).toMatchObject([{ id: task.id }])
    expect(await dead.getMoveTask(task.id)).toMatchObject({ id: task.id, source: dead.name })
  })

  it('stop a move task on request', async () => {
    const dead = await t.createQueue()
    const source = await t.createQueue({ deadLetter: { queueName: dead.name, receiveCountMax: 1 } })
    await source.sendBatch([{ body: '1' }, { body: '2' }, { body: '3' }])
    await source.receive({ maxMessages: 3, visibilityTimeoutSeconds: 0 })
    await source.receive({ maxMessages: 3, waitSeconds: 0 })
    const { id } = await dead.startMoveTask({ destination: source.name, messagesPerSecondMax: 1 })
    expect(await dead.cancelMoveTask(id)).toMatchObject({ id, destination: source.name })
  })
})

describe('an error', () => {
  it('carries what the problem says', async () => {
    const failure = await t.client.createQueue({ name: 'not valid' }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StanchionError)
    expect(failure).toMatchObject({
      name: 'StanchionError',
      code: 'invalidQueueName',
      status: 400,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      isOutcomeUnknown: false,
      isTransient: false,
    })
    expect((failure as StanchionError).message).toBe(`invalidQueueName: ${(failure as StanchionError).detail}`)
  })

  it('names the member that is to blame', async () => {
    const queue = await t.createQueue()
    await expect(queue.send({ body: 'x', delaySeconds: 31_536_001 })).rejects.toMatchObject({ field: 'delaySeconds' })
  })
})

describe('createClient', () => {
  it('keeps the path of the base URL', async () => {
    const asked: string[] = []
    const fetch: typeof globalThis.fetch = async (url) => {
      asked.push(String(url))
      return Response.json({ queues: [] })
    }
    await createClient({ baseUrl: 'https://example.test/queues/', fetch }).listQueues({ prefix: 'a&b' })
    expect(asked).toEqual(['https://example.test/queues/v1/queues?prefix=a%26b'])
  })

  it.each([
    [{ baseUrl: 'ftp://example.test' }, /http or https/],
    [{ baseUrl: 'http://example.test/?a=b' }, /neither query nor fragment/],
    [{ baseUrl: 'http://example.test', retry: { attemptsMax: 0 } }, /attemptsMax/],
    [{ baseUrl: 'http://example.test', retry: { backoffSeconds: -1 } }, /backoff/],
    [{ baseUrl: 'http://example.test', timeoutSeconds: 241 }, /at most 240/],
    [{ baseUrl: 'http://example.test', attemptTimeoutSeconds: 0 }, /more than 0/],
  ])('refuses %j', (options, reason) => {
    expect(() => createClient(options)).toThrow(reason)
  })
})
