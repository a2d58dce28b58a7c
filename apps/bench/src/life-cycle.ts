import type { Contender } from './contender.ts'
import { cpuTimeUs } from './cpu-time.ts'
import { HttpConnection } from './http-connection.ts'

/** One stretch of load. */
export interface Load {
  readonly clients: number
  /** Messages in one call. */
  readonly callSize: number
  readonly seconds: number
  /** Queues that the clients go round. */
  readonly queueUrls: readonly string[]
  /** What a client does in one turn. Default: {@link oneLife}. */
  readonly life?: Life
}

/** What a stretch of load came to. */
export interface Figures {
  /** Whole lives (send, receive, delete) per second. */
  readonly messagesPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly serverUs: number
  readonly postgresUs: number
  readonly clientUs: number
  /** Lives in each tenth of the time. */
  readonly tenths: readonly number[]
  /** Share of one core that the load generator used; near 1 it is the bottleneck. */
  readonly clientLoad: number
}

export const BODY = 'x'.repeat(200)

/** Every client sends, receives and deletes, one call after the other, until the time is over. */
export async function runLifeCycle(contender: Contender, postgresPid: number, load: Load): Promise<Figures> {
  const connections = await Promise.all(Array.from({ length: load.clients }, () => HttpConnection.open(contender)))
  const latenciesMs: number[] = []
  const tenths = new Array<number>(10).fill(0)
  let messages = 0
  const before = [cpuTimeUs(contender.pid), cpuTimeUs(postgresPid, true), cpuTimeUs(process.pid)] as const
  const startedAtMs = performance.now()
  const lastMs = load.seconds * 1000
  const timed = async (call: Promise<string>) => {
    const calledAtMs = performance.now()
    const body = await call
    latenciesMs.push(performance.now() - calledAtMs)
    return body
  }
  let turn = 0
  await Promise.all(
    connections.map(async (connection) => {
      for (;;) {
        const elapsedMs = performance.now() - startedAtMs
        if (elapsedMs >= lastMs) break
        const queueUrl = load.queueUrls[turn++ % load.queueUrls.length] as string
        const count = await (load.life ?? oneLife)(connection, queueUrl, load.callSize, timed)
        messages += count
        const tenth = Math.min(9, Math.floor(((performance.now() - startedAtMs) / lastMs) * 10))
        tenths[tenth] = (tenths[tenth] ?? 0) + count
      }
    }),
  )
  const elapsedMs = performance.now() - startedAtMs
  for (const connection of connections) connection.close()
  latenciesMs.sort((a, b) => a - b)
  const perMessage = (afterUs: number, beforeUs: number) => (afterUs - beforeUs) / Math.max(1, messages)
  const clientUs = cpuTimeUs(process.pid) - before[2]
  return {
    messagesPerSecond: messages / (elapsedMs / 1000),
    p50Ms: latenciesMs[Math.floor(latenciesMs.length * 0.5)] ?? 0,
    p99Ms: latenciesMs[Math.floor(latenciesMs.length * 0.99)] ?? 0,
    serverUs: perMessage(cpuTimeUs(contender.pid), before[0]),
    postgresUs: perMessage(cpuTimeUs(postgresPid, true), before[1]),
    clientUs: clientUs / Math.max(1, messages),
    tenths,
    clientLoad: clientUs / 1000 / elapsedMs,
  }
}

type Timed = (call: Promise<string>) => Promise<string>

/** Sends, receives and deletes once. Answers how many messages were deleted. */
export type Life = (connection: HttpConnection, queueUrl: string, callSize: number, timed: Timed) => Promise<number>

/** A life whose messages belong to one of so many tenants after the other. */
export function tenantLife(tenants: number): Life {
  let turn = 0
  return (connection, queueUrl, callSize, timed) =>
    oneLife(connection, queueUrl, callSize, timed, `tenant-${turn++ % tenants}`)
}

async function oneLife(
  connection: HttpConnection,
  queueUrl: string,
  callSize: number,
  timed: Timed,
  group?: string,
): Promise<number> {
  if (callSize === 1) {
    await timed(
      connection.call('SendMessage', JSON.stringify({ QueueUrl: queueUrl, MessageBody: BODY, MessageGroupId: group })),
    )
    const { Messages = [] } = JSON.parse(
      await timed(connection.call('ReceiveMessage', JSON.stringify({ QueueUrl: queueUrl }))),
    ) as { Messages?: { ReceiptHandle: string }[] }
    if (Messages[0] === undefined) return 0
    const { ReceiptHandle } = Messages[0]
    await timed(connection.call('DeleteMessage', JSON.stringify({ QueueUrl: queueUrl, ReceiptHandle })))
    return 1
  }
  await timed(sendBatch(connection, queueUrl, callSize, group))
  const { Messages = [] } = JSON.parse(
    await timed(
      connection.call('ReceiveMessage', JSON.stringify({ QueueUrl: queueUrl, MaxNumberOfMessages: callSize })),
    ),
  ) as { Messages?: { ReceiptHandle: string }[] }
  if (Messages.length === 0) return 0
  const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }))
  await timed(connection.call('DeleteMessageBatch', JSON.stringify({ QueueUrl: queueUrl, Entries })))
  return Messages.length
}

/** Sends up to ten messages in one call. */
export function sendBatch(
  connection: HttpConnection,
  queueUrl: string,
  count: number,
  group: string | undefined,
): Promise<string> {
  const Entries = Array.from({ length: count }, (_, i) => ({ Id: String(i), MessageBody: BODY, MessageGroupId: group }))
  return connection.call('SendMessageBatch', JSON.stringify({ QueueUrl: queueUrl, Entries }))
}

/** Stores messages and leaves them there. */
export async function fill(contender: Contender, queueUrl: string, messages: number, group?: string): Promise<void> {
  let left = messages
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      const connection = await HttpConnection.open(contender)
      while (left > 0) {
        left -= 10
        await sendBatch(connection, queueUrl, 10, group)
      }
      connection.close()
    }),
  )
}

/** Receives messages and keeps their leases. */
export async function lease(contender: Contender, queueUrl: string, messages: number): Promise<void> {
  let left = messages
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      const connection = await HttpConnection.open(contender)
      while (left > 0) {
        left -= 10
        const input = { QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 43_200 }
        await connection.call('ReceiveMessage', JSON.stringify(input))
      }
      connection.close()
    }),
  )
}
