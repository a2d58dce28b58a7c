import type { Statement } from '../database/database.ts'
import { type ClaimItem, type ClaimOutcome, claimStatement } from './claim-statement.ts'
import { type DeleteItem, type DeleteOutcome, deleteStatement } from './delete-statement.ts'
import { type SendItem, type SendOutcome, sendStatement } from './send-statement.ts'

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

/** One call of `tick_v3`, which runs delete, send and claim in one transaction; see `migrations/0029_many_lanes.sql`. */
export const TICK: Statement = {
  name: 'stanchion_tick_v3',
  text: `SELECT lane_id, stale, message_lane, seq_ms, seq_number, lease_seq, lease_index, receive_count, first_received_ms, body,
    attributes, now_ms, due_in_ms, nothing_due, origin_lane, origin_seq, source_queue, moved, moved_on, operation
    FROM stanchion.tick_v3($1, $2,
      $3::bigint[], $4::bigint[], $5::bigint[], $6::integer[], $7::integer[], $8::bigint[], $9::bigint[], $10::bigint[], $11::integer[],
      $12::bigint[], $13::integer[], $14::integer[], $15::integer[], $16::text[], $17::text[], $18::integer[],
      $19::bigint[], $20::integer[], $21::integer[], $22::integer[], $23::integer[], $24::timestamptz[], $25, $26, $27,
      $28::integer[], $29::bigint[], $30::integer[], $31::text[])`,
}

const DELETE = 1
const SEND = 2

/** Of the columns of a claim, those in which a tick says what a delete and a send say. */
const COLUMN = { lane: 0, firstSeq: 5, removed: 7, now: 11, operation: 19 } as const

/** The parameters: those of the three statements without the bucket and the deadline, which they share. */
export function bindTick(bucket: number, items: TickItems, deadline: string): unknown[] {
  return [
    bucket,
    deadline,
    ...deleteStatement.bind(bucket, items.delete, deadline).slice(1, -1),
    ...sendStatement.bind(bucket, items.send, deadline).slice(1, -1),
    ...withoutDeadline(claimStatement.bind(bucket, items.claim, deadline).slice(1)),
  ]
}

/** The deadline stands before the last five parameters of a claim. */
function withoutDeadline(values: unknown[]): unknown[] {
  return values.toSpliced(-6, 1)
}

export function readTick(rows: readonly unknown[][], items: TickItems): TickOutcomes {
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
}
