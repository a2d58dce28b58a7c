import pg from 'pg'
import { type Contender, startContender } from './contender.ts'
import { HttpConnection } from './http-connection.ts'
import { type Figures, fill, lease, runLifeCycle } from './life-cycle.ts'
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
}

/** A row of the report: a contender and the queues that the clients go round. */
interface Entrant {
  readonly name: string
  readonly contender: Contender
  readonly queueUrls: readonly string[]
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
  const run = ({ contender, queueUrls }: Entrant, forSeconds: number) =>
    runLifeCycle(contender, options.postgresPid, { clients, callSize, seconds: forSeconds, queueUrls })
  try {
    for (const name of scenario.contenders) contenders.push(await startContender(name, options.databaseUrl))
    const entrants: Entrant[] = []
    for (const contender of contenders) entrants.push(...(await enter(contender, scenario, options.scale)))
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
  return { scenario, figures }
}

/** A scenario about what a database holds is compared with the same server on one empty queue. */
async function enter(contender: Contender, scenario: Scenario, scale: number): Promise<Entrant[]> {
  const entrant = { name: contender.name, contender, queueUrls: await prepare(contender, scenario, scale) }
  if (scenario.backlog === undefined && scenario.inFlight === undefined && scenario.queues === undefined)
    return [entrant]
  const empty = await prepare(contender, { ...EMPTY, name: scenario.name }, 1)
  return [entrant, { name: `${contender.name}, one empty queue`, contender, queueUrls: empty }]
}

const EMPTY: Scenario = { name: '', clients: 1, callSize: 1, contenders: [] }

let prepared = 0

async function prepare(contender: Contender, scenario: Scenario, scale: number): Promise<string[]> {
  const count = Math.ceil((scenario.queues ?? 1) / scale)
  const connection = await HttpConnection.open(contender)
  const queueUrls: string[] = []
  for (let i = 0; i < count; i++) {
    const answer = await connection.call('CreateQueue', JSON.stringify({ QueueName: `bench-${prepared++}` }))
    queueUrls.push((JSON.parse(answer) as { QueueUrl: string }).QueueUrl)
  }
  connection.close()
  const [first = ''] = queueUrls
  const stored = Math.ceil(((scenario.backlog ?? 0) + (scenario.inFlight ?? 0)) / scale)
  if (stored > 0) await fill(contender, first, stored)
  if (scenario.inFlight !== undefined) await lease(contender, first, Math.ceil(scenario.inFlight / scale))
  return queueUrls
}

/** A transaction that has taken its snapshot and then does nothing, as a forgotten session would. */
async function holdTransaction(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
  await client.query('SELECT txid_current()')
  return client
}
