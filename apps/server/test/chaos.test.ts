import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { killProcess, startTestPostgres, type TestPostgres } from '@stanchion/testing'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const MESSAGES = 20_000
const BATCH = 10

let postgres: TestPostgres
const nodes: Node[] = []
beforeAll(async () => {
  postgres = await startTestPostgres()
  for (let i = 0; i < 2; i++) nodes.push(await Node.create(postgres.url))
}, 60_000)
afterAll(async () => {
  for (const node of nodes) await node.kill()
  await postgres.drop()
})

/** A server process that can be killed and started again on the same port. */
class Node {
  readonly client: SQSClient
  readonly #databaseUrl: string
  readonly #port: number
  #child: ChildProcess | undefined

  private constructor(databaseUrl: string, port: number) {
    this.#databaseUrl = databaseUrl
    this.#port = port
    this.client = new SQSClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 2_000, requestTimeout: 20_000 },
    })
  }

  static async create(databaseUrl: string): Promise<Node> {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as { port: number }
    await new Promise((resolve) => probe.close(resolve))
    const node = new Node(databaseUrl, port)
    await node.start()
    return node
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: this.#databaseUrl,
        PORT: String(this.#port),
        STANCHION_LOG_LEVEL: 'fatal',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child = child
    await Promise.race([
      once(child.stdout as NodeJS.ReadableStream, 'data'),
      once(child, 'exit').then(() => Promise.reject(new Error('the server ended at its start'))),
    ])
    child.stdout?.resume()
  }

  async kill(): Promise<void> {
    if (this.#child !== undefined) await killProcess(this.#child)
  }
}

/** What the clients saw. Times are of one monotonic clock. */
class History {
  /** Bodies whose send was begun, whatever came of it. */
  readonly invoked = new Set<string>()
  readonly acked = new Set<string>()
  readonly received = new Set<string>()
  /** When the delete of a body was acknowledged. */
  readonly deletedAtMs = new Map<string, number>()
  readonly violations: string[] = []
  failures = 0
  #waiting: { readonly isTrue: () => boolean; resolve(): void }[] = []

  /** Resolves once this is true, which is checked after every event. */
  when(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ isTrue, resolve })
      this.changed()
    })
  }

  changed(): void {
    this.#waiting = this.#waiting.filter(({ isTrue, resolve }) => {
      if (!isTrue()) return true
      resolve()
      return false
    })
  }
}

/** Sends batches of unique bodies, to one node after the other. A failed batch is never sent again: its outcome is unknown. */
async function produce(name: string, queueUrl: string, history: History): Promise<void> {
  for (let n = 0; history.acked.size < MESSAGES; n++) {
    const bodies = Array.from({ length: BATCH }, (_, i) => `${name}-${n}-${i}`)
    for (const body of bodies) history.invoked.add(body)
    try {
      const { Successful = [] } = await (nodes[n % 2] as Node).client.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: bodies.map((body, i) => ({ Id: String(i), MessageBody: body })),
        }),
      )
      for (const { Id } of Successful) history.acked.add(bodies[Number(Id)] as string)
    } catch {
      history.failures++
      await new Promise((resolve) => setImmediate(resolve))
    }
    history.changed()
  }
}

/** Receives and deletes until told to stop. */
async function consume(first: number, queueUrl: string, history: History, isOver: () => boolean): Promise<void> {
  for (let n = first; !isOver(); n++) {
    const { client } = nodes[n % 2] as Node
    const invokedAtMs = performance.now()
    try {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: BATCH,
          WaitTimeSeconds: 1,
          VisibilityTimeout: 5,
        }),
      )
      for (const { Body = '' } of Messages) {
        history.received.add(Body)
        if (!history.invoked.has(Body)) history.violations.push(`${Body} was never sent`)
        const deletedAtMs = history.deletedAtMs.get(Body)
        if (deletedAtMs !== undefined && deletedAtMs < invokedAtMs)
          history.violations.push(`${Body} came back after its delete`)
      }
      if (Messages.length === 0) continue
      const { Successful = [] } = await client.send(
        new DeleteMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle })),
        }),
      )
      for (const { Id } of Successful) history.deletedAtMs.set(Messages[Number(Id)]?.Body ?? '', performance.now())
    } catch {
      history.failures++
      await new Promise((resolve) => setImmediate(resolve))
    }
    history.changed()
  }
}

it('G1 G2 G5 loses nothing, invents nothing and revives nothing while a node and Postgres are killed under load', async () => {
  const history = new History()
  const { QueueUrl = '' } = await (nodes[0] as Node).client.send(new CreateQueueCommand({ QueueName: 'chaos' }))
  let isOver = false
  const producers = ['a', 'b', 'c', 'd'].map((name) => produce(name, QueueUrl, history))
  const consumers = [0, 1, 2, 3].map((first) => consume(first, QueueUrl, history, () => isOver))

  await history.when(() => history.acked.size > MESSAGES * 0.25)
  const beforeKill = history.failures
  await nodes[0]?.kill()
  await history.when(() => history.failures >= beforeKill + 5)
  await nodes[0]?.start()

  await history.when(() => history.acked.size > MESSAGES * 0.5)
  const beforeCrash = history.failures
  await postgres.crash()
  await history.when(() => history.failures >= beforeCrash + 5)
  await postgres.restart()
  const ackedAtRecovery = history.acked.size

  await Promise.all(producers)
  // Every acknowledged message is received at last, and the queue is at rest when all is deleted.
  await history.when(() => [...history.acked].every((body) => history.received.has(body)))
  for (;;) {
    const { Attributes = {} } = await (nodes[1] as Node).client.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      }),
    )
    if (Object.values(Attributes).every((count) => count === '0')) break
  }
  isOver = true
  await Promise.all(consumers)

  expect(history.violations).toEqual([])
  expect(history.acked.size).toBeGreaterThanOrEqual(MESSAGES)
  expect([...history.acked].filter((body) => !history.received.has(body))).toEqual([])
  // A run in which nothing happened after the last fault would prove nothing.
  expect(history.acked.size - ackedAtRecovery).toBeGreaterThan(MESSAGES * 0.2)
}, 180_000)
