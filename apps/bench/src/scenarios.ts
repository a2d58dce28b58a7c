import type { ContenderName } from './contenders/index.ts'
import type { Fairness } from './kinds/fairness.ts'
import type { IdlePolls } from './kinds/idle-polls.ts'
import type { LatencyLoad } from './kinds/latency.ts'
import type { Load } from './kinds/load.ts'
import type { Scrapes } from './kinds/scrape.ts'
import { ROUNDS_A_DAY, type Space } from './kinds/space.ts'

/** What each kind of scenario says about the load of an entrant. */
export interface Loads {
  readonly load: Load
  readonly latency: LatencyLoad
  readonly idlePolls: IdlePolls
  readonly fairness: Fairness
  readonly scrape: Scrapes
  readonly space: Space
}

/** Who takes part in a scenario, and with what. */
export interface Entrant<Name extends keyof Loads = keyof Loads> {
  readonly contender: ContenderName
  /** In the report; the contender's own when absent. */
  readonly name?: string
  readonly load: Loads[Name]
  /** A transaction is held open in its database for the whole run. */
  readonly holdsTransaction?: boolean
}

/** One part of a report: entrants that take turns, the first of which the others are compared with. */
export type Scenario = {
  readonly [Name in keyof Loads]: {
    readonly name: string
    readonly kind: Name
    readonly entrants: readonly Entrant<Name>[]
    /** How long a round lasts, where that matters; there is then one alone, unless `rounds` says more. */
    readonly seconds?: number
    /** How many rounds there are, where that matters; there is then no warm-up. */
    readonly rounds?: number
  }
}[keyof Loads]

type LoadScenario = Extract<Scenario, { kind: 'load' }>

/** The same load for everyone. */
function sameLoad(name: string, load: Load, contenders: readonly ContenderName[]): LoadScenario {
  return { name, kind: 'load', entrants: contenders.map((contender) => ({ contender, load })) }
}

/** Stanchion under a load, and under one that differs in what the database holds, or in what is done. */
function beside(name: string, load: Load, others: Readonly<Record<string, Load>>): LoadScenario {
  const entrants = Object.entries(others).map(([other, its]) => ({
    contender: 'stanchion' as const,
    name: `stanchion, ${other}`,
    load: its,
  }))
  return { name, kind: 'load', entrants: [{ contender: 'stanchion', load }, ...entrants] }
}

const BY_ONE: Load = { clients: 64, callSize: 1 }
const BY_TEN: Load = { clients: 64, callSize: 10 }
const BY_HUNDRED: Load = { clients: 8, callSize: 100 }
const REST_BY_HUNDRED = 'stanchion, REST, calls of 100'
/** Where a larger call, or more of them at once, moves no more. */
const BY_QUARTER_THOUSAND: Load = { clients: 16, callSize: 250 }
/** Those who are not called over HTTP, as they are fastest. */
const BEST_BATCHES: readonly Entrant<'load'>[] = [
  { contender: 'raw Postgres', name: 'raw Postgres, 100 a statement', load: { clients: 4, callSize: 100 } },
  { contender: 'pgmq', name: 'pgmq, 100 a statement', load: { clients: 4, callSize: 100 } },
  { contender: 'pg-boss', name: 'pg-boss, batches of 100', load: { clients: 4, callSize: 100 } },
  { contender: 'pg-boss', name: 'pg-boss, batches of 1,000', load: { clients: 4, callSize: 1_000 } },
  { contender: 'RabbitMQ quorum queue', load: BY_HUNDRED },
  { contender: 'NATS JetStream', load: BY_HUNDRED },
]
const SQS: readonly ContenderName[] = ['stanchion', 'no-op', 'statement per request', 'fauxqs', 'ElasticMQ']
const OURS: readonly ContenderName[] = ['stanchion', 'no-op', 'statement per request']
const ALONE: readonly ContenderName[] = ['stanchion']

/** What a run without `--scenario` measures, in this order. */
export const SCENARIOS: readonly Scenario[] = [
  sameLoad('calls of 1, 1 client', { clients: 1, callSize: 1 }, OURS),
  sameLoad('calls of 1, 8 clients', { clients: 8, callSize: 1 }, OURS),
  sameLoad('calls of 1, 64 clients', BY_ONE, SQS),
  sameLoad('calls of 1, 256 clients', { clients: 256, callSize: 1 }, OURS),
  sameLoad('calls of 10, 1 client', { clients: 1, callSize: 10 }, OURS),
  sameLoad('calls of 10, 8 clients', { clients: 8, callSize: 10 }, OURS),
  {
    name: 'calls of 10, 64 clients',
    kind: 'load',
    entrants: [...SQS.map((contender) => ({ contender, load: BY_TEN })), ...BEST_BATCHES],
  },
  {
    name: 'each at its best batch',
    kind: 'load',
    entrants: [
      { contender: 'stanchion, REST', name: 'stanchion, REST, calls of 250', load: BY_QUARTER_THOUSAND },
      ...BEST_BATCHES,
    ],
  },
  sameLoad('calls of 10, 256 clients', { clients: 256, callSize: 10 }, OURS),
  {
    name: 'protocols, calls of 10',
    kind: 'load',
    entrants: [
      { contender: 'stanchion', load: BY_TEN },
      { contender: 'stanchion, Query', load: BY_TEN },
      { contender: 'stanchion, REST', load: BY_TEN },
      { contender: 'stanchion, REST', name: REST_BY_HUNDRED, load: BY_HUNDRED },
    ],
  },
  sameLoad('signatures, calls of 10', BY_TEN, [
    'stanchion',
    'stanchion, signatures ignored',
    'stanchion, signatures checked',
  ]),
  sameLoad('send only, calls of 1', { ...BY_ONE, life: 'send' }, ALONE),
  sameLoad('send only, calls of 10', { ...BY_TEN, life: 'send' }, ALONE),
  sameLoad('a backlog worked off, calls of 10', { ...BY_TEN, life: 'drain', stored: 500_000 }, ALONE),
  beside('10M stored', { ...BY_TEN, stored: 10_000_000 }, { 'one empty queue': BY_TEN }),
  beside('100,000 in flight', { ...BY_TEN, inFlight: 100_000 }, { 'one empty queue': BY_TEN }),
  beside('50,000 queues, calls of 1', { ...BY_ONE, queues: 50_000 }, { 'one empty queue': BY_ONE }),
  {
    name: 'a transaction held',
    kind: 'load',
    seconds: 60,
    rounds: 10,
    entrants: [
      { contender: 'stanchion', load: BY_TEN, holdsTransaction: true },
      { contender: 'stanchion, another database', name: 'stanchion, none held', load: BY_TEN },
    ],
  },
  beside('2 KB bodies', { ...BY_TEN, bodyBytes: 2_048 }, { '200 bytes': BY_TEN }),
  beside(
    '256 KB bodies, calls of 1',
    { clients: 16, callSize: 1, bodyBytes: 262_144 },
    { '200 bytes': { clients: 16, callSize: 1 } },
  ),
  beside('everything delayed', { ...BY_TEN, life: 'delayed' }, { undelayed: BY_TEN }),
  beside('everything retried', { ...BY_TEN, life: 'retried' }, { 'not retried': BY_TEN }),
  sameLoad('fan-in from two servers', BY_TEN, ['stanchion, two servers', 'stanchion']),
  sameLoad('behind PgBouncer', BY_TEN, ['stanchion, behind PgBouncer', 'stanchion']),
  beside(
    '1,000 tenants',
    { ...BY_TEN, tenants: 1_000 },
    { 'a noisy one beside them': { ...BY_TEN, tenants: 1_000, stored: 100_000, isNoisy: true }, 'no groups': BY_TEN },
  ),
  beside('FIFO, 1,000 groups', { ...BY_TEN, fifo: { groups: 1_000 } }, { 'standard queue': BY_TEN }),
  beside(
    'FIFO, 1M messages blocked in front',
    { ...BY_TEN, fifo: { groups: 1_000, blocked: 1_000_000 } },
    { 'no blocked group': { ...BY_TEN, fifo: { groups: 1_000 } } },
  ),
  beside('FIFO, 1M groups', { ...BY_TEN, fifo: { groups: 1_000_000 } }, { 'standard queue': BY_TEN }),
  {
    name: 'FIFO, one hot group',
    kind: 'load',
    entrants: [
      { contender: 'stanchion', load: { clients: 1, callSize: 10, fifo: { groups: 1 } } },
      { contender: 'stanchion', name: 'stanchion, standard queue', load: { clients: 1, callSize: 10 } },
      // Three commits one after the other: the limit of one caller.
      { contender: 'raw Postgres', name: 'raw Postgres, one caller', load: { clients: 1, callSize: 10 } },
    ],
  },
  {
    name: 'from a send to a long poll',
    kind: 'latency',
    entrants: [
      { contender: 'stanchion', load: { pauseMs: 20 } },
      { contender: 'stanchion, two servers', name: 'stanchion, another node', load: { pauseMs: 20 } },
      { contender: 'fauxqs', load: { pauseMs: 20 } },
      { contender: 'ElasticMQ', load: { pauseMs: 20 } },
    ],
  },
  {
    name: '10,000 idle long polls',
    kind: 'idlePolls',
    entrants: [
      { contender: 'stanchion', load: { polls: 10_000, queues: 100 } },
      { contender: 'stanchion', name: 'stanchion, no polls', load: { polls: 0, queues: 100 } },
    ],
  },
  {
    name: 'a noisy tenant',
    kind: 'fairness',
    entrants: [
      { contender: 'stanchion', name: 'alone', load: { noisyMessages: 0, hasGroups: true, workMs: 20 } },
      {
        contender: 'stanchion',
        name: 'beside a noisy one',
        load: { noisyMessages: 100_000, hasGroups: true, workMs: 20 },
      },
      {
        contender: 'stanchion',
        name: 'beside a noisy one, without groups',
        load: { noisyMessages: 100_000, hasGroups: false, workMs: 20 },
      },
    ],
  },
  {
    name: 'a noisy tenant, consumers that do no work',
    kind: 'fairness',
    entrants: [
      { contender: 'stanchion', name: 'alone', load: { noisyMessages: 0, hasGroups: true, workMs: 0 } },
      {
        contender: 'stanchion',
        name: 'beside a noisy one',
        load: { noisyMessages: 100_000, hasGroups: true, workMs: 0 },
      },
    ],
  },
  {
    name: 'a scrape of 10,000 queues',
    kind: 'scrape',
    entrants: [{ contender: 'stanchion', load: { queues: 10_000 } }],
  },
  {
    name: 'seven days',
    kind: 'space',
    entrants: [{ contender: 'stanchion', load: { messages: 3_000, bodyBytes: 1_000 } }],
    rounds: 7 * ROUNDS_A_DAY,
  },
]

/** Two versions side by side; part of a run with `--build`. */
export const BUILD_SCENARIOS: readonly Scenario[] = Object.entries<Load>({
  'calls of 1': BY_ONE,
  'calls of 10': BY_TEN,
  'many queues': { ...BY_ONE, queues: 20_000 },
  FIFO: { ...BY_TEN, fifo: { groups: 1_000 } },
  'one hot FIFO group': { clients: 1, callSize: 10, fifo: { groups: 1 } },
}).map(([what, load]) => sameLoad(`two builds, ${what}`, load, ['stanchion', 'other build']))

/** Stanchion and somebody else; part of a run with `--endpoint`. */
export const ENDPOINT_SCENARIOS: readonly Scenario[] = [BY_ONE, BY_TEN].map((load) =>
  sameLoad(`the endpoint, calls of ${load.callSize}`, load, ['stanchion', 'endpoint']),
)
