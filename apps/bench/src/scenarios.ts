import type { ContenderName } from './contender.ts'

/** One line of the report. */
export interface Scenario {
  readonly name: string
  readonly clients: number
  readonly callSize: number
  /** Who takes part; the first is what the others are compared with. */
  readonly contenders: readonly ContenderName[]
  /** Messages that wait in the queue before the load begins. */
  readonly backlog?: number
  /** Messages that are leased before the load begins. */
  readonly inFlight?: number
  readonly queues?: number
  /**
   * A FIFO queue, whose messages are spread over so many groups, beside a standard one. `blocked`: a group in front of it that
   * cannot go on, with so many messages, and the same without it.
   */
  readonly fifo?: { readonly groups: number; readonly blocked?: number }
  /** Tenants that the messages are spread over; compared with messages without a group. */
  readonly tenants?: number
  /** Of the backlog: it belongs to one more tenant. */
  readonly isNoisy?: boolean
  /** How long a round lasts, when that matters. */
  readonly seconds?: number
  /** A transaction is held open for the whole run, and the last tenth is compared with the first. */
  readonly holdsTransaction?: boolean
}

const ALL = ['stanchion', 'no-op', 'statement per request'] as const
const ALONE = ['stanchion'] as const
const SIGNATURES = ['stanchion', 'stanchion, signatures ignored', 'stanchion, signatures checked'] as const

export const SCENARIOS: readonly Scenario[] = [
  { name: 'calls of 1, 8 clients', clients: 8, callSize: 1, contenders: ALL },
  { name: 'calls of 1, 64 clients', clients: 64, callSize: 1, contenders: ALL },
  { name: 'calls of 1, 256 clients', clients: 256, callSize: 1, contenders: ALL },
  { name: 'calls of 10, 8 clients', clients: 8, callSize: 10, contenders: ALL },
  { name: 'calls of 10, 64 clients', clients: 64, callSize: 10, contenders: ALL },
  { name: 'calls of 10, 256 clients', clients: 256, callSize: 10, contenders: ALL },
  { name: 'calls of 10, signatures', clients: 64, callSize: 10, contenders: SIGNATURES },
  { name: 'calls of 10, backlog', clients: 64, callSize: 10, contenders: ALONE, backlog: 1_000_000 },
  { name: 'calls of 10, in flight', clients: 64, callSize: 10, contenders: ALONE, inFlight: 100_000 },
  { name: 'calls of 1, 1,000 tenants', clients: 64, callSize: 1, contenders: ALONE, tenants: 1_000 },
  { name: 'calls of 10, 1,000 tenants', clients: 64, callSize: 10, contenders: ALONE, tenants: 1_000 },
  {
    name: 'calls of 10, 1,000 tenants and a noisy one',
    clients: 64,
    callSize: 10,
    contenders: ALONE,
    tenants: 1_000,
    backlog: 100_000,
    isNoisy: true,
  },
  {
    name: 'calls of 10, transaction held',
    clients: 64,
    callSize: 10,
    contenders: ALONE,
    seconds: 60,
    holdsTransaction: true,
  },
  { name: 'FIFO, 1,000 groups', clients: 64, callSize: 10, contenders: ALONE, fifo: { groups: 1_000 } },
  {
    name: 'FIFO, blocked group in front',
    clients: 64,
    callSize: 10,
    contenders: ALONE,
    fifo: { groups: 1_000, blocked: 1_000_000 },
  },
  { name: 'FIFO, one hot group', clients: 64, callSize: 10, contenders: ALONE, fifo: { groups: 1 } },
  { name: 'calls of 1, many queues', clients: 64, callSize: 1, contenders: ALONE, queues: 10_000 },
]
