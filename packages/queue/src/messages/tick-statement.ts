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

const COLUMNS = `lane_id, stale, message_lane, seq_ms, seq_number, lease_seq, lease_index, receive_count, first_received_ms, body, attributes,
  now_ms, due_in_ms, nothing_due, origin_lane, origin_seq, source_queue, moved, moved_on, operation`

/** One call of `tick_v4`, which runs delete, send and claim in one transaction; see `migrations/0030_one_lane_tick.sql`. */
const TICK: Statement = {
  name: 'stanchion_tick_v4',
  text: `SELECT ${COLUMNS} FROM stanchion.tick_v4($1, $2,
    $3::bigint[], $4::bigint[], $5::bigint[], $6::bit varying[], $7::integer[], $8::integer[], $9::bigint[], $10::bigint[], $11::bigint[],
    $12::integer[],
    $13::bigint[], $14::integer[], $15::integer[], $16::integer[], $17::text[], $18::text[], $19::integer[],
    $20::bigint[], $21::integer[], $22::integer[], $23::integer[], $24::integer[], $25::timestamptz[], $26, $27, $28,
    $29::integer[], $30::bigint[], $31::integer[], $32::text[])`,
}

/** One call of `one_lane_tick_v1`, which does the same for one lane in less time. */
const ONE_LANE_TICK: Statement = {
  name: 'stanchion_one_lane_tick_v1',
  text: `SELECT ${COLUMNS} FROM stanchion.one_lane_tick_v1($1, $2,
    $3::bigint[], $4::bigint[], $5::bigint[], $6::bit varying[], $7::integer[], $8::integer[], $9::bigint[], $10::bigint[], $11::bigint[],
    $12::integer[],
    $13, $14, $15::text[], $16::text[],
    $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)`,
}

const DELETE = 1
const SEND = 2

/** Of the columns of a claim, those in which a tick says what a delete and a send say. */
const COLUMN = { lane: 0, firstSeq: 5, removed: 7, now: 11, operation: 19 } as const

/** A statement and its parameters. */
export interface BoundStatement {
  readonly statement: Statement
  readonly values: unknown[]
}

/** The parameters are those of the three statements, without the bucket and the deadline, which they share. */
export function bindTick(bucket: number, items: TickItems, deadline: string): BoundStatement {
  return isOfOneLane(items) ? bindOneLaneTick(bucket, items, deadline) : bindManyLanesTick(bucket, items, deadline)
}

export function bindManyLanesTick(bucket: number, items: TickItems, deadline: string): BoundStatement {
  return { statement: TICK, values: [bucket, deadline, ...Object.values(bindParts(bucket, items, deadline)).flat()] }
}

/** For items that are of one lane. */
export function bindOneLaneTick(bucket: number, items: TickItems, deadline: string): BoundStatement {
  const { deletes, sends, claims } = bindParts(bucket, items, deadline)
  const [lanes, versions, , , bodies, attributes] = sends
  const send = [onlyElement(lanes), onlyElement(versions), bodies, attributes]
  return { statement: ONE_LANE_TICK, values: [bucket, deadline, ...deletes, ...send, ...claims.map(onlyElement)] }
}

function bindParts(bucket: number, items: TickItems, deadline: string) {
  return {
    deletes: deleteStatement.bind(bucket, items.delete, deadline).slice(1, -1),
    sends: sendStatement.bind(bucket, items.send, deadline).slice(1, -1),
    claims: withoutDeadline(claimStatement.bind(bucket, items.claim, deadline).slice(1)),
  }
}

/** The deadline stands before the last five parameters of a claim. */
function withoutDeadline(values: unknown[]): unknown[] {
  return values.toSpliced(-6, 1)
}

/** Whether all sends go to one lane, which is no delay stream, and one lane at most is claimed from. */
export function isOfOneLane({ send, claim }: TickItems): boolean {
  const lane = send[0]?.lane ?? 1
  return claim.length <= 1 && lane > 0 && send.every((item) => item.lane === lane)
}

/** Of a list of one or none; anything else is itself. */
function onlyElement(value: unknown): unknown {
  return Array.isArray(value) ? (value[0] ?? null) : value
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
