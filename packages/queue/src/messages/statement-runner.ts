import type { Database, Statement } from '../database/database.ts'
import { readDatabaseTime } from '../database/read-database-time.ts'
import { classifyFailure, type Failure, toQueueError } from '../database/sqlstate.ts'
import type { BatchedOperation, EngineObserver } from '../types.ts'

/** What turns the items of a batch into one statement, and its rows into one result an item. */
export interface BatchStatement<Item, Result> {
  readonly operation: BatchedOperation
  readonly statement: Statement
  /** How many entries an item brings, for the caps and the metrics. */
  entries(item: Item): number
  weigh(item: Item): number
  readonly weightMax: number
  /** The result of an item that nobody waits for any more and that needs no statement; absent: there are none such. */
  skip?(item: Item, nowMs: number): Result | undefined
  /** The parameters for these items. `deadline` is text for a `timestamptz`. */
  bind(bucket: number, items: readonly Item[], deadline: string): unknown[]
  /** One result for each item, in their order. */
  read(rows: readonly unknown[][], items: readonly Item[]): Result[]
  /** The column of the answer that holds the database's time in milliseconds. */
  readonly nowColumn: number
}

export interface RunnerContext {
  readonly database: Database
  readonly observer: EngineObserver
  readonly deadlineMs: number
  /** Makes the log's next segments; called when a send found none for its time. */
  ensureSegments(): Promise<void>
}

/** Attempts of a statement that deadlocked or could not be serialised. */
const ATTEMPTS_MAX = 4

/**
 * Runs batches of one operation. A batch is one autocommit statement; its failure is read here: a row's fault splits the
 * batch until the row stands alone, a deadlock is tried again, and an unknown outcome never is.
 */
export class StatementRunner<Item, Result> {
  readonly #batch: BatchStatement<Item, Result>
  readonly #context: RunnerContext

  constructor(batch: BatchStatement<Item, Result>, context: RunnerContext) {
    this.#batch = batch
    this.#context = context
  }

  /**
   * One result, or the error that is its own, for each item.
   * @throws QueueError, see `toQueueError`, when it is everybody's
   */
  async run(bucket: number, items: readonly Item[], expiresAtMs: number): Promise<readonly (Result | Error)[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#execute(bucket, items, expiresAtMs)
      } catch (error) {
        const failure = classifyFailure(error)
        if (failure === 'row' && items.length > 1) return this.#split(bucket, items, expiresAtMs)
        if (attempt >= ATTEMPTS_MAX || performance.now() >= expiresAtMs || !(await this.#mend(failure))) {
          throw toQueueError(error)
        }
      }
    }
  }

  /** @returns whether the statement may be tried again: only after failures that certainly did nothing. */
  async #mend(failure: Failure): Promise<boolean> {
    if (failure === 'retry') {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
      return true
    }
    if (failure === 'noSegment') {
      await this.#context.ensureSegments()
      return true
    }
    if (failure === 'deadline') {
      // The database clock may have been moved: ask for it, and the item's own deadline still bounds the work.
      await readDatabaseTime(this.#context.database)
      return true
    }
    return false
  }

  /** Halves the batch, so that only the item whose row is at fault is refused (G22). */
  async #split(bucket: number, items: readonly Item[], expiresAtMs: number): Promise<(Result | Error)[]> {
    this.#context.observer.batchSplit?.(this.#batch.operation)
    const middle = items.length >> 1
    const results: (Result | Error)[] = []
    for (const half of [items.slice(0, middle), items.slice(middle)]) {
      try {
        results.push(...(await this.run(bucket, half, expiresAtMs)))
      } catch (error) {
        results.push(...half.map(() => error as Error))
      }
    }
    return results
  }

  async #execute(bucket: number, items: readonly Item[], expiresAtMs: number): Promise<Result[]> {
    const { database, observer } = this.#context
    const startedAtMs = performance.now()
    const remainingMs = Math.max(1, expiresAtMs - startedAtMs)
    const values = this.#batch.bind(bucket, items, database.deadline(remainingMs))
    const rows = await database.run(this.#batch.statement, values, remainingMs)
    database.observeTime(rows[0]?.[this.#batch.nowColumn])
    const results = this.#batch.read(rows, items)
    observer.batchExecuted?.(
      this.#batch.operation,
      countEntries(this.#batch, items),
      (performance.now() - startedAtMs) / 1000,
    )
    return results
  }
}

/** How many entries these items bring together. */
export function countEntries<Item, Result>(batch: BatchStatement<Item, Result>, items: readonly Item[]): number {
  let entries = 0
  for (const item of items) entries += batch.entries(item)
  return entries
}
