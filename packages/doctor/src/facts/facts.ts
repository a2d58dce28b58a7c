import type { ArchiverFacts } from './read-archiver.ts'
import type { ConnectionFacts } from './read-connections.ts'
import type { DatabaseFacts } from './read-database.ts'
import type { LockWait } from './read-lock-waits.ts'
import type { PreparedTransaction } from './read-prepared-transactions.ts'
import type { QueueFacts } from './read-queues.ts'
import type { ReplicationSlot } from './read-replication-slots.ts'
import type { ServiceFacts } from './read-service.ts'
import type { SessionFacts } from './read-sessions.ts'
import type { Settings } from './read-settings.ts'
import type { TableFacts } from './read-tables.ts'

/** What Postgres tells, one statement each. */
export interface PostgresFacts {
  readonly settings: Settings
  readonly database: DatabaseFacts
  readonly connections: ConnectionFacts
  readonly sessions: SessionFacts
  readonly lockWaits: readonly LockWait[]
  readonly preparedTransactions: readonly PreparedTransaction[]
  readonly replicationSlots: readonly ReplicationSlot[]
  readonly archiver: ArchiverFacts
  readonly tables: readonly TableFacts[]
  readonly service: ServiceFacts
  readonly queues: readonly QueueFacts[]
}

/** Whether the database could be reached. */
export interface ConnectionOutcome {
  /** Why not, in the words of Postgres or of the network. */
  readonly error: string | undefined
}

/** What was done to a queue lately. */
export interface QueueActivity {
  readonly accountId: string
  readonly name: string
  readonly received: number
  readonly expired: number
  readonly deadLettered: number
  readonly leasesExpired: number
}

/** The pool of a node at one moment. */
export interface PoolSample {
  readonly idle: number
  readonly total: number
  /** Pieces of work that wait for a connection. */
  readonly waiting: number
  /** Entries of requests that wait to join a statement. */
  readonly entriesWaiting: number
}

/** A background duty of a node. */
export interface DutyFacts {
  readonly name: string
  /** How long it rests between two rounds. */
  readonly intervalSeconds: number
  /** `undefined`: it has not done a round yet. */
  readonly succeededSecondsAgo: number | undefined
  /** Rounds that failed since the last one that did not. */
  readonly failuresInARow: number
  readonly lastError: string | undefined
}

/** What a running node knows about itself. */
export interface NodeFacts {
  readonly poolSizeMax: number
  /** Connections that the node opens at most, all together. */
  readonly connectionsMax: number
  /** Several moments of this examination. */
  readonly poolSamples: readonly PoolSample[]
  /** How far the database clock has jumped ahead without anybody confirming it (G11). */
  readonly clockJumpSeconds: number
  /** How late the event loop runs what is due, in the worst of a hundred cases; `undefined`: it has not been measured for long. */
  readonly eventLoopLagSeconds: number | undefined
  readonly duties: readonly DutyFacts[]
  readonly activity: {
    /** How far back it goes. */
    readonly seconds: number
    /** Queues that are not named did nothing. */
    readonly queues: readonly QueueActivity[]
  }
  /** Where the data of an embedded Postgres are; absent with a Postgres elsewhere. */
  readonly dataDisk: { readonly path: string; readonly totalBytes: number; readonly freeBytes: number } | undefined
}

/** How fast the database grew while the doctor watched. */
export interface GrowthFacts {
  readonly seconds: number
  readonly bytes: number
}

/** Everything that checks look at, by name. */
export interface FactValues extends PostgresFacts {
  readonly connection: ConnectionOutcome
  readonly node: NodeFacts
  readonly growth: GrowthFacts
}

export type FactName = keyof FactValues

/** A fact, or the sentence that says why it is not known. */
export type Known<T> = { readonly value: T } | { readonly unknown: string }

/** What is known. */
export type Facts = { readonly [Name in FactName]: Known<FactValues[Name]> }
