import type { Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { QueueError } from '../errors.ts'
import type { QueueKey } from '../types.ts'
import type { QueueRow } from './queue-row.ts'

/**
 * The row of a queue, which nobody else changes until the end of the transaction.
 * @throws QueueError `queueNotFound`
 */
export async function lockQueue(transaction: Transaction<Tables>, key: QueueKey): Promise<QueueRow> {
  const row = await transaction
    .selectFrom('stanchion.queue')
    .selectAll()
    .where('account_id', '=', key.accountId)
    .where('name', '=', key.name)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) throw notFound()
  return row
}

export function notFound(): QueueError {
  return new QueueError('queueNotFound', 'There is no queue of this name.')
}
