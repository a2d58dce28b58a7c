import { Agent, type IncomingMessage, request } from 'node:http'
import { describe, expect, it } from '@jest/globals'
import { RestClient } from './helpers/rest-client.ts'
import { startTestNode, startTestServer, type TestServer } from './helpers/start-test-server.ts'

interface Answer {
  readonly status: number
  readonly connection: string | undefined
  readonly body: Record<string, unknown>
}

/** A request over a connection that is kept, unlike those of fetch watched for how it ends. */
function send(agent: Agent, method: string, url: string, body?: object): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const headers = body === undefined ? {} : { 'content-type': 'application/json' }
  const sent = request(url, { method, agent, headers }, async (response: IncomingMessage) => {
    const text = Buffer.concat(await response.toArray()).toString()
    resolve({
      status: response.statusCode ?? 0,
      connection: response.headers.connection,
      body: text === '' ? {} : JSON.parse(text),
    })
  })
  sent.on('error', reject)
  sent.end(body === undefined ? undefined : JSON.stringify(body))
  return promise
}

async function untilWaiters(server: TestServer, count: number): Promise<void> {
  while (server.engine.snapshot().waiters !== count) await new Promise((resolve) => setImmediate(resolve))
}

describe('a stop', () => {
  it('G29 answers long polls within a second, is not ready at once, and resets no connection', async () => {
    const server = await startTestServer()
    await new RestClient(server).post('/v1/queues', { name: 'drain' })
    const agent = new Agent({ keepAlive: true })
    const polls = Array.from({ length: 20 }, () =>
      send(agent, 'POST', `${server.url}/v1/queues/drain/receive`, { waitSeconds: 20 }),
    )
    await untilWaiters(server, 20)

    const stoppedAt = Date.now()
    const stopped = server.stopInOrder()
    expect(await send(agent, 'GET', `${server.url}/readyz`)).toMatchObject({ status: 503, connection: 'close' })
    const answers = await Promise.all(polls)
    expect(Date.now() - stoppedAt).toBeLessThan(1_000)
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 200, connection: 'close', body: { messages: [] } })
    }
    await stopped
    expect(Date.now() - stoppedAt).toBeLessThan(5_000)
    agent.destroy()
    await server.stop()
  })

  it('G1 G29 with two hundred long polls open, while messages arrive: all are answered within a second, and no message is lost', async () => {
    const server = await startTestServer()
    const other = await startTestNode(server.databaseUrl)
    const rest = new RestClient(other)
    // A lease that nobody was told of would not be over before the test is.
    await rest.post('/v1/queues', { name: 'drain', settings: { visibilityTimeoutSeconds: 600 } })
    const agent = new Agent({ keepAlive: true })
    const polls = Array.from({ length: 200 }, () =>
      send(agent, 'POST', `${server.url}/v1/queues/drain/receive`, { waitSeconds: 20 }),
    )
    await untilWaiters(server, polls.length)

    let sent = 0
    let isOver = false
    const sending = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        await rest.post('/v1/queues/drain/messages', { body: String(sent++) })
      }
    })
    while (server.engine.snapshot().waiters > 190) await new Promise((resolve) => setImmediate(resolve))
    const stoppedAt = Date.now()
    const stopped = server.stopInOrder()
    const answers = await Promise.all(polls)
    expect(Date.now() - stoppedAt).toBeLessThan(1_000)
    isOver = true
    await Promise.all(sending)
    await stopped

    const bodiesIn = ({ body }: Pick<Answer, 'body'>) => (body.messages as { body: string }[]).map((each) => each.body)
    const told = answers.flatMap(bodiesIn)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(told.length).toBeGreaterThan(0)
    expect(told.length).toBeLessThan(polls.length)
    const left: string[] = []
    while (told.length + left.length < sent) {
      const bodies = bodiesIn(await rest.post('/v1/queues/drain/receive', { maxMessages: 1_000, waitSeconds: 5 }))
      expect(bodies).not.toEqual([])
      left.push(...bodies)
    }
    expect(new Set([...told, ...left]).size).toBe(sent)
    agent.destroy()
    await other.stop()
    await server.stop()
  })

  it('G29 work that goes on during a stop is answered, never cut off', async () => {
    const server = await startTestServer()
    await new RestClient(server).post('/v1/queues', { name: 'drain' })
    const agent = new Agent({ keepAlive: true, maxSockets: 8 })
    const outcomes: string[] = []
    async function work(): Promise<void> {
      for (;;) {
        try {
          const { status } = await send(agent, 'POST', `${server.url}/v1/queues/drain/messages`, { body: 'x' })
          outcomes.push(String(status))
        } catch (error) {
          outcomes.push((error as { code: string }).code)
          return
        }
      }
    }
    const workers = Array.from({ length: 8 }, work)
    while (outcomes.length < 50) await new Promise((resolve) => setImmediate(resolve))
    await server.stopInOrder()
    await Promise.all(workers)
    // Each worker ends when its next connection is refused: the listener is closed, and nothing else ever happens.
    expect(new Set(outcomes)).toEqual(new Set(['201', 'ECONNREFUSED']))
    agent.destroy()
    await server.stop()
  })
})
