import pg from 'pg'
import { blockGroup } from './block-group.ts'
import { type Contender, startContender } from './contender.ts'
import type { FifoCheck } from './fifo-check.ts'
import { FifoLife } from './fifo-life.ts'
import { HttpConnection } from './http-connection.ts'
import { type Figures, fill, type Life, lease, runLifeCycle, tenantLife } from './life-cycle.ts'
import type { Scenario } from './scenarios.ts'

export interface RunOptions {
  readonly databaseUrl: string
  readonly postgresPid: number
  readonly seconds: number
  readonly rounds: number
  readonly scale: number
}

/** What each contender did in each round. */
export interface ScenarioResult {
  readonly scenario: Scenario
  readonly figures: ReadonlyMap<string, readonly Figures[]>
  /** What was seen on the FIFO queues that took part, by their names in `figures`. */
  readonly checks: ReadonlyMap<string, FifoCheck>
}

/** A row of the report: a contender and the queues that the clients go round. */
interface Entrant {
  readonly name: string
  readonly contender: Contender
  readonly queueUrls: readonly string[]
  readonly fifo?: FifoLife
  readonly life?: Life
}

/** Before the first round each entrant runs for so long without being counted, so that its code is compiled. */
const WARM_UP_SECONDS = 3

/** Starts the contenders, lets them run one after the other round by round (A B A B), and stops them. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<ScenarioResult> {
  const contenders: Contender[] = []
  const holder = scenario.holdsTransaction ? await holdTransaction(options.databaseUrl) : undefined
  const figures = new Map<string, Figures[]>()
  const { clients, callSize } = scenario
  const isScaled = options.scale > 1
  const seconds = isScaled ? options.seconds : (scenario.seconds ?? options.seconds)
  const run = ({ contender, queueUrls, fifo, life = fifo?.run }: Entrant, forSeconds: number) =>
    runLifeCycle(contender, options.postgresPid, {
      clients,
      callSize,
      seconds: forSeconds,
      queueUrls,
      ...(life === undefined ? {} : { life }),
    })
  const checks = new Map<string, FifoCheck>()
  try {
    for (const name of scenario.contenders) contenders.push(await startContender(name, options.databaseUrl))
    const entrants: Entrant[] = []
    for (const contender of contenders) entrants.push(...(await enter(contender, scenario, options)))
    for (const { name, fifo } of entrants) if (fifo !== undefined) checks.set(name, fifo.check)
    for (const entrant of entrants) await run(entrant, Math.min(WARM_UP_SECONDS, seconds))
    const rounds = scenario.seconds === undefined ? options.rounds : 1
    for (let round = 0; round < rounds; round++) {
      for (const entrant of entrants) {
        const result = await run(entrant, seconds)
        figures.set(entrant.name, [...(figures.get(entrant.name) ?? []), result])
        const warning = result.clientLoad > 0.9 ? ' (the load generator is the bottleneck)' : ''
        console.error(`  ${entrant.name}: ${Math.round(result.messagesPerSecond)} messages/s${warning}`)
      }
    }
  } finally {
    for (const contender of contenders) await contender.stop()
    await holder?.end()
  }
  return { scenario, figures, checks }
}

/**
 * A scenario about what a database holds is compared with the same server on one empty queue, one about tenants with the
 * same load without groups.
 */
async function enter(contender: Contender, scenario: Scenario, options: RunOptions): Promise<Entrant[]> {
  if (scenario.fifo !== undefined) return enterFifo(contender, scenario.fifo, options)
  const { scale } = options
  const entrant = { name: contender.name, contender, queueUrls: await prepare(contender, scenario, scale) }
  if (scenario.tenants !== undefined) {
    const plain = await prepare(contender, { ...scenario, isNoisy: false }, scale)
    return [
      { ...entrant, life: tenantLife(scenario.tenants) },
      { name: `${contender.name}, without groups`, contender, queueUrls: plain },
    ]
  }
  if (scenario.backlog === undefined && scenario.inFlight === undefined && scenario.queues === undefined)
    return [entrant]
  const empty = await prepare(contender, { ...EMPTY, name: scenario.name }, 1)
  return [entrant, { name: `${contender.name}, one empty queue`, contender, queueUrls: empty }]
}

/** A FIFO queue beside a standard one, and beside one that is like it but for its blocked group. */
async function enterFifo(
  contender: Contender,
  { groups, blocked }: NonNullable<Scenario['fifo']>,
  { databaseUrl, scale }: RunOptions,
): Promise<Entrant[]> {
  const standard = {
    name: `${contender.name}, standard queue`,
    contender,
    queueUrls: await prepare(contender, EMPTY, 1),
  }
  const queueUrl = await createQueue(contender, true)
  const entrant = { name: contender.name, contender, queueUrls: [queueUrl], fifo: new FifoLife(groups) }
  if (blocked === undefined) return [entrant, standard]
  await blockGroup(contender, databaseUrl, queueUrl, Math.ceil(blocked / scale))
  const queueUrls = [await createQueue(contender, true)]
  const free = { name: `${contender.name}, no blocked group`, contender, queueUrls, fifo: new FifoLife(groups) }
  return [entrant, free, standard]
}

const EMPTY: Scenario = { name: '', clients: 1, callSize: 1, contenders: [] }

let prepared = 0

async function prepare(contender: Contender, scenario: Scenario, scale: number): Promise<string[]> {
  const count = Math.ceil((scenario.queues ?? 1) / scale)
  const queueUrls: string[] = []
  for (let i = 0; i < count; i++) queueUrls.push(await createQueue(contender, false))
  const [first = ''] = queueUrls
  const stored = Math.ceil(((scenario.backlog ?? 0) + (scenario.inFlight ?? 0)) / scale)
  if (stored > 0) await fill(contender, first, stored, scenario.isNoisy ? 'noisy' : undefined)
  if (scenario.inFlight !== undefined) await lease(contender, first, Math.ceil(scenario.inFlight / scale))
  return queueUrls
}

async function createQueue(contender: Contender, isFifo: boolean): Promise<string> {
  const connection = await HttpConnection.open(contender)
  const QueueName = `bench-${prepared++}${isFifo ? '.fifo' : ''}`
  const input = { QueueName, ...(isFifo ? { Attributes: { FifoQueue: 'true' } } : {}) }
  const answer = await connection.call('CreateQueue', JSON.stringify(input))
  connection.close()
  return (JSON.parse(answer) as { QueueUrl: string }).QueueUrl
}

/** A transaction that has taken its snapshot and then does nothing, as a forgotten session would. */
async function holdTransaction(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
  await client.query('SELECT txid_current()')
  return client
}
