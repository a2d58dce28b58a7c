import { sql } from 'kysely'
import type { EngineContext } from '../engine-context.ts'
import { countQueues } from '../messages/count-messages.ts'
import { type LiveQueue, selectQueues, toLive } from '../queues/live-queue.ts'
import { withDuty } from '../services/duty.ts'

/** Queues looked for at once. */
const QUEUES_A_STEP = 1_000
/** Queues counted in one statement: a FIFO queue can take a thousand times as long as a standard one. */
const STANDARD_A_BATCH = 250
const FIFO_A_BATCH = 10
/** A round stops here and leaves the rest to the next one. */
const ROUND_SECONDS_MAX = 1.5
/** A batch that takes longer than this holds a queue that is counted by itself from then on, until it is quick again. */
const BATCH_SECONDS_MAX = 1
/** How long a queue that could not be counted is left alone. */
const PUT_OFF_SECONDS = 300

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
    // Nothing is written while there is nothing to do.
    if ((await this.#idsToMeasure(1)).length === 0) return
    await withDuty(catalogue, 'queue depths', 'skip', async () => {
      const endsAtMs = performance.now() + ROUND_SECONDS_MAX * 1000
      for (;;) {
        const ids = await this.#idsToMeasure(QUEUES_A_STEP)
        if (ids.length === 0) return
        const rows = await selectQueues(catalogue).where('q.queue_id', 'in', ids).execute()
        for (const batch of this.#batchesOf(rows.map(toLive))) {
          if (signal.aborted || performance.now() > endsAtMs) return
          await this.#measure(batch)
        }
        if (ids.length < QUEUES_A_STEP) return
      }
    })
  }

  async #idsToMeasure(limit: number): Promise<number[]> {
    const { rows } = await sql<{ id: number }>`SELECT id FROM stanchion.queues_to_measure_v2(${limit}) id`.execute(
      this.#context.database.catalogue,
    )
    return rows.map(({ id }) => id)
  }

  /** Queues of one bucket and kind each. */
  #batchesOf(queues: readonly LiveQueue[]): LiveQueue[][] {
    const batches: LiveQueue[][] = []
    const filling = new Map<string, LiveQueue[]>()
    for (const live of queues) {
      if (this.#slow.has(live.queue.id)) {
        batches.push([live])
        continue
      }
      const isStandard = live.queue.fifo === undefined
      const key = `${live.bucket} ${isStandard}`
      const batch = filling.get(key) ?? []
      if (batch.length === 0) batches.push(batch)
      batch.push(live)
      filling.set(key, batch.length === (isStandard ? STANDARD_A_BATCH : FIFO_A_BATCH) ? [] : batch)
    }
    return batches
  }

  async #measure(queues: readonly LiveQueue[]): Promise<void> {
    const startedMs = performance.now()
    const seconds = () => (performance.now() - startedMs) / 1000
    try {
      await measure(this.#context, queues)
    } catch (error) {
      // What failed at once did not fail because of the queues.
      if (seconds() < BATCH_SECONDS_MAX) throw error
      if (queues.length === 1) await this.#putOff(queues[0] as LiveQueue, error)
    }
    for (const { queue } of queues) {
      if (seconds() > BATCH_SECONDS_MAX) this.#slow.add(queue.id)
      else this.#slow.delete(queue.id)
    }
  }

  async #putOff({ queue, bucket }: LiveQueue, error: unknown): Promise<void> {
    const { database, logger } = this.#context
    logger.warn({ err: error, queue: queue.name }, 'the messages of a queue could not be counted; its numbers grow old')
    await sql`SELECT stanchion.put_off_measuring_v1(${bucket}, ${queue.id}, ${PUT_OFF_SECONDS})`.execute(
      database.catalogue,
    )
  }
}

async function measure(context: EngineContext, queues: readonly LiveQueue[]): Promise<void> {
  const startedAt = await readTime(context)
  const startedMs = performance.now()
  const counted = await countQueues(context, queues)
  const costSeconds = (performance.now() - startedMs) / 1000 / queues.length
  const counts = queues.map(
    (live) => counted.get(live) ?? { visible: 0, inFlight: 0, delayed: 0, oldestMessageAgeSeconds: null },
  )
  await sql`SELECT stanchion.keep_depths_v2(${queues[0]?.bucket}, ${queues.map(({ queue }) => queue.id)}::integer[],
    ${counts.map(({ visible }) => visible)}::bigint[], ${counts.map(({ inFlight }) => inFlight)}::bigint[],
    ${counts.map(({ delayed }) => delayed)}::bigint[],
    ${counts.map(({ oldestMessageAgeSeconds }) => oldestMessageAgeSeconds)}::double precision[],
    ${startedAt}, ${costSeconds})`.execute(context.database.catalogue)
}

async function readTime({ database }: EngineContext): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`SELECT stanchion.clock() AS now`.execute(database.catalogue)
  return (rows[0] as { now: Date }).now
}
