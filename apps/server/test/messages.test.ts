import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { receive } from './helpers/filled-queue.ts'
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
async function createQueue(settings: object = {}): Promise<string> {
  queues += 1
  const name = `messages-${queues}`
  await rest.post('/v1/queues', { name, settings })
  return name
}

describe('POST /v1/queues/{queue}/messages', () => {
  describe('201', () => {
    it('G2 delivers body, attributes and trace header as they were sent', async () => {
      const queue = await createQueue()
      const message = {
        body: '\t\n\r "\\ ü 漢字 😀 \u007f\u0080\ufffd <&> \\u0000',
        attributes: {
          count: { type: 'number', label: 'int', value: '0012345678901234567890.10' },
          'a.b-c_d': { type: 'string', value: 'ü' },
          bytes: { type: 'binary', label: 'png', value: 'AP9/' },
        },
        traceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793',
      }
      const { status, body } = await rest.post(`/v1/queues/${queue}/messages`, message)
      expect(status).toBe(201)
      const [received] = await receive(rest, queue)
      expect(received).toMatchObject({ ...message, messageId: body.messageId, receiveCount: 1 })
      expect(Date.parse(received?.sentAt ?? '')).toBeLessThanOrEqual(Date.parse(received?.firstReceivedAt ?? ''))
    })

    it('takes a message of 1 MiB of which every byte is written as an escape', async () => {
      const queue = await createQueue()
      const { status } = await rest.send(
        'POST',
        `/v1/queues/${queue}/messages`,
        `{"body":"${'\\u0041'.repeat(1_048_576)}"}`,
      )
      expect(status).toBe(201)
      const [received] = await receive(rest, queue)
      expect(received?.body === 'A'.repeat(1_048_576)).toBe(true)
    })

    it('G7 keeps a delayed message back', async () => {
      const queue = await createQueue()
      await rest.post(`/v1/queues/${queue}/messages`, { body: 'later', delaySeconds: 900 })
      expect(await receive(rest, queue)).toEqual([])
      expect((await rest.get(`/v1/queues/${queue}/counts`)).body).toMatchObject({ delayed: 1, visible: 0 })
    })
  })

  describe('400', () => {
    it.each([
      [{ body: '' }, 'messageEmpty'],
      [{ body: 'a\u0000b' }, 'invalidCharacters'],
      [{ body: '\ud800' }, 'invalidCharacters'],
      [{ body: '\ufffe' }, 'invalidCharacters'],
      [{ body: 'x', delaySeconds: 31_536_001 }, 'invalidArgument'],
      [{ body: 'x', delaySeconds: -1 }, 'invalidArgument'],
      [{ body: 'x', delaySeconds: 2 ** 63 }, 'invalidArgument'],
      [{ body: 'x', attributes: { a: { type: 'string', value: '\u0000' } } }, 'invalidCharacters'],
      [{ body: 'x', attributes: { a: { type: 'number', value: 'NaN' } } }, 'invalidArgument'],
      [{ body: 'x', attributes: { a: { type: 'binary', value: '*' } } }, 'invalidArgument'],
      [{ body: 'x', attributes: { 'a b': { type: 'string', value: 'x' } } }, 'invalidArgument'],
      [{ body: 'x', attributes: { '': { type: 'string', value: 'x' } } }, 'invalidArgument'],
      [{ body: 'x', attributes: { a: { type: 'string', value: '' } } }, 'invalidArgument'],
    ])('refuses %j and stores nothing', async (message, code) => {
      const queue = await createQueue()
      const { status, body } = await rest.post(`/v1/queues/${queue}/messages`, message)
      expect([status, body.code]).toEqual([400, code])
      expect((await rest.get(`/v1/queues/${queue}/counts`)).body).toMatchObject({ visible: 0, delayed: 0 })
    })
  })

  describe('404', () => {
    it('knows no queue of this name', async () => {
      const answer = await rest.post('/v1/queues/messages-none/messages', { body: 'x' })
      expect(answer).toMatchObject({ status: 404, body: { code: 'queueNotFound' } })
    })
  })

  describe('413', () => {
    it('refuses one byte more than the queue takes, attributes counted', async () => {
      const queue = await createQueue({ messageBytesMax: 1_024 })
      const attributes = { ab: { type: 'string', value: 'cd' } }
      const body = 'x'.repeat(1_024 - 'ab'.length - 'String'.length - 'cd'.length)
      expect((await rest.post(`/v1/queues/${queue}/messages`, { body, attributes })).status).toBe(201)
      const refused = await rest.post(`/v1/queues/${queue}/messages`, { body: `${body}x`, attributes })
      expect(refused).toMatchObject({ status: 413, body: { code: 'messageTooLarge' } })
    })

    it('refuses a body larger than any legal request', async () => {
      const queue = await createQueue()
      const answer = await rest.send('POST', `/v1/queues/${queue}/messages`, `{"body":"${'x'.repeat(9 * 1_048_576)}"}`)
      expect(answer).toMatchObject({ status: 413, body: { code: 'requestTooLarge' } })
    })
  })
})

describe('POST /v1/queues/{queue}/messages/batch', () => {
  describe('200', () => {
    it('answers one id per message, in their order', async () => {
      const queue = await createQueue()
      const messages = Array.from({ length: 1_000 }, (_, index) => ({ body: `m${index}` }))
      const { status, body } = await rest.post(`/v1/queues/${queue}/messages/batch`, { messages })
      expect(status).toBe(200)
      const ids = (body.results as { messageId: string }[]).map((result) => result.messageId)
      const received = await receive(rest, queue, { maxMessages: 1_000 })
      for (const { messageId, body: text } of received) expect(text).toBe(`m${ids.indexOf(messageId)}`)
      expect(received).toHaveLength(1_000)
    })

    it('G3 G22 refuses bad entries and stores their neighbours', async () => {
      const queue = await createQueue()
      const messages = [
        { body: 'first' },
        { body: '' },
        { body: '\u0000' },
        { body: 'x', delaySeconds: 31_536_001 },
        { body: 'x'.repeat(1_048_577) },
        { body: 'x', attributes: { 'no good': { type: 'string', value: 'x' } } },
        { body: 'last' },
      ]
      const { status, body } = await rest.post(`/v1/queues/${queue}/messages/batch`, { messages })
      expect(status).toBe(200)
      const codes = (body.results as { error?: { code: string } }[]).map((result) => result.error?.code)
      expect(codes).toEqual([
        undefined,
        'messageEmpty',
        'invalidCharacters',
        'invalidArgument',
        'messageTooLarge',
        'invalidArgument',
        undefined,
      ])
      const bodies = (await receive(rest, queue, { maxMessages: 10 })).map((message) => message.body)
      expect(bodies.sort()).toEqual(['first', 'last'])
    })
  })

  describe('400', () => {
    it.each([0, 1_001])('refuses %d messages and stores nothing', async (count) => {
      const queue = await createQueue()
      const messages = Array.from({ length: count }, () => ({ body: 'x' }))
      const answer = await rest.post(`/v1/queues/${queue}/messages/batch`, { messages })
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalidArgument' } })
      expect((await rest.get(`/v1/queues/${queue}/counts`)).body).toMatchObject({ visible: 0 })
    })
  })

  describe('404', () => {
    it('knows no queue of this name', async () => {
      const answer = await rest.post('/v1/queues/messages-none/messages/batch', { messages: [{ body: 'x' }] })
      expect(answer).toMatchObject({ status: 404, body: { code: 'queueNotFound' } })
    })
  })
})

describe('POST /v1/queues/{queue}/receive', () => {
  describe('200', () => {
    it('G6 hides what was received, and counts deliveries', async () => {
      const queue = await createQueue()
      await rest.post(`/v1/queues/${queue}/messages`, { body: 'x' })
      const [first] = await receive(rest, queue, { visibilityTimeoutSeconds: 0 })
      const [second] = await receive(rest, queue, { waitSeconds: 5 })
      expect([first?.receiveCount, second?.receiveCount]).toEqual([1, 2])
      expect(second?.firstReceivedAt).toBe(first?.firstReceivedAt)
      expect(await receive(rest, queue)).toEqual([])
    })

    it('G27 ends its wait with a message that is sent meanwhile', async () => {
      const queue = await createQueue()
      const waiting = receive(rest, queue, { waitSeconds: 20 })
      await untilWaiters(1)
      await rest.post(`/v1/queues/${queue}/messages`, { body: 'at last' })
      expect(await waiting).toMatchObject([{ body: 'at last' }])
    })

    it('leases nothing to a caller who has gone', async () => {
      const queue = await createQueue()
      const gone = request(`${server.url}/v1/queues/${queue}/receive`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      })
      gone.on('error', () => undefined)
      gone.end(JSON.stringify({ waitSeconds: 20 }))
      await untilWaiters(1)
      gone.destroy()
      await untilWaiters(0)
      await rest.post(`/v1/queues/${queue}/messages`, { body: 'for the next one' })
      expect(await receive(rest, queue)).toMatchObject([{ body: 'for the next one', receiveCount: 1 }])
    })
  })

  describe('400', () => {
    it.each([
      { maxMessages: 0 },
      { maxMessages: 1_001 },
      { maxMessages: -1 },
      { maxMessages: 2 ** 63 },
      { waitSeconds: 21 },
      { waitSeconds: -1 },
      { visibilityTimeoutSeconds: 31_536_001 },
      { visibilityTimeoutSeconds: -1 },
    ])('refuses %j', async (body) => {
      const queue = await createQueue()
      const answer = await rest.post(`/v1/queues/${queue}/receive`, body)
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalidArgument', field: Object.keys(body)[0] } })
    })
  })

  describe('404', () => {
    it('knows no queue of this name', async () => {
      const answer = await rest.post('/v1/queues/messages-none/receive', { waitSeconds: 20 })
      expect(answer).toMatchObject({ status: 404, body: { code: 'queueNotFound' } })
    })
  })
})

/** Until so many receives wait in the server. */
async function untilWaiters(count: number): Promise<void> {
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  while (server.engine.snapshot().waiters !== count) await turn()
}
