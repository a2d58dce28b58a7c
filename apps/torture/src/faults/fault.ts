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
  /** What has to stand between each server and Postgres for it. */
  readonly through?: 'proxy'
  /** What Postgres has to be started with for it: its data on a volume of their own. */
  readonly on?: 'volume'
  /** What nobody reaches from `inject` to `heal`; of a fault that hits a server, not that server. */
  readonly stops?: 'database'
  /** What is hit is told to stop and ends by itself, before `inject` returns. */
  readonly isOrderly?: true
  /** Happens on the way between servers and Postgres: the system has a proxy there. */
  readonly onTheWay?: true
  /** Why it cannot be done on this machine; `undefined` when it can. Absent: it can be done everywhere. */
  needs?(): string | undefined
  /**
   * Makes it happen, and returns when it has.
   * @returns how it is undone; the system takes requests again when that has resolved
   */
  inject(hit: Hit): Promise<Heal>
}

/** What a fault has to do with. */
export interface Hit {
  readonly system: System
  /** The one to hit, for faults of a server. */
  readonly server: ServerNode
  readonly random: Random
}

/** Undoes a fault. */
export type Heal = () => Promise<void>
