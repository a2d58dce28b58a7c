import { claimStatement } from '../../src/messages/claim-statement.ts'
import { deleteStatement } from '../../src/messages/delete-statement.ts'
import { withoutDeadline } from '../../src/messages/many-lanes-tick.ts'
import { sendStatement } from '../../src/messages/send-statement.ts'
import type { Tick, TickItems } from '../../src/messages/tick.ts'

const MASKS = 4
const OPERATION = 19

/** The first tick there was, `tick_v2`, which works through its lanes one by one: what the others do, in other words. */
export function bindFormerTick(bucket: number, items: TickItems, deadline: string): Tick {
  const deletes = deleteStatement.bind(bucket, items.delete, deadline).toSpliced(MASKS, 1).slice(1, -1)
  const sends = sendStatement.bind(bucket, items.send, deadline).slice(1, -1)
  const claims = withoutDeadline(claimStatement.bind(bucket, items.claim, deadline).slice(1))
  return {
    statement: {
      name: 'tick_v2',
      text: `SELECT lane_id, stale, message_lane, seq_ms, seq_number, lease_seq, lease_index, receive_count, first_received_ms, body,
        attributes, now_ms, due_in_ms, nothing_due, origin_lane, origin_seq, source_queue, moved, moved_on, operation
        FROM stanchion.tick_v2($1, $2,
          $3::bigint[], $4::bigint[], $5::bigint[], $6::integer[], $7::integer[], $8::bigint[], $9::bigint[], $10::bigint[], $11::integer[],
          $12::bigint[], $13::integer[], $14::integer[], $15::integer[], $16::text[], $17::text[], $18::integer[],
          $19::bigint[], $20::integer[], $21::integer[], $22::integer[], $23::integer[], $24::timestamptz[], $25, $26, $27,
          $28::integer[], $29::bigint[], $30::integer[], $31::text[])`,
    },
    values: [bucket, deadline, ...deletes, ...sends, ...claims],
    read(rows) {
      const rowsOf = (operation: number) => rows.filter((row) => row[OPERATION] === operation)
      const outcomes = {
        delete: deleteStatement.read(
          rowsOf(1).map((row) => [row[0], row[7], row[11]]),
          items.delete,
        ),
        send: sendStatement.read(
          rowsOf(2).map((row) => [row[0], row[5], row[11]]),
          items.send,
        ),
        claim: claimStatement.read(rowsOf(3), items.claim),
      }
      return { outcomes, nowMs: rows.at(-1)?.[claimStatement.nowColumn] as number }
    },
  }
}
