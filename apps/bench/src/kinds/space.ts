import pg from 'pg'
import type { QueueClient, ReceivedMessage } from '../clients/queue-client.ts'
import type { Contender } from '../contenders/contender.ts'
import { type Kind, newQueueName } from './kind.ts'

/** Days of a queue service in quick motion. A round is six hours, in steps of half an hour. */
export interface Space {
  /** Sent in each step. */
  readonly messages: number
  readonly bodyBytes: number
}

const STEP_MINUTES = 30
const STEPS_A_ROUND = 12
export const ROUNDS_A_DAY = 1_440 / STEP_MINUTES / STEPS_A_ROUND
const CLIENTS = 4
const MEGABYTE = 1024 ** 2

/** One of so many messages meets each of the exceptions. */
const ONE_IN = { delayed: 10, retried: 20, straggling: 200, neglected: 50, fifo: 10 }
const FIFO_GROUPS = 50
/** A straggler's work takes 20 steps; its lease is made for longer. */
const STRAGGLE_STEPS = 20
const STRAGGLE_LEASE_SECONDS = 11 * 3_600
const DELAY_SECONDS = 900
const NEGLECTED_RETENTION_SECONDS = 86_400

/**
 * What the disk holds while the clock of the database jumps half an hour after every step: in each step as much is sent as received, but a tenth
 * is delayed, a twentieth is received and given no answer, so that its lease ends and it comes again, one in 200 is worked on for ten hours, one
 * in fifty goes to a queue that nobody reads and expires there after a day, and a tenth goes through a FIFO queue. The service's duties keep
 * their real intervals, so a cleaner that comes by every half a minute comes by every few hours here.
 */
export const SPACE: Kind<Space> = {
  columns: [
    { key: 'diskMegabytes', title: 'database MB', digits: 1 },
    { key: 'logMegabytes', title: 'log MB', digits: 1 },
    { key: 'leaseMegabytes', title: 'leases MB', digits: 1 },
    { key: 'parkedMegabytes', title: 'parked MB', digits: 1 },
    { key: 'segments', title: 'segments', digits: 0 },
    { key: 'sentMegabytes', title: 'sent so far MB', digits: 0 },
  ],
  compared: 'diskMegabytes',
  isLessBetter: true,
  async enter(contender, load, { scale }) {
    const run = await Run.start(contender, load, Math.max(1, Math.ceil(load.messages / scale)))
    return async () => {
      for (let i = 0; i < STEPS_A_ROUND; i++) await run.step()
      return run.figures()
    }
  },
}

/** Calls that have been asked for, by so many clients at a time. */
async function spread<Item>(
  clients: readonly QueueClient[],
  items: readonly Item[],
  call: (client: QueueClient, item: Item) => Promise<unknown>,
): Promise<void> {
  const left = items.values()
  await Promise.all(
    clients.map(async (client) => {
      for (const item of left) await call(client, item)
    }),
  )
}

/** How its three queues are called. */
interface Queues {
  readonly standard: string
  readonly fifo: string
  readonly neglected: string
}

class Run {
  readonly #clients: readonly QueueClient[]
  readonly #database: pg.Pool
  readonly #queues: Queues
  readonly #load: Space
  readonly #messagesAStep: number
  /** What was received in a step and is deleted so many steps later. */
  readonly #straggling: { readonly dueStep: number; readonly messages: readonly ReceivedMessage[] }[] = []
  #steps = 0
  #sent = 0
  #received = 0

  private constructor(
    clients: readonly QueueClient[],
    database: pg.Pool,
    queues: Queues,
    load: Space,
    messagesAStep: number,
  ) {
    this.#clients = clients
    this.#database = database
    this.#queues = queues
    this.#load = load
    this.#messagesAStep = messagesAStep
  }

  static async start(contender: Contender, load: Space, messagesAStep: number): Promise<Run> {
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => contender.connect()))
    const database = new pg.Pool({ connectionString: contender.databaseUrl, max: 1 })
    // Its database is dropped under it at the end.
    database.on('error', () => undefined)
    const queues = {
      standard: await contender.createQueue(newQueueName(), false),
      fifo: await contender.createQueue(newQueueName(true), true),
      neglected: await contender.createQueue(newQueueName(), false),
    }
    await setRetention(contender, queues.neglected, NEGLECTED_RETENTION_SECONDS)
    return new Run(clients, database, queues, load, messagesAStep)
  }

  /** Half an hour: sends, works off what there is, and lets the clock jump. */
  async step(): Promise<void> {
    const body = 'x'.repeat(this.#load.bodyBytes)
    const tens = Array.from({ length: Math.ceil(this.#messagesAStep / 10) }, (_, i) => this.#sent / 10 + i)
    await spread(this.#clients, tens, (client, ten) => this.#sendTen(client, ten, body))
    this.#sent += tens.length * 10
    await Promise.all(this.#clients.map((client) => this.#workOff(client, this.#queues.standard, true)))
    await Promise.all(this.#clients.map((client) => this.#workOff(client, this.#queues.fifo, false)))
    while ((this.#straggling[0]?.dueStep ?? Number.POSITIVE_INFINITY) <= this.#steps) {
      const due = this.#straggling.shift()
      if (due !== undefined) await this.#clients[0]?.delete(this.#queues.standard, due.messages)
    }
    this.#steps++
    await this.#jump()
  }

  async #sendTen(client: QueueClient, ten: number, body: string): Promise<void> {
    const messages = Array.from({ length: 10 }, () => ({ body }))
    if (ten % ONE_IN.fifo === 1) {
      await client.send(
        this.#queues.fifo,
        messages.map((message, i) => ({
          ...message,
          group: `g${(ten * 10 + i) % FIFO_GROUPS}`,
          deduplicationId: `${ten}-${i}`,
        })),
      )
    } else if (ten % ONE_IN.neglected === 2) {
      await client.send(this.#queues.neglected, messages)
    } else {
      const delaySeconds = ten % ONE_IN.delayed === 3 ? DELAY_SECONDS : undefined
      await client.send(
        this.#queues.standard,
        messages.map((message) => ({ ...message, ...(delaySeconds === undefined ? {} : { delaySeconds }) })),
      )
    }
  }

  /** Receives until there is nothing more. What gets no answer is to be had again after the jump. */
  async #workOff(client: QueueClient, queue: string, hasExceptions: boolean): Promise<void> {
    for (;;) {
      const call = this.#received++
      const isStraggling = hasExceptions && call % ONE_IN.straggling === 4
      const messages = await client.receive(queue, {
        max: 10,
        ...(isStraggling ? { leaseSeconds: STRAGGLE_LEASE_SECONDS } : {}),
      })
      if (messages.length === 0) return
      if (isStraggling) this.#straggling.push({ dueStep: this.#steps + STRAGGLE_STEPS, messages })
      else if (!hasExceptions || call % ONE_IN.retried !== 5) await client.delete(queue, messages)
    }
  }

  /** The operator confirms that the jump is real, or retention would go by what the nodes trust. */
  async #jump(): Promise<void> {
    await this.#database.query(`CREATE OR REPLACE FUNCTION stanchion.clock() RETURNS timestamptz LANGUAGE sql VOLATILE
      AS 'SELECT clock_timestamp() + interval ''${this.#steps * STEP_MINUTES} minutes'''`)
    await this.#database.query('SELECT stanchion.confirm_clock()')
  }

  async figures() {
    const { rows } = await this.#database.query<Record<string, string>>(`
      SELECT pg_database_size(current_database()) AS disk,
             sum(bytes) FILTER (WHERE name LIKE 'message_log%') AS log,
             sum(bytes) FILTER (WHERE name = 'lease') AS lease,
             sum(bytes) FILTER (WHERE name LIKE 'parked%') AS parked,
             count(*) FILTER (WHERE name LIKE 'message_log_%') AS segments
      FROM (SELECT c.relname AS name, pg_total_relation_size(c.oid) AS bytes
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'stanchion' AND c.relkind = 'r') t`)
    const [row] = rows
    return {
      days: (this.#steps * STEP_MINUTES) / 1_440,
      diskMegabytes: Number(row?.disk) / MEGABYTE,
      logMegabytes: Number(row?.log) / MEGABYTE,
      leaseMegabytes: Number(row?.lease) / MEGABYTE,
      parkedMegabytes: Number(row?.parked) / MEGABYTE,
      segments: Number(row?.segments),
      sentMegabytes: (this.#sent * this.#load.bodyBytes) / MEGABYTE,
    }
  }
}

async function setRetention({ metricsUrl }: Contender, queueUrl: string, seconds: number): Promise<void> {
  if (metricsUrl === undefined) throw new Error('this contender has no queues whose retention could be set')
  const answer = await fetch(new URL('/', metricsUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SetQueueAttributes' },
    body: JSON.stringify({ QueueUrl: queueUrl, Attributes: { MessageRetentionPeriod: String(seconds) } }),
  })
  if (!answer.ok) throw new Error(`the retention could not be set: ${await answer.text()}`)
}
