import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { createQueueWithLeases } from '../helpers/filled-queue.ts'
import { RestClient } from '../helpers/rest-client.ts'
import { startTestServer, type TestServer } from '../helpers/start-test-server.ts'

/** What bad requests are aimed at: all of it exists, so that a request that should be refused would have an effect. */
export interface World {
  readonly server: TestServer
  readonly sql: pg.Client
  /** Leases, tags and a dead-letter queue. */
  readonly queue: string
  readonly fifo: string
  readonly dead: string
  /** For requests that may have a meaning. */
  readonly sandbox: string
  /** For requests that are right. */
  readonly neighbour: string
  readonly handle: string
  readonly messageId: string
  readonly taskId: string
  readonly keyId: string
  readonly label: string
}

/** Starts a server and fills it. */
export async function startWorld(): Promise<World> {
  const server = await startTestServer({
    STANCHION_MASTER_KEY: randomBytes(32).toString('base64'),
    // What background duties write must not be taken for what a request did.
    STANCHION_STATISTICS_INTERVAL_MS: '60000',
    STANCHION_LOG_LEVEL: 'warn',
  })
  const sql = new pg.Client({ connectionString: server.databaseUrl })
  await sql.connect()
  const rest = new RestClient(server)
  const names = { queue: 'aim', fifo: 'aim.fifo', dead: 'aim-dead', sandbox: 'sandbox', neighbour: 'neighbour' }
  const [message] = await createQueueWithLeases(rest, names.queue, 'leased')
  await rest.post(`/v1/queues/${names.queue}/messages`, { body: 'ready' })
  await rest.post('/v1/queues', { name: names.fifo, kind: 'fifo' })
  for (const name of [names.dead, names.sandbox, names.neighbour]) await rest.post('/v1/queues', { name })
  const deadLetter = { queueName: names.dead, receiveCountMax: 5 }
  await rest.patch(`/v1/queues/${names.queue}`, { deadLetter, tags: { visible: 'yes' } })
  const task = await rest.post(`/v1/queues/${names.dead}/move-tasks`, {})
  const key = await rest.post('/v1/access-keys', { role: 'reader' })
  return {
    server,
    sql,
    ...names,
    handle: message?.receiptHandle ?? '',
    messageId: message?.messageId ?? '',
    taskId: String(task.body.id),
    keyId: String(key.body.id),
    label: 'label',
  }
}

export async function stopWorld({ server, sql }: World): Promise<void> {
  await sql.end()
  await server.stop()
}
