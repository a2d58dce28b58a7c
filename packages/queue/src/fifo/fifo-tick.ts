import { FIFO_TICK } from '../messages/statements.ts'
import { TickStatement } from '../messages/tick-statement.ts'
import { fifoClaimStatement } from './fifo-claim-statement.ts'
import { fifoSendStatement } from './fifo-send-statement.ts'
import { fifoDeleteStatement } from './fifo-settle-statement.ts'

/**
 * The tick of FIFO queues, see `migrations/0024_fifo_tick.sql`.
 * @param leaseSecondsMax how long one delivery may stay invisible in all, counted from its receive
 */
export const fifoTick = (leaseSecondsMax: number) =>
  new TickStatement({
    delete: fifoDeleteStatement,
    send: fifoSendStatement,
    claim: fifoClaimStatement(leaseSecondsMax),
    statement: FIFO_TICK,
    columns: { operation: 19, delete: [2, 5, 12, 11], send: [2, 0, 1, 11] },
  })
