import { TimedClient } from '../clients/timed-client.ts'
import type { Contender } from '../contenders/contender.ts'
import { blockGroup } from '../load/block-group.ts'
import type { FifoCheck } from '../load/fifo-check.ts'
import { FifoLife } from '../load/fifo-life.ts'
import { LIVES, type Life, type Outgoing } from '../load/lives.ts'
import { leaseMessages, storeMessages } from '../load/store-messages.ts'
import { measureServer } from '../measure/measure-server.ts'
import { quantile } from '../measure/quantile.ts'
import { type Figures, type Kind, newQueueName, type RunSettings } from './kind.ts'

/** What so many callers do, each with one call under way at a time. */
export interface Load {
  readonly clients: number
  /** Messages in one call. */
  readonly callSize: number
  /** Default: whole. */
  readonly life?: keyof typeof LIVES
  /** Default: 200. */
  readonly bodyBytes?: number
  /** Messages that wait in the queue when a round begins; for `drain` they are what is worked off. */
  readonly stored?: number
  /** Of what is stored: it belongs to one more tenant. */
  readonly isNoisy?: boolean
  /** Messages that are leased before the first round. */
  readonly inFlight?: number
  /** Queues that the clients go round. */
  readonly queues?: number
  /** Tenants that the messages are spread over. */
  readonly tenants?: number
  /** A FIFO queue with so many groups, its messages spread over them by chance; `blocked`: messages of one more group, which cannot go on. */
  readonly fifo?: { readonly groups: number; readonly blocked?: number }
  /** How long a round lasts, where that matters. */
  readonly seconds?: number
}

const BODY_BYTES = 200

/** Above it the load generator is what is measured. */
export const CLIENT_LOAD_MAX = 0.9

/** Every client takes its turns until the time is over. */
export const LOAD: Kind<Load> = {
  columns: [
    { key: 'messagesPerSecond', title: 'messages/s', digits: 0 },
    { key: 'p50Ms', title: 'p50 ms', digits: 1 },
    { key: 'p99Ms', title: 'p99 ms', digits: 1 },
    { key: 'p999Ms', title: 'p99.9 ms', digits: 1 },
    { key: 'serverUs', title: 'server µs', digits: 0 },
    { key: 'postgresUs', title: 'Postgres µs', digits: 0 },
    { key: 'clientUs', title: 'client µs', digits: 0 },
    { key: 'walBytes', title: 'WAL bytes', digits: 0 },
  ],
  compared: 'messagesPerSecond',
  async enter(contender, load, settings) {
    const { fifo, inFlight = 0, isNoisy } = load
    const scaled = (count: number) => Math.ceil(count / settings.scale)
    const queueUrls = await createQueues(contender, scaled(load.queues ?? 1), fifo !== undefined)
    const [queue = ''] = queueUrls
    const message = { body: 'x'.repeat(load.bodyBytes ?? BODY_BYTES), ...(isNoisy ? { group: 'noisy' } : {}) }
    const stored = scaled(load.stored ?? 0)
    await storeMessages(contender, queue, stored + scaled(inFlight), message)
    if (inFlight > 0) await leaseMessages(contender, queue, scaled(inFlight))
    if (fifo?.blocked !== undefined) await blockGroup(contender, queue, scaled(fifo.blocked))
    const fifoLife = fifo === undefined ? undefined : new FifoLife(fifo.groups)
    const life = fifoLife?.run ?? LIVES[load.life ?? 'whole']
    const outgoing = createOutgoing(message.body, load.tenants)
    let missing = 0
    return async (round) => {
      if (load.life === 'drain' && missing > 0) await storeMessages(contender, queue, missing, message)
      const { messages, figures } = await runTurns(contender, load, { queueUrls, life, outgoing }, round)
      missing = messages
      return { ...figures, ...(fifoLife === undefined ? {} : violations(fifoLife.check)) }
    }
  },
}

async function createQueues(contender: Contender, count: number, isFifo: boolean): Promise<string[]> {
  const urls: string[] = []
  let left = count
  await Promise.all(
    Array.from({ length: Math.min(count, 8) }, async () => {
      while (left-- > 0) urls.push(await contender.createQueue(newQueueName(isFifo), isFifo))
    }),
  )
  return urls
}

function createOutgoing(body: string, tenants: number | undefined): Outgoing {
  if (tenants === undefined) return (count) => new Array(count).fill({ body })
  let turn = 0
  return (count) => new Array(count).fill({ body, group: `tenant-${turn++ % tenants}` })
}

function violations({ orderViolations, acceptedDuplicates, repeatedSends }: FifoCheck): Figures {
  return { orderViolations, acceptedDuplicates, repeatedSends }
}

interface Turns {
  readonly queueUrls: readonly string[]
  readonly life: Life
  readonly outgoing: Outgoing
}

async function runTurns(
  contender: Contender,
  load: Load,
  { queueUrls, life, outgoing }: Turns,
  { seconds, postgresPid }: RunSettings,
): Promise<{ messages: number; figures: Figures }> {
  const clients = await Promise.all(Array.from({ length: load.clients }, () => contender.connect()))
  const latenciesMs: number[] = []
  let messages = 0
  let turn = 0
  const measured = await measureServer(contender, postgresPid)
  const startedAtMs = performance.now()
  const lastMs = seconds * 1000
  await Promise.all(
    clients.map(async (client) => {
      const timed = new TimedClient(client, latenciesMs)
      for (;;) {
        if (performance.now() - startedAtMs >= lastMs) break
        const queue = queueUrls[turn++ % queueUrls.length] as string
        // Not in one line: the sum would be read before the wait and lose what others counted meanwhile.
        const count = await life(timed, queue, load.callSize, outgoing)
        messages += count
      }
    }),
  )
  const elapsedMs = performance.now() - startedAtMs
  const used = await measured()
  await Promise.all(clients.map((client) => client.close()))
  const sorted = Float64Array.from(latenciesMs).sort()
  const perMessage = (amount: number) => amount / Math.max(1, messages)
  return {
    messages,
    figures: {
      messagesPerSecond: messages / (elapsedMs / 1000),
      p50Ms: quantile(sorted, 0.5),
      p99Ms: quantile(sorted, 0.99),
      p999Ms: quantile(sorted, 0.999),
      serverUs: perMessage(used.serverUs),
      postgresUs: perMessage(used.postgresUs),
      clientUs: perMessage(used.clientUs),
      walBytes: perMessage(used.walBytes),
      serverAndPostgresUs: perMessage(used.serverUs + used.postgresUs),
      clientLoad: used.clientUs / 1000 / elapsedMs,
    },
  }
}
