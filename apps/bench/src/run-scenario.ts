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

/** Starts the contenders, lets them run one after the other round by round (A B A B), and stops them. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<ScenarioResult> {
  const contenders: Contender[] = []
  const holder = scenario.holdsTransaction ? await holdTransaction(options.databaseUrl) : undefined
  const figures = new Map<string, Figures[]>()
  try {
    for (const name of scenario.contenders) contenders.push(await startContender(name, options.databaseUrl))
    const queueUrls = new Map<Contender, string[]>()
    for (const contender of contenders) queueUrls.set(contender, await prepare(contender, scenario, options.scale))
    for (let round = 0; round < options.rounds; round++) {
      for (const contender of contenders) {
        const { clients, callSize } = scenario
        const load = { clients, callSize, seconds: options.seconds, queueUrls: queueUrls.get(contender) ?? [] }
        const result = await runLifeCycle(contender, options.postgresPid, load)
        figures.set(contender.name, [...(figures.get(contender.name) ?? []), result])
        const warning = result.clientLoad > 0.9 ? ' (the load generator is the bottleneck)' : ''
        console.error(`  ${contender.name}: ${Math.round(result.messagesPerSecond)} messages/s${warning}`)
      }
    }
  } finally {
    for (const contender of contenders) await contender.stop()
    await holder?.end()
  }
  return { scenario, figures }
}

let prepared = 0

async function prepare(contender: Contender, scenario: Scenario, scale: number): Promise<string[]> {
  const count = Math.ceil((scenario.queues ?? 1) / scale)
  const connection = await HttpConnection.open(contender.port)
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
