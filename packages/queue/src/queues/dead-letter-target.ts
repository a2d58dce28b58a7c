import type { Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { QueueError } from '../errors.ts'
import type { DeadLetterSettings, QueueKey } from '../types.ts'
import { checkDeadLetterTarget } from './validate-queue.ts'

/**
 * Whether a queue may have this dead-letter queue. A queue may name itself.
 * @throws QueueError `deadLetterQueueNotFound`, `deadLetterQueueKindDiffers`, `deadLetterQueueForbidden`
 */
export async function checkTarget(
  transaction: Transaction<Tables>,
  { accountId, name }: QueueKey,
  isFifo: boolean,
  deadLetter: DeadLetterSettings | undefined,
): Promise<void> {
  if (deadLetter === undefined) return
  const target = await transaction
    .selectFrom('stanchion.queue')
    .select(['is_fifo', 'dead_letter_sources'])
    .where('account_id', '=', accountId)
    .where('name', '=', deadLetter.queueName)
    .executeTakeFirst()
  if (target === undefined) {
    throw new QueueError('deadLetterQueueNotFound', 'There is no queue of the name given for the dead-letter queue.', {
      field: 'deadLetter.queueName',
    })
  }
  checkDeadLetterTarget({ name, isFifo }, { isFifo: target.is_fifo, deadLetterSources: target.dead_letter_sources })
}
