import pg from 'pg'
import type { Contender, Host } from './contenders/contender.ts'
import { CONTENDERS, type ContenderName } from './contenders/index.ts'
import { MissingRival } from './contenders/rivals.ts'
import { KINDS } from './kinds/index.ts'
import type { Figures, Kind, RunSettings } from './kinds/kind.ts'
import { CLIENT_LOAD_MAX } from './kinds/load.ts'
import type { Entrant, Scenario } from './scenarios.ts'

/** What each entrant came to in each round, by its name. */
export interface ScenarioResult {
  readonly scenario: Scenario
  readonly figures: ReadonlyMap<string, readonly Figures[]>
  /** Who did not take part, and why. */
  readonly missing: ReadonlyMap<string, string>
  /** The time of the run was over before all rounds were done. */
  readonly isCut: boolean
}

/** What the runs of all scenarios share. */
export interface RunContext {
  readonly host: Host
  readonly settings: RunSettings
  readonly rounds: number
  /** Aborted when the time is over or somebody has asked to stop. */
  readonly signal: AbortSignal
  readonly takesPart: (name: ContenderName) => boolean
  readonly report: Reporter
}

/** Hears how a run goes on. */
export interface Reporter {
  /** An entrant's round is over. */
  round(entrant: string, text: string): void
  say(text: string): void
}

/** Before the first round each entrant runs for so long, or several times so long, without being counted, so that its code is compiled. */
const WARM_UP_SECONDS = 3

interface Runner {
  readonly name: string
  readonly warmUpSeconds: number
  /** Others stand still meanwhile: the compiler of a JVM at work takes a quarter of the next one's messages. */
  readonly run: (settings: RunSettings) => Promise<Figures>
}

/** Starts the contenders, lets them run one after the other round by round (A B A B), and stops them. */
export async function runScenario(scenario: Scenario, context: RunContext): Promise<ScenarioResult> {
  const { report, signal } = context
  const contenders = new Map<ContenderName, Contender>()
  const missing = new Map<string, string>()
  const holders: pg.Client[] = []
  const figures = new Map<string, Figures[]>()
  const seconds = context.settings.scale > 1 ? context.settings.seconds : (scenario.seconds ?? context.settings.seconds)
  const settings = { ...context.settings, seconds }
  const rounds = roundsOf(scenario, context.rounds, settings.scale)
  const kind = KINDS[scenario.kind] as Kind<unknown>
  let done = 0
  try {
    const runners: Runner[] = []
    for (const entrant of scenario.entrants as readonly Entrant[]) {
      if (signal.aborted || !context.takesPart(entrant.contender)) continue
      const name = nameOf(entrant)
      try {
        const contender = contenders.get(entrant.contender) ?? (await CONTENDERS[entrant.contender](context.host))
        contenders.set(entrant.contender, contender)
        if (entrant.holdsTransaction) holders.push(await holdTransaction(contender))
        const run = await awake(contender, () => kind.enter(contender, entrant.load, settings))
        const warmUpSeconds = Math.min(WARM_UP_SECONDS, seconds) * (contender.warmUps ?? 1)
        runners.push({ name, warmUpSeconds, run: (turn) => awake(contender, () => run(turn)) })
      } catch (error) {
        if (!(error instanceof MissingRival)) throw error
        missing.set(name, error.message)
        report.say(`  skipped ${name}: ${error.message}`)
      }
    }
    for (const { run, warmUpSeconds } of runners) {
      if (!signal.aborted && scenario.rounds === undefined) await run({ ...settings, seconds: warmUpSeconds })
    }
    for (let round = 0; round < rounds && !signal.aborted; round++) {
      for (const { name, run } of runners) {
        if (signal.aborted) break
        const result = await run(settings)
        figures.set(name, [...(figures.get(name) ?? []), result])
        done += 1
        report.round(name, describe(kind, result))
      }
    }
    return { scenario, figures, missing, isCut: done < rounds * runners.length || signal.aborted }
  } finally {
    for (const holder of holders) await holder.end().catch(() => undefined)
    for (const contender of contenders.values()) await contender.stop()
  }
}

/** Lets the contender work for as long as `work` takes. */
async function awake<Result>(contender: Contender, work: () => Promise<Result>): Promise<Result> {
  contender.resume?.()
  try {
    return await work()
  } finally {
    contender.suspend?.()
  }
}

/** How often the entrants of a scenario take turns in a run that lets them do so many rounds. */
export function roundsOf({ seconds, rounds }: Scenario, roundsOfRun: number, scale: number): number {
  if (rounds !== undefined) return Math.ceil(rounds / scale)
  return seconds === undefined ? roundsOfRun : 1
}

/** What an entrant is called in reports. */
export function nameOf({ name, contender }: Entrant): string {
  return name ?? contender
}

function describe(kind: Kind<unknown>, figures: Figures): string {
  const column = kind.columns.find(({ key }) => key === kind.compared)
  const warning = (figures.clientLoad ?? 0) > CLIENT_LOAD_MAX ? ' (the load generator is the bottleneck)' : ''
  return `${(figures[kind.compared] ?? Number.NaN).toFixed(column?.digits ?? 0)} ${column?.title ?? ''}${warning}`
}

/** A transaction that has taken its snapshot and then does nothing, as a forgotten session would. */
async function holdTransaction({ databaseUrl }: Contender): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
  await client.query('SELECT txid_current()')
  return client
}
