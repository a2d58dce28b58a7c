import type { Statement } from '../database/database.ts'
import { claimStatement } from './claim-statement.ts'
import { deleteStatement } from './delete-statement.ts'
import { sendStatement } from './send-statement.ts'
import type { Tick, TickItems } from './tick.ts'

/** One call of `tick_v4`, which runs delete, send and claim in one transaction; see `migrations/0030_one_lane_tick.sql`. */
const TICK: Statement = {
  name: 'stanchion_tick_v4',
  text: `SELECT lane_id, stale, message_lane, seq_ms, seq_number, lease_seq, lease_index, receive_count, first_received_ms, body,
    attributes, now_ms, due_in_ms, nothing_due, origin_lane, origin_seq, source_queue, moved, moved_on, operation
    FROM stanchion.tick_v4($1, $2,
      $3::bigint[], $4::bigint[], $5::bigint[], $6::bit varying[], $7::integer[], $8::integer[], $9::bigint[], $10::bigint[],
      $11::bigint[], $12::integer[],
      $13::bigint[], $14::integer[], $15::integer[], $16::integer[], $17::text[], $18::text[], $19::integer[],
      $20::bigint[], $21::integer[], $22::integer[], $23::integer[], $24::integer[], $25::timestamptz[], $26, $27, $28,
      $29::integer[], $30::bigint[], $31::integer[], $32::text[])`,
}

const DELETE = 1
const SEND = 2

/** Of the columns of a claim, those in which a tick says what a delete and a send say. */
const COLUMN = { lane: 0, firstSeq: 5, removed: 7, now: 11, operation: 19 } as const

/** The parameters are those of the three statements, without the bucket and the deadline, which they share. */
export function bindManyLanesTick(bucket: number, items: TickItems, deadline: string): Tick {
  return {
    statement: TICK,
    values: [
      bucket,
      deadline,
      ...deleteStatement.bind(bucket, items.delete, deadline).slice(1, -1),
      ...sendStatement.bind(bucket, items.send, deadline).slice(1, -1),
      ...withoutDeadline(claimStatement.bind(bucket, items.claim, deadline).slice(1)),
    ],
    read(rows) {
      const deletes: unknown[][] = []
      const sends: unknown[][] = []
      const claims: unknown[][] = []
      for (const row of rows) {
        if (row[COLUMN.operation] === DELETE) deletes.push([row[COLUMN.lane], row[COLUMN.removed], row[COLUMN.now]])
        else if (row[COLUMN.operation] === SEND) sends.push([row[COLUMN.lane], row[COLUMN.firstSeq], row[COLUMN.now]])
        else claims.push(row)
      }
      return {
        delete: deleteStatement.read(deletes, items.delete),
        send: sendStatement.read(sends, items.send),
        claim: claimStatement.read(claims, items.claim),
      }
    },
  }
}

/** The deadline stands before the last five parameters of a claim. */
export function withoutDeadline(values: unknown[]): unknown[] {
  return values.toSpliced(-6, 1)
}
