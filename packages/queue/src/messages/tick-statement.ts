import type { Statement } from '../database/database.ts'
import { type ClaimItem, type ClaimOutcome, claimStatement } from './claim-statement.ts'
import { type DeleteItem, type DeleteOutcome, deleteStatement } from './delete-statement.ts'
import { type SendItem, type SendOutcome, sendStatement } from './send-statement.ts'
import type { BatchStatement } from './statement-runner.ts'

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

/** The columns of its answer: those of a claim, and whose row it is. */
const COLUMNS = {
  lane_id: 'bigint',
  stale: 'boolean',
  message_lane: 'bigint',
  seq_ms: 'double precision',
  seq_number: 'integer',
  lease_seq: 'bigint',
  lease_index: 'integer',
  receive_count: 'integer',
  first_received_ms: 'double precision',
  body: 'text',
  attributes: 'text',
  now_ms: 'double precision',
  due_in_ms: 'double precision',
  nothing_due: 'boolean',
  origin_lane: 'bigint',
  origin_seq: 'bigint',
  source_queue: 'text',
  moved: 'integer',
  moved_on: 'integer',
} as const

const DELETE = 1
const SEND = 2
const CLAIM = 3

/** Of the columns of a claim, those in which a tick says what a delete and a send say. */
const COLUMN = { lane: 0, firstSeq: 5, removed: 7, now: 11, operation: 19 } as const

/** One operation of a tick. */
interface Part {
  readonly operation: number
  readonly statement: Statement
  readonly values: readonly unknown[]
  /** What stands in the columns, when it is not what they are called. */
  readonly columns?: Readonly<Partial<Record<keyof typeof COLUMNS, string>>>
}

/** What a tick is: one statement and its parameters. */
export interface Tick {
  readonly statement: Statement
  readonly values: readonly unknown[]
}

const statements = new Map<string, Statement>()

/**
 * Delete, send and claim as one statement and one transaction: the functions of all three, one behind the other. Postgres goes through the arms of
 * a `UNION ALL` in their order, and each statement in a volatile function sees what those before it did, so a claim
 * finds what was sent. A function around the three cost a tenth of a tick: rows that pass through it are written once more.
 */
export function tickOf(bucket: number, items: TickItems, deadline: string): Tick {
  const parts: Part[] = []
  const add = <Item>(
    batch: BatchStatement<Item, unknown>,
    its: readonly Item[],
    part: Pick<Part, 'operation' | 'columns'>,
  ) => {
    if (its.length > 0)
      parts.push({ ...part, statement: batch.statementOf(its), values: batch.bind(bucket, its, deadline) })
  }
  add(deleteStatement, items.delete, {
    operation: DELETE,
    columns: { lane_id: 'lane_id', receive_count: 'removed', now_ms: 'now_ms' },
  })
  add(sendStatement, items.send, {
    operation: SEND,
    columns: { lane_id: 'lane_id', lease_seq: 'first_seq', now_ms: 'now_ms' },
  })
  add(claimStatement, items.claim, { operation: CLAIM })
  return { statement: together(parts), values: parts.flatMap(({ values }) => values) }
}

/** There are few combinations, and a connection keeps each prepared that it met. */
function together(parts: readonly Part[]): Statement {
  const name = parts.map(({ statement }) => statement.name.replace(/^stanchion_/, '')).join('_')
  let statement = statements.get(name)
  if (statement === undefined) {
    let before = 0
    const arms = parts.map((part) => {
      const arm = armOf(part, before)
      before += part.values.length
      return arm
    })
    statement = { name: `stanchion_tick_${name}`, text: arms.join(' UNION ALL ') }
    statements.set(name, statement)
  }
  return statement
}

/** The statement of a part with the columns of all, its parameters counted on from those before it. */
function armOf({ operation, statement: { text }, columns }: Part, before: number): string {
  const selected = Object.entries(COLUMNS).map(([name, type]) =>
    columns === undefined ? name : (columns[name as keyof typeof COLUMNS] ?? `NULL::${type}`),
  )
  const from = text.slice(text.indexOf('FROM ')).replace(/\$(\d+)/g, (_, number) => `$${Number(number) + before}`)
  return `SELECT ${selected.join(', ')}, ${operation} ${from}`
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
