import type { QueueClient } from '../clients/queue-client.ts'

/** What can be made to stand still while somebody else is measured, and to go on. */
export interface Suspendable {
  suspend(): void
  resume(): void
}

/** A queue service that takes part in a run. Absent `suspend` and `resume`: it does nothing to speak of when nobody calls it. */
export interface Contender extends Partial<Suspendable> {
  /** The processes it consists of, each counted with its children; none when its work happens in the load generator or elsewhere. */
  readonly serverPids: readonly number[]
  /** How many times as long as others it runs before it is counted; absent: once. */
  readonly warmUps?: number
  /** Its database in the Postgres of the run, if it has one. */
  readonly databaseUrl?: string
  /** Where its metrics are, for those that are Stanchion. */
  readonly metricsUrl?: string
  /** @returns how its clients call the queue */
  createQueue(name: string, isFifo: boolean): Promise<string>
  /** Opens one more caller. Those of several servers take turns. */
  connect(): Promise<QueueClient>
  /** Stores many messages as fast as it can, where there is a faster way than the clients have. */
  fill?(queue: string, count: number, message: { readonly body: string; readonly group?: string }): Promise<void>
  stop(): Promise<void>
}

/** What a contender gets to start with. */
export interface Host {
  /** Makes a database of its own, dropped after the run. */
  createDatabase(): Promise<string>
  /** SQS endpoint that was given on the command line. */
  readonly endpoint: string | undefined
  /** Checkout of another version of Stanchion that was given on the command line. */
  readonly build: string | undefined
}
