import { Batcher } from '../batching/batcher.ts'
import { Turns } from '../batching/turns.ts'
import { classifyFailure, toQueueError } from '../database/sqlstate.ts'
import { QueueError } from '../errors.ts'
import { type ClaimItem, type ClaimOutcome, claimStatement, notClaimed } from './claim-statement.ts'
import { type DeleteItem, type DeleteOutcome, deleteStatement } from './delete-statement.ts'
import { BATCHES_WAITING_MAX, type Pipe } from './pipe.ts'
import { type SendItem, type SendOutcome, sendStatement } from './send-statement.ts'
import { type BatchStatement, countEntries, type RunnerContext, StatementRunner } from './statement-runner.ts'
import { bindTick, type TickItems } from './tick.ts'

/**
 * A tick takes as much as two full statements. Calls of hundreds of messages move 1.2 times as many then as with one, and no more with three
 * (`npm run bench -- --scenario 'each at its best'`); smaller calls do not fill it.
 */
const TICK_WEIGHT_MAX = 2

type TickItem =
  | { readonly operation: 'delete'; readonly item: DeleteItem }
  | { readonly operation: 'send'; readonly item: SendItem }
  | { readonly operation: 'claim'; readonly item: ClaimItem }

type TickResult = DeleteOutcome | SendOutcome | ClaimOutcome

/** How each item of a batch came out, by operation, in the order of their items. */
interface TickResults {
  readonly delete: readonly (DeleteOutcome | Error)[]
  readonly send: readonly (SendOutcome | Error)[]
  readonly claim: readonly (ClaimOutcome | Error)[]
}

/**
 * The hot path of a node: for each bucket one statement at a time carries the deletes, sends and claims that arrived
 * while the last one ran, and they share its commit. Three statements side by side, one an operation, cost three commits
 * and three round trips for the same work; figures stand in docs/decisions/0013. Ticks of different buckets take turns.
 *
 * Ticks of a bucket have numbers that rise, and within one sends come before claims: a claim sees what the sends of its tick
 * and of those before it stored.
 *
 * A tick that fails did nothing, and its parts run again each on its own, so that no operation suffers from another's row
 * (G22). Only an unknown outcome is everybody's.
 */
export class BucketTicks {
  readonly send: Pipe<SendItem, SendOutcome>
  readonly claim: Pipe<ClaimItem, ClaimOutcome>
  readonly delete: Pipe<DeleteItem, DeleteOutcome>
  readonly #context: RunnerContext
  readonly #runners: {
    readonly send: StatementRunner<SendItem, SendOutcome>
    readonly claim: StatementRunner<ClaimItem, ClaimOutcome>
    readonly delete: StatementRunner<DeleteItem, DeleteOutcome>
  }
  readonly #batchers = new Map<number, Batcher<TickItem, TickResult>>()
  readonly #turns = new Turns()
  #ticks = 0

  constructor(context: RunnerContext) {
    this.#context = context
    this.#runners = {
      send: new StatementRunner(sendStatement, context),
      claim: new StatementRunner(claimStatement, context),
      delete: new StatementRunner(deleteStatement, context),
    }
    this.send = { submit: (item) => this.#submit({ operation: 'send', item }) as Promise<SendOutcome> }
    this.claim = { submit: (item) => this.#submit({ operation: 'claim', item }) as Promise<ClaimOutcome> }
    this.delete = { submit: (item) => this.#submit({ operation: 'delete', item }) as Promise<DeleteOutcome> }
  }

  get waiting(): number {
    let waiting = 0
    for (const batcher of this.#batchers.values()) waiting += batcher.waiting
    return waiting
  }

  #submit(next: TickItem): Promise<TickResult> {
    const { bucket } = next.item
    let batcher = this.#batchers.get(bucket)
    if (batcher === undefined) {
      batcher = new Batcher<TickItem, TickResult>({
        run: (items, expiresAtMs) => this.#run(bucket, items, expiresAtMs),
        weigh,
        weightMax: TICK_WEIGHT_MAX,
        inFlightMax: 1,
        turns: this.#turns,
        waitingWeightMax: BATCHES_WAITING_MAX,
        deadlineMs: this.#context.deadlineMs,
      })
      this.#batchers.set(bucket, batcher)
    }
    return batcher.submit(next)
  }

  async #run(bucket: number, items: readonly TickItem[], expiresAtMs: number): Promise<(TickResult | Error)[]> {
    const tick = ++this.#ticks
    // Their callers have left while they waited here: the send beside them must not go to nobody.
    const unwanted = new Set(items.filter((next) => next.operation === 'claim' && !next.item.isWanted()))
    const parts = partsOf(items.filter((next) => !unwanted.has(next)))
    const kinds = [parts.delete, parts.send, parts.claim].filter((part) => part.length > 0).length
    const results =
      kinds <= 1
        ? await this.#runApart(bucket, parts, expiresAtMs)
        : await this.#runTogether(bucket, parts, expiresAtMs)
    const next = { delete: 0, send: 0, claim: 0 }
    return items.map((item) => {
      if (unwanted.has(item)) return notClaimed(this.#context.database.clock.nowMs())
      const result = results[item.operation][next[item.operation]++]
      return result === undefined || result instanceof Error ? result : { ...result, tick }
    })
  }

  async #runTogether(bucket: number, parts: TickItems, expiresAtMs: number): Promise<TickResults> {
    const { database, observer } = this.#context
    const startedAtMs = performance.now()
    const remainingMs = Math.max(1, expiresAtMs - startedAtMs)
    try {
      const { statement, values, read } = bindTick(bucket, parts, database.deadline(remainingMs))
      const rows = await database.run(statement, values, remainingMs)
      const { outcomes, nowMs } = read(rows)
      database.observeTime(nowMs)
      const seconds = (performance.now() - startedAtMs) / 1000
      const observe = <Item, Result>(batch: BatchStatement<Item, Result>, items: readonly Item[]) => {
        if (items.length > 0) observer.batchExecuted?.(batch.operation, countEntries(batch, items), seconds)
      }
      observe(deleteStatement, parts.delete)
      observe(sendStatement, parts.send)
      observe(claimStatement, parts.claim)
      return outcomes
    } catch (error) {
      // The engine's own error means that no connection was to be had, which three statements would only find again.
      if (error instanceof QueueError || classifyFailure(error) === 'unknown') throw toQueueError(error)
      return this.#runApart(bucket, parts, expiresAtMs)
    }
  }

  async #runApart(bucket: number, parts: TickItems, expiresAtMs: number): Promise<TickResults> {
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

/** As a share of what one statement takes of its kind. */
function weigh(next: TickItem): number {
  switch (next.operation) {
    case 'delete':
      return deleteStatement.weigh(next.item) / deleteStatement.weightMax
    case 'send':
      return sendStatement.weigh(next.item) / sendStatement.weightMax
    case 'claim':
      return claimStatement.weigh(next.item) / claimStatement.weightMax
  }
}

function partsOf(items: readonly TickItem[]): TickItems {
  const parts = { delete: [] as DeleteItem[], send: [] as SendItem[], claim: [] as ClaimItem[] }
  for (const next of items) {
    if (next.operation === 'delete') parts.delete.push(next.item)
    else if (next.operation === 'send') parts.send.push(next.item)
    else parts.claim.push(next.item)
  }
  return parts
}
