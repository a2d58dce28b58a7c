import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { toParameter } from '../database/array-parameter.ts'
import type { EngineContext } from '../engine-context.ts'
import { QueueError } from '../errors.ts'
import type { LiveQueue } from '../queues/live-queue.ts'
import { ACTIVITIES, type Activity, type ActivityLedger, type QueueActivity } from './activity-ledger.ts'

interface Report {
  readonly number: number
  readonly bucket: number
  readonly rows: readonly { readonly queueId: number; readonly activity: Activity }[]
}

/**
 * Hands the ledger of a node to the database, one statement a bucket. A report that failed is made again under its number before
 * the next one, and the database counts a number once: nothing is lost or doubled while the node lives.
 */
export class ActivityReporter {
  readonly #context: Pick<EngineContext, 'database' | 'catalogue'>
  readonly #ledger: ActivityLedger
  readonly #nodeId = randomUUID()
  #number = 0
  #open: Report[] = []
  #openTouches: number[] = []

  constructor(context: Pick<EngineContext, 'database' | 'catalogue'>, ledger: ActivityLedger) {
    this.#context = context
    this.#ledger = ledger
  }

  /** One round. @throws QueueError `unavailable`, `outcomeUnknown`: it is repeated by the next round */
  async round(): Promise<void> {
    await this.#sendOpen()
    const { activities, touched } = this.#ledger.take()
    this.#open = await this.#toReports(activities)
    // A report says that the depth has changed, too.
    const reported = new Set(this.#open.flatMap(({ rows }) => rows.map(({ queueId }) => queueId)))
    this.#openTouches = touched.filter((queueId) => !reported.has(queueId))
    await this.#sendOpen()
  }

  async #sendOpen(): Promise<void> {
    while (this.#open[0] !== undefined) {
      await this.#send(this.#open[0])
      this.#open.shift()
    }
    if (this.#openTouches.length === 0) return
    await this.#context.database.withCatalogue((catalogue) =>
      sql`SELECT stanchion.touch_queues_v1(${this.#openTouches}::integer[])`.execute(catalogue),
    )
    this.#openTouches = []
  }

  async #toReports(activities: readonly QueueActivity[]): Promise<Report[]> {
    const buckets = new Map<number, { queueId: number; activity: Activity }[]>()
    for (const { queue, activity } of activities) {
      const live = this.#context.catalogue.copy(queue) ?? (await this.#find(queue))
      // Deleted since: its numbers went with it.
      if (live === undefined) continue
      const rows = buckets.get(live.bucket) ?? []
      buckets.set(live.bucket, rows)
      rows.push({ queueId: live.queue.id, activity })
    }
    return [...buckets].map(([bucket, rows]) => ({ number: ++this.#number, bucket, rows }))
  }

  async #find(queue: QueueActivity['queue']): Promise<LiveQueue | undefined> {
    return this.#context.catalogue.find(queue, true).catch((error: unknown) => {
      // What cannot be looked up now is lost to the statistics; holding it back would hold back everything behind it.
      if (error instanceof QueueError) return undefined
      throw error
    })
  }

  async #send({ number, bucket, rows }: Report): Promise<void> {
    const columns = [
      rows.map(({ queueId }) => queueId),
      ...ACTIVITIES.map((name) => rows.map(({ activity }) => activity[name])),
    ].map((column) => sql`${toParameter(column)}::integer[]`)
    await this.#context.database.withCatalogue((catalogue) =>
      sql`SELECT stanchion.report_activity_v1(${bucket}, ${this.#nodeId}, ${number}, ${sql.join(columns)})`.execute(
        catalogue,
      ),
    )
  }
}
