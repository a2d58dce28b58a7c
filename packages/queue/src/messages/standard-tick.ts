import { claimStatement } from './claim-statement.ts'
import { deleteStatement } from './delete-statement.ts'
import { sendStatement } from './send-statement.ts'
import { TICK } from './statements.ts'
import { TickStatement } from './tick-statement.ts'

/** The tick of standard queues, see `tick_v2` in `migrations/0012_dead_letter_claim.sql`. */
export const standardTick = new TickStatement({
  delete: deleteStatement,
  send: sendStatement,
  claim: claimStatement,
  statement: TICK,
  columns: { operation: 19, delete: [0, 7, 11], send: [0, 5, 11] },
})
