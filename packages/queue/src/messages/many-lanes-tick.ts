import type { Statement } from '../database/database.ts'
import { claimStatement, rowOfLane } from './claim-statement.ts'
import { deleteStatement } from './delete-statement.ts'
import { sendStatement } from './send-statement.ts'
import type { Tick, TickItems } from './tick.ts'

/** One call of `many_lanes_tick_v1`, see `migrations/0035_many_lanes_tick.sql` and decision 0037. */
const MANY_LANES_TICK: Statement = {
  name: 'stanchion_many_lanes_tick_v1',
  text: `SELECT lane_id, stale, message_lane, seq_ms, seq_number, lease_seq, lease_index, receive_count, first_received_ms, body,
    attributes, now_ms, due_in_ms, nothing_due, origin_lane, origin_seq, source_queue, moved, moved_on, first_seqs, removed, stales, dues
    FROM stanchion.many_lanes_tick_v1($1, $2,
      $3::bigint[], $4::bigint[], $5::bigint[], $6::bit varying[], $7::integer[], $8::integer[], $9::bigint[], $10::bigint[],
      $11::bigint[], $12::integer[],
      $13::bigint[], $14::integer[], $15::integer[], $16::integer[], $17::text[], $18::text[], $19::integer[],
      $20::bigint[], $21::integer[], $22::integer[], $23::integer[], $24::integer[], $25::timestamptz[], $26, $27, $28,
      $29::integer[], $30::bigint[], $31::integer[], $32::text[])`,
}

/** Columns of its last row, behind those of a claim. */
const COLUMN = { now: 11, firstSeqs: 19, removed: 20, stales: 21, dues: 22 } as const

/** The parameters are those of the three statements, without the bucket and the deadline, which they share. */
export function bindManyLanesTick(bucket: number, items: TickItems, deadline: string): Tick {
  const deletes = deleteStatement.bind(bucket, items.delete, deadline).slice(1, -1)
  const sends = sendStatement.bind(bucket, items.send, deadline).slice(1, -1)
  const claims = withoutDeadline(claimStatement.bind(bucket, items.claim, deadline).slice(1))
  return {
    statement: MANY_LANES_TICK,
    values: [bucket, deadline, ...deletes, ...sends, ...claims],
    read(rows) {
      const last = rows.at(-1) ?? []
      const nowMs = last[COLUMN.now] as number
      const list = <T>(column: number) => (last[column] ?? []) as (T | null)[]
      /** A row for each of these lanes of which the list says something. */
      const rowsOf = (lanes: unknown, values: readonly unknown[]) =>
        (lanes as number[]).map((lane, i) => [lane, values[i], nowMs]).filter(([, value]) => value !== null)
      const [stales, dues] = [list<boolean>(COLUMN.stales), list<number>(COLUMN.dues)]
      const claimed = (claims[0] as number[]).flatMap((lane, i) => {
        const stale = stales[i] ?? null
        return stale === null ? [] : [rowOfLane(lane, stale, nowMs, dues[i] ?? null)]
      })
      const outcomes = {
        delete: deleteStatement.read(rowsOf(deletes[0], list(COLUMN.removed)), items.delete),
        send: sendStatement.read(rowsOf(sends[0], list(COLUMN.firstSeqs)), items.send),
        claim: claimStatement.read([...rows.slice(0, -1), ...claimed], items.claim),
      }
      return { outcomes, nowMs }
    },
  }
}

/** The deadline stands before the last five parameters of a claim. */
export function withoutDeadline(values: unknown[]): unknown[] {
  return values.toSpliced(-6, 1)
}
