import { Batcher } from '../batching/batcher.ts'
import { classifyFailure, toQueueError } from '../database/sqlstate.ts'
import { QueueError } from '../errors.ts'
import { BATCHES_WAITING_MAX, type Pipe } from './pipe.ts'
import { type BatchStatement, countEntries, type RunnerContext, StatementRunner } from './statement-runner.ts'
import type { TickParts, TickStatement } from './tick-statement.ts'

type TickItem<DeleteItem, SendItem, ClaimItem> =
  | { readonly operation: 'delete'; readonly item: DeleteItem }
  | { readonly operation: 'send'; readonly item: SendItem }
  | { readonly operation: 'claim'; readonly item: ClaimItem }

interface OfBucket {
  readonly bucket: number
}

/**
 * The hot path of a node: for each bucket one statement at a time carries the deletes, sends and claims that arrived
 * while the last one ran, and they share its commit. Three statements side by side, one an operation, cost three commits
 * and three round trips for the same work; figures stand in docs/decisions/0013.
 *
 * A tick that fails did nothing, and its parts run again each on its own, so that no operation suffers from another's row
 * (G22). Only an unknown outcome is everybody's.
 */
export class BucketTicks<
  DeleteItem extends OfBucket,
  DeleteResult,
  SendItem extends OfBucket,
  SendResult,
  ClaimItem extends OfBucket,
  ClaimResult,
> {
  readonly send: Pipe<SendItem, SendResult>
  readonly claim: Pipe<ClaimItem, ClaimResult>
  readonly delete: Pipe<DeleteItem, DeleteResult>
  readonly #tick: TickStatement<DeleteItem, DeleteResult, SendItem, SendResult, ClaimItem, ClaimResult>
  readonly #context: RunnerContext
  readonly #runners: {
    readonly send: StatementRunner<SendItem, SendResult>
    readonly claim: StatementRunner<ClaimItem, ClaimResult>
    readonly delete: StatementRunner<DeleteItem, DeleteResult>
  }
  readonly #batchers = new Map<
    number,
    Batcher<TickItem<DeleteItem, SendItem, ClaimItem>, DeleteResult | SendResult | ClaimResult>
  >()

  constructor(
    tick: TickStatement<DeleteItem, DeleteResult, SendItem, SendResult, ClaimItem, ClaimResult>,
    context: RunnerContext,
  ) {
    this.#tick = tick
    this.#context = context
    this.#runners = {
      send: new StatementRunner(tick.operations.send, context),
      claim: new StatementRunner(tick.operations.claim, context),
      delete: new StatementRunner(tick.operations.delete, context),
    }
    this.send = { submit: (item) => this.#submit({ operation: 'send', item }) as Promise<SendResult> }
    this.claim = { submit: (item) => this.#submit({ operation: 'claim', item }) as Promise<ClaimResult> }
    this.delete = { submit: (item) => this.#submit({ operation: 'delete', item }) as Promise<DeleteResult> }
  }

  get waiting(): number {
    let waiting = 0
    for (const batcher of this.#batchers.values()) waiting += batcher.waiting
    return waiting
  }

  #submit(next: TickItem<DeleteItem, SendItem, ClaimItem>): Promise<DeleteResult | SendResult | ClaimResult> {
    const { bucket } = next.item
    let batcher = this.#batchers.get(bucket)
    if (batcher === undefined) {
      batcher = new Batcher({
        run: (items, expiresAtMs) => this.#run(bucket, items, expiresAtMs),
        weigh: (item) => this.#weigh(item),
        weightMax: 1,
        inFlightMax: 1,
        waitingWeightMax: BATCHES_WAITING_MAX,
        deadlineMs: this.#context.deadlineMs,
      })
      this.#batchers.set(bucket, batcher)
    }
    return batcher.submit(next)
  }

  /** As a share of what one statement takes of its kind. */
  #weigh(next: TickItem<DeleteItem, SendItem, ClaimItem>): number {
    const share = <Item>(batch: BatchStatement<Item, unknown>, item: Item) => batch.weigh(item) / batch.weightMax
    switch (next.operation) {
      case 'delete':
        return share(this.#tick.operations.delete, next.item)
      case 'send':
        return share(this.#tick.operations.send, next.item)
      case 'claim':
        return share(this.#tick.operations.claim, next.item)
    }
  }

  async #run(
    bucket: number,
    items: readonly TickItem<DeleteItem, SendItem, ClaimItem>[],
    expiresAtMs: number,
  ): Promise<(DeleteResult | SendResult | ClaimResult | Error)[]> {
    // Their callers have left while they waited here: the send beside them must not go to nobody.
    const nowMs = this.#context.database.clock.nowMs()
    const { claim } = this.#tick.operations
    const skipped = items.map((next) => (next.operation === 'claim' ? claim.skip?.(next.item, nowMs) : undefined))
    const parts = partsOf(items.filter((_, i) => skipped[i] === undefined))
    const kinds = [parts.delete, parts.send, parts.claim].filter((part) => part.length > 0).length
    const results =
      kinds <= 1
        ? await this.#runApart(bucket, parts, expiresAtMs)
        : await this.#runTogether(bucket, parts, expiresAtMs)
    const next = { delete: 0, send: 0, claim: 0 }
    return items.map(
      ({ operation }, i) =>
        skipped[i] ?? (results[operation][next[operation]++] as DeleteResult | SendResult | ClaimResult | Error),
    )
  }

  async #runTogether(
    bucket: number,
    parts: TickParts<DeleteItem, SendItem, ClaimItem>,
    expiresAtMs: number,
  ): Promise<TickParts<DeleteResult | Error, SendResult | Error, ClaimResult | Error>> {
    const { database, observer } = this.#context
    const { operations } = this.#tick
    const startedAtMs = performance.now()
    const remainingMs = Math.max(1, expiresAtMs - startedAtMs)
    try {
      const values = this.#tick.bind(bucket, parts, database.deadline(remainingMs))
      const rows = await database.run(operations.statement, values, remainingMs)
      database.observeTime(rows[0]?.[operations.claim.nowColumn])
      const results = this.#tick.read(rows, parts)
      const seconds = (performance.now() - startedAtMs) / 1000
      const observe = <Item, Result>(batch: BatchStatement<Item, Result>, items: readonly Item[]) => {
        if (items.length > 0) observer.batchExecuted?.(batch.operation, countEntries(batch, items), seconds)
      }
      observe(operations.delete, parts.delete)
      observe(operations.send, parts.send)
      observe(operations.claim, parts.claim)
      return results
    } catch (error) {
      // The engine's own error means that no connection was to be had, which three statements would only find again.
      if (error instanceof QueueError || classifyFailure(error) === 'unknown') throw toQueueError(error)
      return this.#runApart(bucket, parts, expiresAtMs)
    }
  }

  async #runApart(
    bucket: number,
    parts: TickParts<DeleteItem, SendItem, ClaimItem>,
    expiresAtMs: number,
  ): Promise<TickParts<DeleteResult | Error, SendResult | Error, ClaimResult | Error>> {
    const run = async <Item, Result>(
      runner: StatementRunner<Item, Result>,
      items: readonly Item[],
    ): Promise<readonly (Result | Error)[]> => {
      if (items.length === 0) return []
      try {
        return await runner.run(bucket, items, expiresAtMs)
      } catch (error) {
        return items.map(() => error as Error)
      }
    }
    return {
      delete: await run(this.#runners.delete, parts.delete),
      send: await run(this.#runners.send, parts.send),
      claim: await run(this.#runners.claim, parts.claim),
    }
  }
}

function partsOf<DeleteItem, SendItem, ClaimItem>(
  items: readonly TickItem<DeleteItem, SendItem, ClaimItem>[],
): TickParts<DeleteItem, SendItem, ClaimItem> {
  const parts = { delete: [] as DeleteItem[], send: [] as SendItem[], claim: [] as ClaimItem[] }
  for (const next of items) {
    if (next.operation === 'delete') parts.delete.push(next.item)
    else if (next.operation === 'send') parts.send.push(next.item)
    else parts.claim.push(next.item)
  }
  return parts
}
