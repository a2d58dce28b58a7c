import { type Kysely, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Queue, QueueKey } from '../types.ts'
import { HEAD } from './queue-lanes.ts'
import { type QueueRow, toQueue } from './queue-row.ts'

/** A queue with what the hot path has to know about it. */
export interface LiveQueue {
  readonly queue: Queue
  readonly bucket: number
  /** Compared by every hot statement: an outdated copy is told so and changes nothing. */
  readonly version: number
  /** All of them, ascending. */
  readonly lanes: readonly number[]
  /** The same lanes as families: a root, which takes messages without a group, and behind it the lanes of deeper levels. */
  readonly families: readonly (readonly number[])[]
}

/** One row a queue, with the ids of its lanes and the roots of their families, in one snapshot. */
export function selectQueues(catalogue: Kysely<Tables>) {
  return catalogue
    .selectFrom('stanchion.queue as q')
    .selectAll('q')
    .select([
      sql<string[]>`ARRAY(SELECT l.lane_id FROM stanchion.lane l
        WHERE l.bucket = q.bucket AND l.queue_id = q.queue_id AND l.kind = ${sql.lit(HEAD)} ORDER BY l.lane_id)`.as(
        'lanes',
      ),
      sql<string[]>`ARRAY(SELECT coalesce(l.root_lane_id, l.lane_id) FROM stanchion.lane l
        WHERE l.bucket = q.bucket AND l.queue_id = q.queue_id AND l.kind = ${sql.lit(HEAD)} ORDER BY l.lane_id)`.as(
        'roots',
      ),
    ])
}

/** The queue of a name, or `undefined`. */
export async function readQueue(catalogue: Kysely<Tables>, key: QueueKey): Promise<LiveQueue | undefined> {
  const row = await selectQueues(catalogue)
    .where('q.account_id', '=', key.accountId)
    .where('q.name', '=', key.name)
    .executeTakeFirst()
  return row === undefined ? undefined : toLive(row)
}

/** The queue that a row of `selectQueues` says. */
export function toLive(row: QueueRow & { lanes: string[]; roots: string[] }): LiveQueue {
  const lanes = row.lanes.map(Number)
  // The lanes of a family were made level after level, and have ascending numbers.
  const families = new Map<string, number[]>()
  lanes.forEach((lane, i) => {
    const root = row.roots[i] as string
    families.set(root, [...(families.get(root) ?? []), lane])
  })
  return { queue: toQueue(row), bucket: row.bucket, version: row.version, lanes, families: [...families.values()] }
}
