import type { Statement } from '../database/database.ts'
import type { ClaimItem, ClaimOutcome } from './claim-statement.ts'
import type { DeleteItem, DeleteOutcome } from './delete-statement.ts'
import { bindManyLanesTick } from './many-lanes-tick.ts'
import { bindOneLaneTick, isOfOneLane } from './one-lane-tick.ts'
import type { SendItem, SendOutcome } from './send-statement.ts'

/** What one tick carries. */
export interface TickItems {
  readonly delete: readonly DeleteItem[]
  readonly send: readonly SendItem[]
  readonly claim: readonly ClaimItem[]
}

/** What it answers, in the orders of the items. */
export interface TickOutcomes {
  readonly delete: DeleteOutcome[]
  readonly send: SendOutcome[]
  readonly claim: ClaimOutcome[]
}

/** What was read of the answer to a tick. */
export interface TickAnswer {
  readonly outcomes: TickOutcomes
  /** The time of the database. */
  readonly nowMs: number
}

/** One statement that runs deletes, sends and claims in one transaction. */
export interface Tick {
  readonly statement: Statement
  readonly values: unknown[]
  read(rows: readonly unknown[][]): TickAnswer
}

/** The tick of these items, which are all of this bucket. `deadline` is text for a `timestamptz`. */
export function bindTick(bucket: number, items: TickItems, deadline: string): Tick {
  return isOfOneLane(items) ? bindOneLaneTick(bucket, items, deadline) : bindManyLanesTick(bucket, items, deadline)
}
