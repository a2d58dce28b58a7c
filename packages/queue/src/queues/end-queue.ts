import { sql, type Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { QueueError } from '../errors.ts'
import type { QueueKey } from '../types.ts'
import { lockQueue } from './lock-queue.ts'
import { addLanes, numberOn, retireLanes } from './queue-lanes.ts'
import type { QueueRow } from './queue-row.ts'

/**
 * Ends a queue: its lanes vanish with it, so no statement of any node can use them after the commit (G21).
 * @returns its id
 * @throws QueueError `queueNotFound`
 */
export async function deleteQueue(transaction: Transaction<Tables>, key: QueueKey): Promise<number> {
  const row = await lockQueue(transaction, key)
  // Before the lanes: the step of a task holds its row while it waits for them.
  await transaction.deleteFrom('stanchion.move_task').where('source_queue_id', '=', row.queue_id).execute()
  await retireLanes(transaction, row)
  await transaction
    .deleteFrom('stanchion.scaling_decision')
    .where('bucket', '=', row.bucket)
    .where('queue_id', '=', row.queue_id)
    .execute()
  await transaction.deleteFrom('stanchion.queue').where('queue_id', '=', row.queue_id).execute()
  const deleted = { account_id: key.accountId, name: key.name, deleted_at: sql<Date>`stanchion.clock()` }
  await transaction
    .insertInto('stanchion.deleted_queue')
    .values(deleted)
    .onConflict((conflict) => conflict.columns(['account_id', 'name']).doUpdateSet({ deleted_at: deleted.deleted_at }))
    .execute()
  return row.queue_id
}

/**
 * Ends the rest of a name whose queue is just being made. The insert has waited for a deletion that was under way, and this
 * statement has a snapshot of its own, so it sees it.
 * @param afterSeconds for how long the name of a deleted queue is not free
 * @throws QueueError `queueDeletedRecently`
 */
export async function wakeName(transaction: Transaction<Tables>, key: QueueKey, afterSeconds: number): Promise<void> {
  const { deletedSecondsAgo } = (await transaction
    .deleteFrom('stanchion.deleted_queue')
    .where('account_id', '=', key.accountId)
    .where('name', '=', key.name)
    .returning(secondsSince('deleted_at').as('deletedSecondsAgo'))
    .executeTakeFirst()) ?? { deletedSecondsAgo: undefined }
  if (deletedSecondsAgo === undefined || deletedSecondsAgo >= afterSeconds) return
  throw new QueueError(
    'queueDeletedRecently',
    `A queue of this name was deleted less than ${afterSeconds} seconds ago.`,
    { limitSeconds: afterSeconds },
  )
}

/**
 * Purges by epoch: the queue gets new lanes, and the old ones are left with all that is in them. Taking the locks of the
 * old lanes waits for whatever is being sent into them; what is sent later finds the new ones (G20).
 * @param everySeconds how soon it may be purged again
 * @param lanes that a standard queue gets
 * @throws QueueError `queueNotFound`, `queuePurgedRecently`
 */
export async function purgeQueue(
  transaction: Transaction<Tables>,
  key: QueueKey,
  everySeconds: number,
  lanes: number,
): Promise<void> {
  const row = await lockQueue(transaction, key)
  await refuseEarlyPurge(transaction, row, everySeconds)
  const retired = await retireLanes(transaction, row)
  await transaction
    .updateTable('stanchion.queue')
    .set({ version: row.version + 1, purged_at: sql<Date>`stanchion.clock()` })
    .where('queue_id', '=', row.queue_id)
    .execute()
  await addLanes(transaction, row.queue_id, row.bucket, row.version + 1, row.is_fifo ? 1 : lanes)
  if (row.is_fifo) await numberOn(transaction, row, Math.max(...retired))
}

async function refuseEarlyPurge(transaction: Transaction<Tables>, row: QueueRow, limitSeconds: number): Promise<void> {
  if (limitSeconds === 0 || row.purged_at === null) return
  const { purgedSecondsAgo } = await transaction
    .selectFrom('stanchion.queue')
    .select(secondsSince('purged_at').as('purgedSecondsAgo'))
    .where('queue_id', '=', row.queue_id)
    .executeTakeFirstOrThrow()
  if (purgedSecondsAgo >= limitSeconds) return
  throw new QueueError('queuePurgedRecently', `The queue was purged less than ${limitSeconds} seconds ago.`, {
    limitSeconds,
  })
}

/** By the clock of the database, on which all nodes agree. */
function secondsSince(column: 'deleted_at' | 'purged_at') {
  return sql<number>`extract(epoch FROM stanchion.clock() - ${sql.ref(column)})::double precision`
}
