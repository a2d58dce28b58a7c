import { claimStatement } from './claim-statement.ts'
import { deleteStatement } from './delete-statement.ts'
import { sendStatement } from './send-statement.ts'
import { TICK } from './statements.ts'
import { TickStatement } from './tick-statement.ts'

/** The tick of standard queues, see `tick_v3` in `migrations/0029_many_lanes.sql`. */
export const standardTick = new TickStatement({
  delete: deleteStatement,
  send: sendStatement,
  claim: claimStatement,
  statement: TICK,
  columns: { operation: 19, delete: [0, 7, 11], send: [0, 5, 11] },
})
