import { sql, type Transaction } from 'kysely'
import type { Database } from '../database/database.ts'
import { readBack } from '../database/read-back.ts'
import type { Tables } from '../database/tables.ts'
import { QueueError } from '../errors.ts'
import { type QueueSettingRanges, rangesUnder } from '../limits.ts'
import { checkScalingPolicy } from '../scaling/scaling-policy.ts'
import type {
  Ceilings,
  FifoSettings,
  ListDeadLetterSourcesRequest,
  ListQueuesRequest,
  NewQueue,
  Queue,
  QueueChange,
  QueueKey,
} from '../types.ts'
import { checkTarget } from './dead-letter-target.ts'
import { deleteQueue, purgeQueue, wakeName } from './end-queue.ts'
import { checkLimit, listDeadLetterSources, listQueues, type QueuePage } from './list-queues.ts'
import { type LiveQueue, readQueue, selectQueues, toLive } from './live-queue.ts'
import { lockQueue, notFound } from './lock-queue.ts'
import { addLane, addLanes, nextValue, openOutlivedGroups, raiseLaneVersion } from './queue-lanes.ts'
import { toColumns, toDeadLetterColumns, toFifoColumns, toQueue, toScalingColumn } from './queue-row.ts'
import { refuseDifference } from './refuse-difference.ts'
import {
  checkDeadLetter,
  checkDeadLetterSources,
  checkQueueKey,
  checkSettings,
  checkTags,
  FIFO_DEFAULTS,
  withDefaults,
  withFifoChange,
} from './validate-queue.ts'

/** A node's copy of a queue, with the moment at which its reading began. */
interface Copy {
  readonly live: LiveQueue
  readonly readAtMs: number
}

/**
 * Buckets that queues are spread over. Statements are batched by bucket, so fewer make fuller batches and more keep a
 * slow queue's neighbours apart (docs/decisions/0003).
 */
const BUCKETS = 2

/**
 * The queues: their creation, change and end in the database, and this node's copies of them. A copy may be outdated at
 * any time; hot statements compare its version, and `reload` brings it up to date.
 */
export class QueueCatalogue {
  readonly #database: Database
  readonly #lanesPerQueue: number
  readonly #ceilings: Ceilings | undefined
  /** What the settings of queues, and of single messages and deliveries, may be. */
  readonly ranges: QueueSettingRanges
  readonly #copies = new Map<string, Copy>()

  constructor(database: Database, lanesPerQueue: number, ceilings: Ceilings | undefined) {
    this.#database = database
    this.#ceilings = ceilings
    this.ranges = rangesUnder(ceilings)
    this.#lanesPerQueue = lanesPerQueue
  }

  /** This node's copy, or `undefined` when it has none. */
  copy(key: QueueKey): LiveQueue | undefined {
    return this.#copies.get(cacheKey(key))?.live
  }

  /** The queue of this node's copy, if it is no older than this. */
  known(key: QueueKey, ageMsMax: number): Queue | undefined {
    const copy = this.#copies.get(cacheKey(key))
    return copy !== undefined && performance.now() - copy.readAtMs <= ageMsMax ? copy.live.queue : undefined
  }

  /** @throws QueueError `queueNotFound`, `unavailable` */
  async reload(key: QueueKey): Promise<LiveQueue> {
    const readAtMs = performance.now()
    const live = await this.#database.withCatalogue((catalogue) => readQueue(catalogue, key))
    if (live === undefined) {
      this.#copies.delete(cacheKey(key))
      throw notFound()
    }
    const current = this.#copies.get(cacheKey(key))?.live
    // Read by somebody who began later and was faster.
    if (current?.queue.id === live.queue.id && current.version > live.version) return current
    this.#copies.set(cacheKey(key), { live, readAtMs })
    return live
  }

  /**
   * The queue, or `undefined` when there is none: that is asked anew every time, since a queue may appear at any moment.
   * @param isFresh whether this node's copy will not do
   * @throws QueueError `unavailable`
   */
  async find(key: QueueKey, isFresh: boolean): Promise<LiveQueue | undefined> {
    const copy = isFresh ? undefined : this.copy(key)
    if (copy !== undefined) return copy
    return this.reload(key).catch((error: unknown) => {
      if (error instanceof QueueError && error.code === 'queueNotFound') return undefined
      throw error
    })
  }

  /** @throws QueueError `queueExists`, `invalidQueueName`, `invalidArgument`, `unavailable`, `outcomeUnknown` */
  async create(input: NewQueue): Promise<{ queue: Queue; created: boolean }> {
    const { settings = {}, tags = {}, annotations = {}, deadLetter, deadLetterSources = 'all', scaling } = input
    checkSettings(this.ranges, settings)
    checkQueueKey(input, input.fifo !== undefined)
    checkTags(tags)
    if (deadLetter) checkDeadLetter(deadLetter)
    checkDeadLetterSources(deadLetterSources)
    if (scaling !== undefined) checkScalingPolicy(scaling)
    const fifo = input.fifo === undefined ? undefined : withFifoChange(await this.#fifoBase(input), input.fifo)
    for (;;) {
      const created = await this.#inTransaction(async (transaction) => {
        const queueId = await nextValue(transaction, 'queue_id')
        const inserted = await transaction
          .insertInto('stanchion.queue')
          .values({
            queue_id: queueId,
            account_id: input.accountId,
            name: input.name,
            bucket: queueId % BUCKETS,
            version: 1,
            ...toColumns(withDefaults(settings)),
            ...toFifoColumns(fifo),
            ...toDeadLetterColumns(deadLetter ?? undefined, deadLetterSources),
            ...toScalingColumn(scaling),
            tags: JSON.stringify(tags),
            annotations: JSON.stringify(annotations),
            created_at: sql`stanchion.clock()`,
            modified_at: sql`stanchion.clock()`,
          })
          .onConflict((conflict) => conflict.columns(['account_id', 'name']).doNothing())
          .returning('queue_id')
          .executeTakeFirst()
        if (inserted === undefined) return false
        await wakeName(transaction, input, this.#ceilings?.recreateAfterSeconds ?? 0)
        await checkTarget(transaction, input, fifo !== undefined, deadLetter ?? undefined)
        await addLanes(transaction, queueId, queueId % BUCKETS, 1, fifo === undefined ? this.#lanesPerQueue : 1)
        return true
      })
      const live = await (created ? readBack(() => this.find(input, true)) : this.find(input, true))
      // Deleted between the two statements: create it then.
      if (live === undefined) continue
      if (!created) refuseDifference(input, live.queue)
      return { queue: live.queue, created }
    }
  }

  /**
   * What the FIFO settings of a `create` are added to: one value may need another, and that may be one of the queue that is
   * there already, so that repeating a part of what holds is no error.
   */
  async #fifoBase(input: NewQueue): Promise<FifoSettings> {
    if (input.fifo?.throughputLimit !== 'perMessageGroupId' || input.fifo.deduplicationScope !== undefined) {
      return FIFO_DEFAULTS
    }
    const existing = await this.#database.withCatalogue((catalogue) => readQueue(catalogue, input))
    return existing?.queue.fifo ?? FIFO_DEFAULTS
  }

  /** @throws QueueError `invalidArgument`, `unavailable` */
  async list(request: ListQueuesRequest): Promise<QueuePage> {
    checkLimit(request.limit)
    return this.#database.withCatalogue((catalogue) => listQueues(catalogue, request))
  }

  /** @throws QueueError `queueNotFound`, `invalidArgument`, `unavailable` */
  async listDeadLetterSources(key: QueueKey, request: ListDeadLetterSourcesRequest): Promise<QueuePage> {
    checkLimit(request.limit)
    await this.reload(key)
    return this.#database.withCatalogue((catalogue) => listDeadLetterSources(catalogue, key, request))
  }

  /** Every queue with its lanes, for counting. */
  async all(): Promise<LiveQueue[]> {
    const rows = await this.#database.withCatalogue((catalogue) => selectQueues(catalogue).execute())
    return rows.map(toLive)
  }

  /** @throws QueueError `queueNotFound`, `invalidArgument`, `unavailable`, `outcomeUnknown` */
  async update(key: QueueKey, change: (queue: Queue) => QueueChange): Promise<Queue> {
    let refusal: { readonly error: unknown } | undefined
    const changeOf = (queue: Queue) => {
      try {
        return change(queue)
      } catch (error) {
        refusal = { error }
        throw error
      }
    }
    const changed = this.#inTransaction(async (transaction) => {
      const row = await lockQueue(transaction, key)
      const queue = toQueue(row)
      const { settings = {}, tags, annotations, fifo, ...given } = changeOf(queue)
      checkSettings(this.ranges, settings)
      if (tags !== undefined) checkTags(tags)
      const {
        deadLetter = queue.deadLetter,
        deadLetterSources = queue.deadLetterSources,
        scaling = queue.scaling,
      } = given
      checkDeadLetterSources(deadLetterSources)
      if (given.deadLetter) {
        checkDeadLetter(given.deadLetter)
        await checkTarget(transaction, key, row.is_fifo, given.deadLetter)
      }
      if (given.scaling) checkScalingPolicy(given.scaling)
      const kept = { ...queue.annotations, ...annotations }
      for (const [name, value] of Object.entries(kept)) if (value === null) delete kept[name]
      await transaction
        .updateTable('stanchion.queue')
        .set({
          ...toColumns({ ...queue.settings, ...settings }),
          ...toFifoColumns(changedFifo(queue, fifo)),
          ...toDeadLetterColumns(deadLetter ?? undefined, deadLetterSources),
          ...toScalingColumn(scaling ?? undefined),
          ...(tags === undefined ? {} : { tags: JSON.stringify(tags) }),
          annotations: JSON.stringify(kept),
          version: row.version + 1,
          modified_at: sql`stanchion.clock()`,
        })
        .where('queue_id', '=', row.queue_id)
        .execute()
      await raiseLaneVersion(transaction, row)
      const { retentionSeconds = queue.settings.retentionSeconds } = settings
      if (row.is_fifo && retentionSeconds < queue.settings.retentionSeconds) {
        await openOutlivedGroups(transaction, row, retentionSeconds)
      }
    })
    // What the caller's function throws is no failure of the database.
    await changed.catch((error: unknown) => {
      throw refusal === undefined ? error : refusal.error
    })
    return (await readBack(() => this.reload(key))).queue
  }

  /**
   * Gives every family of a queue the lanes it lacks up to a level. Does nothing when they are there, or the queue is another
   * one by now.
   * @throws QueueError `queueNotFound`, `unavailable`
   */
  async deepen(queue: Queue, level: number): Promise<void> {
    await this.#inTransaction(async (transaction) => {
      const row = await lockQueue(transaction, queue)
      const { families } = toLive(
        await selectQueues(transaction).where('q.queue_id', '=', row.queue_id).executeTakeFirstOrThrow(),
      )
      if (row.queue_id !== queue.id || families.every((family) => family.length > level)) return
      await transaction
        .updateTable('stanchion.queue')
        .set({ version: row.version + 1 })
        .where('queue_id', '=', row.queue_id)
        .execute()
      await raiseLaneVersion(transaction, row)
      for (const family of families) {
        for (let next = family.length; next <= level; next++) {
          await addLane(transaction, row.queue_id, row.bucket, row.version + 1, {
            level: next,
            root: family[0] as number,
          })
        }
      }
    })
  }

  /**
   * @returns the id of the queue
   * @throws QueueError `queueNotFound`, `unavailable`, `outcomeUnknown`
   */
  async delete(key: QueueKey): Promise<number> {
    const queueId = await this.#inTransaction((transaction) => deleteQueue(transaction, key))
    this.#copies.delete(cacheKey(key))
    return queueId
  }

  /**
   * @returns the id of the queue
   * @throws QueueError `queueNotFound`, `queuePurgedRecently`, `unavailable`, `outcomeUnknown`
   */
  async purge(key: QueueKey): Promise<number> {
    const everySeconds = this.#ceilings?.purgeEverySeconds ?? 0
    await this.#inTransaction((transaction) => purgeQueue(transaction, key, everySeconds, this.#lanesPerQueue))
    return (await readBack(() => this.reload(key))).queue.id
  }

  #inTransaction<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#database.withCatalogue((catalogue) => catalogue.transaction().execute(work))
  }
}

function cacheKey({ accountId, name }: QueueKey): string {
  return `${accountId}/${name}`
}

/** @throws QueueError `invalidArgument` when a standard queue is given FIFO settings */
function changedFifo(queue: Queue, change: Partial<FifoSettings> | undefined): FifoSettings | undefined {
  if (change === undefined) return queue.fifo
  if (queue.fifo === undefined) {
    throw new QueueError('invalidArgument', 'A standard queue has no FIFO settings.', { field: 'fifo' })
  }
  return withFifoChange(queue.fifo, change)
}
