import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort } from '@stanchion/testing'
import { type ReceivedMessage, unsupported } from '../clients/queue-client.ts'
import type { Contender } from './contender.ts'
import { fromNpm, MissingRival } from './rivals.ts'
import { startOther } from './start-program.ts'

/** From Debian's package. */
const PROGRAM = '/usr/sbin/nats-server'

/** How long a fetch waits for what it lacks; the shortest that the client allows. */
const FETCH_MS = 1_000

/** The part of the NATS client that is called. */
interface Delivery {
  readonly seq: number
  ack(): void
}
interface Consumer {
  fetch(options: object): Promise<AsyncIterable<Delivery>>
}
interface JetStream {
  publish(subject: string, payload: string): Promise<unknown>
  readonly consumers: { get(stream: string, consumer: string): Promise<Consumer> }
}
interface Manager {
  readonly streams: { add(options: object): Promise<unknown> }
  readonly consumers: { add(stream: string, options: object): Promise<unknown> }
}
interface Connection {
  jetstream(): JetStream
  jetstreamManager(): Promise<Manager>
  close(): Promise<void>
}

/** NATS JetStream with a work queue on disk. It calls `fsync` every two minutes and not for each message, as it comes. */
export async function startNats(): Promise<Contender> {
  if (!existsSync(PROGRAM)) throw new MissingRival('NATS is not installed (Debian: nats-server)')
  const module = await import(pathToFileURL(join(await fromNpm('nats'), 'index.js')).href)
  const { connect } = module.default as { connect: (options: object) => Promise<Connection> }
  const port = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-bench-nats-'))
  const args = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', directory]
  const server = await startOther({ command: PROGRAM, args, port })
  const open = () => connect({ servers: `127.0.0.1:${port}` })
  return {
    serverPids: [server.pid],
    suspend: server.suspend,
    resume: server.resume,
    async createQueue(name) {
      const connection = await open()
      const manager = await connection.jetstreamManager()
      await manager.streams.add({ name, subjects: [name], retention: 'workqueue', storage: 'file' })
      await manager.consumers.add(name, { durable_name: 'bench', ack_policy: 'explicit', max_ack_pending: 100_000 })
      await connection.close()
      return name
    },
    async connect() {
      const connection = await open()
      const stream = connection.jetstream()
      const inHand = new Map<string, Delivery>()
      let consumer: Consumer | undefined
      return {
        async send(queue, messages) {
          await Promise.all(messages.map(({ body }) => stream.publish(queue, body)))
          return []
        },
        async receive(queue, { max }) {
          consumer ??= await stream.consumers.get(queue, 'bench')
          const received: ReceivedMessage[] = []
          for await (const delivery of await consumer.fetch({ max_messages: max, expires: FETCH_MS })) {
            inHand.set(String(delivery.seq), delivery)
            received.push({ id: String(delivery.seq), handle: '' })
          }
          return received
        },
        async delete(_queue, messages) {
          for (const { id } of messages) {
            inHand.get(id)?.ack()
            inHand.delete(id)
          }
        },
        release: () => unsupported('NATS', 'give messages back'),
        close: () => connection.close(),
      }
    },
    async stop() {
      await server.stop()
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
