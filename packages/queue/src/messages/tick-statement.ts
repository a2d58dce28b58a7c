import type { Statement } from '../database/database.ts'
import type { BatchStatement } from './statement-runner.ts'

/** What one tick carries, or what it answers, by operation and in the orders of the items. */
export interface TickParts<Delete, Send, Claim> {
  readonly delete: readonly Delete[]
  readonly send: readonly Send[]
  readonly claim: readonly Claim[]
}

/** The three operations of a kind of queue as statements of their own, and as one. */
export interface TickOperations<DeleteItem, DeleteResult, SendItem, SendResult, ClaimItem, ClaimResult> {
  readonly delete: BatchStatement<DeleteItem, DeleteResult>
  readonly send: BatchStatement<SendItem, SendResult>
  readonly claim: BatchStatement<ClaimItem, ClaimResult>
  /** One call of a function that takes the bucket, the deadline, and then what the three take besides those. */
  readonly statement: Statement
  /**
   * The function answers in the columns of a claim, and one that tells the operations apart, 1 a delete, 2 a send: here are the
   * places where it says what a delete and a send say, in their orders.
   */
  readonly columns: { readonly operation: number; readonly delete: readonly number[]; readonly send: readonly number[] }
}

const DELETE = 1
const SEND = 2

/** A {@link TickOperations} with what makes its statement and reads its answer. */
export class TickStatement<DeleteItem, DeleteResult, SendItem, SendResult, ClaimItem, ClaimResult> {
  readonly operations: TickOperations<DeleteItem, DeleteResult, SendItem, SendResult, ClaimItem, ClaimResult>

  constructor(operations: TickOperations<DeleteItem, DeleteResult, SendItem, SendResult, ClaimItem, ClaimResult>) {
    this.operations = operations
  }

  bind(bucket: number, items: TickParts<DeleteItem, SendItem, ClaimItem>, deadline: string): unknown[] {
    return [
      bucket,
      deadline,
      ...this.operations.delete.bind(bucket, items.delete, deadline).slice(1, -1),
      ...this.operations.send.bind(bucket, items.send, deadline).slice(1, -1),
      ...withoutDeadline(this.operations.claim.bind(bucket, items.claim, deadline).slice(1)),
    ]
  }

  read(
    rows: readonly unknown[][],
    items: TickParts<DeleteItem, SendItem, ClaimItem>,
  ): TickParts<DeleteResult, SendResult, ClaimResult> {
    const { columns } = this.operations
    const deletes: unknown[][] = []
    const sends: unknown[][] = []
    const claims: unknown[][] = []
    for (const row of rows) {
      if (row[columns.operation] === DELETE) deletes.push(columns.delete.map((column) => row[column]))
      else if (row[columns.operation] === SEND) sends.push(columns.send.map((column) => row[column]))
      else claims.push(row)
    }
    return {
      delete: this.operations.delete.read(deletes, items.delete),
      send: this.operations.send.read(sends, items.send),
      claim: this.operations.claim.read(claims, items.claim),
    }
  }
}

/** The deadline stands before the last five parameters of a claim. */
function withoutDeadline(values: unknown[]): unknown[] {
  return values.toSpliced(-6, 1)
}
