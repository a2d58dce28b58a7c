import type { Claim } from './rest-api.ts'
import type { ServerBehindProxy } from './sweep-server.ts'

/** One run of an operation on queues of its own. */
export interface Trial {
  /** Does it, once, and tells what the answer says of each of its units. @throws Violation */
  run(): Promise<ReadonlyMap<string, Claim>>
  /** How often the effect of each unit is in the database. @throws Violation */
  effects(): Promise<ReadonlyMap<string, number>>
}

/** Something that clients ask of the server. */
export interface Operation {
  readonly name: string
  /** Makes what it needs, so that `run` is one request. `name` begins the names of its queues. */
  prepare(server: ServerBehindProxy, name: string): Promise<Trial>
}
