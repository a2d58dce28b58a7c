import { Batcher } from '../batching/batcher.ts'
import type { DatabaseClock } from '../database/database-clock.ts'
import { BATCHES_WAITING_MAX, type Pipe } from './pipe.ts'
import { type BatchStatement, type RunnerContext, StatementRunner } from './statement-runner.ts'

/** The batchers of one operation, one for each bucket. */
export class BucketPipes<Item extends { readonly bucket: number }, Result> implements Pipe<Item, Result> {
  readonly #batch: BatchStatement<Item, Result>
  readonly #runner: StatementRunner<Item, Result>
  readonly #deadlineMs: number
  readonly #clock: DatabaseClock
  readonly #batchers = new Map<number, Batcher<Item, Result>>()

  constructor(batch: BatchStatement<Item, Result>, context: RunnerContext) {
    this.#batch = batch
    this.#runner = new StatementRunner(batch, context)
    this.#deadlineMs = context.deadlineMs
    this.#clock = context.database.clock
  }

  get waiting(): number {
    let waiting = 0
    for (const batcher of this.#batchers.values()) waiting += batcher.waiting
    return waiting
  }

  submit(item: Item): Promise<Result> {
    let batcher = this.#batchers.get(item.bucket)
    if (batcher === undefined) {
      batcher = new Batcher<Item, Result>({
        run: (items, expiresAtMs) => this.#run(item.bucket, items, expiresAtMs),
        weigh: (next) => this.#batch.weigh(next),
        weightMax: this.#batch.weightMax,
        inFlightMax: 1,
        waitingWeightMax: this.#batch.weightMax * BATCHES_WAITING_MAX,
        deadlineMs: this.#deadlineMs,
      })
      this.#batchers.set(item.bucket, batcher)
    }
    return batcher.submit(item)
  }

  async #run(bucket: number, items: readonly Item[], expiresAtMs: number): Promise<readonly (Result | Error)[]> {
    if (this.#batch.skip === undefined) return this.#runner.run(bucket, items, expiresAtMs)
    const nowMs = this.#clock.nowMs()
    const skipped = items.map((item) => this.#batch.skip?.(item, nowMs))
    const rest = items.filter((_, i) => skipped[i] === undefined)
    const results = rest.length === 0 ? [] : await this.#runner.run(bucket, rest, expiresAtMs)
    let next = 0
    return skipped.map((result) => result ?? (results[next++] as Result | Error))
  }
}
