import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort } from '@stanchion/testing'
import { type ReceivedMessage, unsupported } from '../clients/queue-client.ts'
import type { Contender } from './contender.ts'
import { fromNpm, MissingRival } from './rivals.ts'
import { startOther } from './start-program.ts'

/** From Debian's package. The one on the search path changes to another user first. */
const PROGRAM = '/usr/lib/rabbitmq/bin/rabbitmq-server'

/** Messages that a consumer may have in hand without an acknowledgement. */
const PREFETCH = 1_000

/** The part of amqplib that is called. */
interface Delivery {
  readonly fields: { readonly deliveryTag: number }
}
interface Channel {
  assertQueue(name: string, options: object): Promise<unknown>
  prefetch(count: number): Promise<unknown>
  sendToQueue(name: string, content: Buffer, options: object): boolean
  waitForConfirms(): Promise<void>
  consume(name: string, listener: (delivery: Delivery | null) => void): Promise<unknown>
  ack(delivery: Delivery): void
}
interface Connection {
  createConfirmChannel(): Promise<Channel>
  close(): Promise<void>
}

/** RabbitMQ with a quorum queue, which is its durable kind; sends wait for publisher confirms, deliveries are pushed ahead. */
export async function startRabbitMq(): Promise<Contender> {
  if (!existsSync(PROGRAM)) throw new MissingRival('RabbitMQ is not installed (Debian: rabbitmq-server)')
  const { connect } = (await import(pathToFileURL(join(await fromNpm('amqplib'), 'channel_api.js')).href)) as {
    connect: (url: string) => Promise<Connection>
  }
  const [port, distributionPort] = [await freePort(), await freePort()]
  const directory = mkdtempSync(join(tmpdir(), 'stanchion-bench-rabbitmq-'))
  const server = await startOther({
    command: PROGRAM,
    args: [],
    env: {
      HOME: directory,
      RABBITMQ_NODENAME: `bench${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(distributionPort),
      RABBITMQ_MNESIA_BASE: directory,
      RABBITMQ_LOG_BASE: directory,
      RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'plugins'),
    },
    port,
  })
  const open = () => connect(`amqp://guest:guest@127.0.0.1:${port}`)
  return {
    serverPids: [server.pid],
    suspend: server.suspend,
    resume: server.resume,
    async createQueue(name) {
      const connection = await open()
      const channel = await connection.createConfirmChannel()
      await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
      await connection.close()
      return name
    },
    async connect() {
      const connection = await open()
      const channel = await connection.createConfirmChannel()
      await channel.prefetch(PREFETCH)
      const waiting: Delivery[] = []
      const inHand = new Map<string, Delivery>()
      let consumed: Promise<unknown> | undefined
      let wake: (() => void) | undefined
      return {
        async send(queue, messages) {
          for (const { body } of messages) channel.sendToQueue(queue, Buffer.from(body), { persistent: true })
          await channel.waitForConfirms()
          return []
        },
        async receive(queue, { max }) {
          consumed ??= channel.consume(queue, (delivery) => {
            if (delivery !== null) waiting.push(delivery)
            wake?.()
          })
          await consumed
          if (waiting.length === 0) {
            // Another caller may have been handed what this one has sent.
            await new Promise<void>((resolve) => {
              wake = resolve
              setTimeout(resolve, 100)
            })
          }
          return waiting.splice(0, max).map((delivery): ReceivedMessage => {
            const id = String(delivery.fields.deliveryTag)
            inHand.set(id, delivery)
            return { id, handle: id }
          })
        },
        async delete(_queue, messages) {
          for (const { id } of messages) {
            const delivery = inHand.get(id)
            inHand.delete(id)
            if (delivery !== undefined) channel.ack(delivery)
          }
        },
        release: () => unsupported('RabbitMQ', 'give messages back'),
        close: () => connection.close(),
      }
    },
    async stop() {
      await server.stop()
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
