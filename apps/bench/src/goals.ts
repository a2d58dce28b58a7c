import { median } from './measure/quantile.ts'
import type { ScenarioResult } from './run-scenario.ts'
import { nameOf } from './run-scenario.ts'

/** A figure that a run should reach. */
export interface Goal {
  readonly figure: string
  readonly scenario: string
  /** Whose figure it is; the scenario's first entrant when absent. */
  readonly entrant?: string
  /** The key of the figure. */
  readonly key: string
  /** The ratio to the best of these counts, the median over the rounds; without, the figure itself. */
  readonly against?: readonly string[]
  /** By the last round and not by the median of all: what has become of it. */
  readonly isOfLastRound?: boolean
  readonly isLessBetter?: boolean
  readonly must: number
  readonly aim: number
}

const RATE = 'messagesPerSecond'
const ONE = 'calls of 1, 64 clients'
const TEN = 'calls of 10, 64 clients'
const BEST = 'each at its best batch'

/** What Stanchion wants to be, on two cores that client, server and Postgres share. */
export const GOALS: readonly Goal[] = [
  {
    figure: 'against the no-op server, calls of 1, 64 clients',
    scenario: ONE,
    key: RATE,
    against: ['no-op'],
    must: 0.7,
    aim: 0.85,
  },
  {
    figure: 'against the no-op server, calls of 1, 256 clients',
    scenario: 'calls of 1, 256 clients',
    key: RATE,
    against: ['no-op'],
    must: 0.9,
    aim: 0.97,
  },
  {
    figure: 'against raw Postgres, calls of 10',
    scenario: TEN,
    key: RATE,
    against: ['raw Postgres, 100 a statement'],
    must: 0.3,
    aim: 0.45,
  },
  {
    figure: 'against one statement per request, calls of 1',
    scenario: ONE,
    key: RATE,
    against: ['statement per request'],
    must: 3.5,
    aim: 4.5,
  },
  {
    figure: 'against pgmq, calls of 10',
    scenario: TEN,
    key: RATE,
    against: ['pgmq, 100 a statement'],
    must: 1,
    aim: 1.4,
  },
  {
    figure: 'against pg-boss, calls of 10',
    scenario: TEN,
    key: RATE,
    against: ['pg-boss, batches of 100', 'pg-boss, batches of 1,000'],
    must: 2.2,
    aim: 3,
  },
  {
    figure: 'against a RabbitMQ quorum queue, calls of 10',
    scenario: TEN,
    key: RATE,
    against: ['RabbitMQ quorum queue'],
    must: 0.9,
    aim: 1.3,
  },
  {
    figure: 'against pg-boss, each at its best batch',
    scenario: BEST,
    key: RATE,
    against: ['pg-boss, batches of 100', 'pg-boss, batches of 1,000'],
    must: 2.2,
    aim: 3,
  },
  {
    figure: 'against a RabbitMQ quorum queue, each at its best batch',
    scenario: BEST,
    key: RATE,
    against: ['RabbitMQ quorum queue'],
    must: 0.9,
    aim: 1.3,
  },
  { figure: 'against fauxqs, calls of 1', scenario: ONE, key: RATE, against: ['fauxqs'], must: 0.9, aim: 1.2 },
  { figure: 'against fauxqs, calls of 10', scenario: TEN, key: RATE, against: ['fauxqs'], must: 0.9, aim: 1.2 },
  { figure: 'against ElasticMQ, calls of 1', scenario: ONE, key: RATE, against: ['ElasticMQ'], must: 1, aim: 2 },
  { figure: 'against ElasticMQ, calls of 10', scenario: TEN, key: RATE, against: ['ElasticMQ'], must: 1, aim: 2 },
  {
    figure: 'server and Postgres µs a message, calls of 10',
    scenario: TEN,
    key: 'serverAndPostgresUs',
    isLessBetter: true,
    must: 45,
    aim: 28,
  },
  {
    figure: 'server and Postgres µs a message, calls of 1',
    scenario: ONE,
    key: 'serverAndPostgresUs',
    isLessBetter: true,
    must: 200,
    aim: 120,
  },
  {
    figure: 'WAL bytes of a 200-byte message',
    scenario: TEN,
    key: 'walBytes',
    isLessBetter: true,
    must: 450,
    aim: 270,
  },
  {
    figure: 'with 10M stored',
    scenario: '10M stored',
    key: RATE,
    against: ['stanchion, one empty queue'],
    must: 0.92,
    aim: 0.97,
  },
  {
    figure: 'with 100,000 in flight',
    scenario: '100,000 in flight',
    key: RATE,
    against: ['stanchion, one empty queue'],
    must: 0.92,
    aim: 0.97,
  },
  {
    figure: 'after ten minutes with a transaction held, against none',
    scenario: 'a transaction held',
    key: RATE,
    against: ['stanchion, none held'],
    isOfLastRound: true,
    must: 0.9,
    aim: 0.97,
  },
  {
    figure: '50,000 queues against one',
    scenario: '50,000 queues, calls of 1',
    key: RATE,
    against: ['stanchion, one empty queue'],
    must: 0.85,
    aim: 0.95,
  },
  {
    figure: 'p99 against that of the no-op server, calls of 1',
    scenario: ONE,
    key: 'p99Ms',
    against: ['no-op'],
    isLessBetter: true,
    must: 2,
    aim: 1.4,
  },
  {
    figure: 'p99 against that of the no-op server, calls of 10',
    scenario: TEN,
    key: 'p99Ms',
    against: ['no-op'],
    isLessBetter: true,
    must: 2,
    aim: 1.4,
  },
  {
    figure: 'ms from a send to a long poll, p50',
    scenario: 'from a send to a long poll',
    key: 'p50Ms',
    isLessBetter: true,
    must: 3,
    aim: 1.5,
  },
  {
    figure: 'statements a second with 10,000 idle long polls',
    scenario: '10,000 idle long polls',
    key: 'statementsPerSecond',
    isLessBetter: true,
    must: 25,
    aim: 5,
  },
  {
    figure: 'FIFO with 1,000 groups against standard',
    scenario: 'FIFO, 1,000 groups',
    key: RATE,
    against: ['stanchion, standard queue'],
    must: 0.4,
    aim: 0.7,
  },
  {
    figure: 'one hot FIFO group against three commits of raw Postgres',
    scenario: 'FIFO, one hot group',
    key: RATE,
    against: ['raw Postgres, one caller'],
    must: 0.5,
    aim: 0.9,
  },
]

/** What a run says about a goal. */
export interface GoalOutcome {
  readonly goal: Goal
  readonly seen: number
  readonly outcome: 'aim' | 'must' | 'missed'
}

/** Judges the goals whose figures are in the results. */
export function judgeGoals(results: readonly ScenarioResult[]): GoalOutcome[] {
  return GOALS.flatMap((goal) => {
    const seen = read(goal, results)
    if (seen === undefined) return []
    const reaches = (bound: number) => (goal.isLessBetter ? seen <= bound : seen >= bound)
    return [{ goal, seen, outcome: reaches(goal.aim) ? 'aim' : reaches(goal.must) ? 'must' : 'missed' }]
  })
}

function read(
  { scenario, entrant, key, against, isLessBetter, isOfLastRound }: Goal,
  results: readonly ScenarioResult[],
) {
  const result = results.find((candidate) => candidate.scenario.name === scenario)
  const [first] = result?.scenario.entrants ?? []
  if (result === undefined || first === undefined) return undefined
  const figures = (name: string) =>
    result.figures
      .get(name)
      ?.slice(isOfLastRound ? -1 : 0)
      .map((round) => round[key] ?? Number.NaN)
  const own = figures(entrant ?? nameOf(first))
  if (own === undefined) return undefined
  if (against === undefined) return median(own)
  // Round by round: a machine that became slower did so for both.
  const ratios = against.flatMap((name) => {
    const its = figures(name)
    return its === undefined ? [] : [median(own.slice(0, its.length).map((value, i) => value / (its[i] as number)))]
  })
  if (ratios.length === 0) return undefined
  return isLessBetter ? Math.max(...ratios) : Math.min(...ratios)
}
