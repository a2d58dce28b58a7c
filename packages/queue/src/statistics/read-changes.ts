import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { QueueKey } from '../types.ts'
import type { COUNTED } from './queue-history.ts'

/** What a sample takes from the kept numbers of a queue. */
export interface QueueChange {
  readonly queueId: number
  readonly key: QueueKey
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
  /** Epoch milliseconds; `undefined`: the queue is empty. */
  readonly oldestSentAtMs: number | undefined
  readonly totals: Readonly<Record<(typeof COUNTED)[number], number>>
}

/**
 * The numbers that were written since a moment, or all; queues of which nothing was ever written are not among them.
 * @param sinceMs epoch milliseconds on the database's clock
 */
export async function readChanges(database: Database, sinceMs: number | undefined): Promise<QueueChange[]> {
  const since = sinceMs === undefined ? '-infinity' : new Date(sinceMs).toISOString()
  const { rows } = await database.withCatalogue((catalogue) =>
    sql<{ id: number; account_id: string; name: string; numbers: string }>`
      SELECT q.queue_id AS id, q.account_id, q.name,
        concat_ws(' ', s.visible, s.in_flight, s.delayed, s.sent, s.received, s.deleted, s.expired, s.dead_lettered, s.leases_expired,
                  floor(extract(epoch FROM s.oldest_sent_at) * 1000)) AS numbers
      FROM stanchion.queue_statistics s JOIN stanchion.queue q ON q.queue_id = s.queue_id
      WHERE ${sinceMs === undefined} OR s.active_at >= ${since}::timestamptz OR s.measured_at >= ${since}::timestamptz`.execute(
      catalogue,
    ),
  )
  return rows.map(toChange)
}

function toChange(row: { id: number; account_id: string; name: string; numbers: string }): QueueChange {
  const numbers = row.numbers.split(' ').map(Number)
  const [visible = 0, inFlight = 0, delayed = 0, sent = 0, received = 0, deleted = 0, expired = 0] = numbers
  const [deadLettered = 0, leasesExpired = 0, oldestSentAtMs] = numbers.slice(7)
  return {
    queueId: row.id,
    key: { accountId: row.account_id, name: row.name },
    visible,
    inFlight,
    delayed,
    oldestSentAtMs,
    totals: { sent, received, deleted, expired, deadLettered, leasesExpired },
  }
}
