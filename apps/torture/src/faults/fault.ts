import type { HistoryWriter } from '../history/history-writer.ts'
import type { Random } from '../random.ts'
import type { ServerNode } from '../system/server-node.ts'
import type { System } from '../system/system.ts'

/** Something bad that happens to a system, and goes away again. */
export interface Fault {
  /** As on the command line, verb first. */
  readonly name: string
  /** What happens, in a few words. */
  readonly about: string
  /** What is hit. At a time there is one fault for each server and one for Postgres. */
  readonly hits: 'server' | 'postgres'
  /**
   * What has to be there for it: a proxy between each server and Postgres, a network in which each server has a line of its own, or points in
   * servers at which they can end themselves.
   */
  readonly through?: 'proxy' | 'network' | 'failpoints'
  /** What the system has to be started with for it: the data of Postgres on a volume of their own; clocks that can be stepped. */
  readonly on?: 'volume' | 'clocks'
  /** What nobody reaches from `inject` to `heal`; of a fault that hits a server, not that server. */
  readonly stops?: 'database'
  /** What is hit is told to stop and ends by itself, before `inject` returns. */
  readonly isOrderly?: true
  /** Why it cannot be done on this machine or in this run; `undefined` when it can. Absent: it can be done everywhere. */
  needs?(run: RunSetup): string | undefined
  /**
   * Makes it happen, and returns when it has.
   * @returns how it is undone; the system takes requests again when that has resolved
   */
  inject(hit: Hit): Promise<Heal>
}

/** What a run is given beside servers and Postgres. */
export interface RunSetup {
  /** Whether servers reach Postgres through PgBouncer. */
  readonly pgBouncer: boolean
  /** A checkout of an older version, with what it depends on installed. */
  readonly oldServer: string | undefined
}

/** A run with nothing beside servers and Postgres. */
export const PLAIN_RUN: RunSetup = { pgBouncer: false, oldServer: undefined }

/** What a fault has to do with. */
export interface Hit {
  readonly system: System
  /** The one to hit, for faults of a server. */
  readonly server: ServerNode
  readonly random: Random
  /** For what checkers have to know beside the fault itself. */
  readonly history: Pick<HistoryWriter, 'clock'>
}

/** Undoes a fault. */
export type Heal = () => Promise<void>
