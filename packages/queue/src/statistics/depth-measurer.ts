import { sql } from 'kysely'
import type { EngineContext } from '../engine-context.ts'
import { MEASURE } from '../messages/statements.ts'
import { withDuty } from '../services/duty.ts'

/** Queues looked for at once: more than a round can measure. */
const QUEUES_A_ROUND = 50_000
/** Queues counted in one statement: a FIFO queue can take a thousand times as long as a standard one. */
const STANDARD_A_BATCH = 250
const FIFO_A_BATCH = 10
/** A round stops here and leaves the rest to the next one. */
const ROUND_SECONDS_MAX = 1.5
/** A batch that takes longer than this holds a queue that is counted by itself from then on, until it is quick again. */
const BATCH_SECONDS_MAX = 1
/** How long a queue that could not be counted is left alone. */
const PUT_OFF_SECONDS = 300

/** Queues of one bucket and kind. */
interface Batch {
  readonly bucket: number
  readonly isFifo: boolean
  readonly queueIds: readonly number[]
}

/**
 * Measures the queues whose depth is out of date, on one node at a time. A queue that did nothing costs nothing; one that is slow to
 * count is counted seldom, and one that takes longer than a statement may does not keep the others from being measured.
 */
export class DepthMeasurer {
  readonly #context: EngineContext
  /** Ids of queues that are counted by themselves. */
  readonly #slow = new Set<number>()

  constructor(context: EngineContext) {
    this.#context = context
  }

  async round(signal: AbortSignal): Promise<void> {
    const { catalogue } = this.#context.database
    const outOfDate = await this.#outOfDate()
    // Nothing is written while there is nothing to do.
    if (outOfDate.length === 0) return
    await withDuty(catalogue, 'queue depths', 'skip', async () => {
      const endsAtMs = performance.now() + ROUND_SECONDS_MAX * 1000
      for (const batch of this.#batchesOf(outOfDate)) {
        if (signal.aborted || performance.now() > endsAtMs) return
        await this.#measure(batch)
      }
    })
  }

  /** Each bucket and kind once, its longest unmeasured queues first. */
  async #outOfDate(): Promise<Batch[]> {
    const { rows } = await sql<Batch>`SELECT bucket, is_fifo AS "isFifo", queue_ids AS "queueIds"
      FROM stanchion.queues_to_measure_v3(${QUEUES_A_ROUND})`.execute(this.#context.database.catalogue)
    return rows
  }

  /** First the first ones of each bucket and kind, so that none waits for all of another. */
  #batchesOf(outOfDate: readonly Batch[]): Batch[] {
    const numbered = outOfDate.flatMap(({ bucket, isFifo, queueIds }) =>
      this.#split(queueIds, isFifo ? FIFO_A_BATCH : STANDARD_A_BATCH).map((ids, number) => ({
        number,
        batch: { bucket, isFifo, queueIds: ids },
      })),
    )
    return numbered.sort((a, b) => a.number - b.number).map(({ batch }) => batch)
  }

  /** In the order of their first queues, so that a slow one waits no longer than others. */
  #split(queueIds: readonly number[], size: number): number[][] {
    const batches: number[][] = []
    let filling: number[] = []
    for (const id of queueIds) {
      if (this.#slow.has(id)) {
        batches.push([id])
        continue
      }
      if (filling.length === 0 || filling.length === size) {
        filling = []
        batches.push(filling)
      }
      filling.push(id)
    }
    return batches
  }

  async #measure({ bucket, isFifo, queueIds }: Batch): Promise<void> {
    const { database } = this.#context
    const startedMs = performance.now()
    const seconds = () => (performance.now() - startedMs) / 1000
    try {
      const trustedNow = new Date(database.clock.trustedNowMs()).toISOString()
      await database.run(MEASURE, [bucket, isFifo, queueIds, trustedNow])
    } catch (error) {
      // What failed at once did not fail because of the queues.
      if (seconds() < BATCH_SECONDS_MAX) throw error
      if (queueIds.length === 1) await this.#putOff(bucket, queueIds[0] as number, error)
    }
    for (const id of queueIds) {
      if (seconds() > BATCH_SECONDS_MAX) this.#slow.add(id)
      else this.#slow.delete(id)
    }
  }

  async #putOff(bucket: number, queueId: number, error: unknown): Promise<void> {
    const { catalogue } = this.#context.database
    const queue = await catalogue
      .selectFrom('stanchion.queue')
      .select('name')
      .where('queue_id', '=', queueId)
      .executeTakeFirst()
    this.#context.logger.warn(
      { err: error, queue: queue?.name },
      'the messages of a queue could not be counted; its numbers grow old',
    )
    await sql`SELECT stanchion.put_off_measuring_v1(${bucket}, ${queueId}, ${PUT_OFF_SECONDS})`.execute(catalogue)
  }
}
