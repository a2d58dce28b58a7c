import { type Kysely, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { QueueError } from '../errors.ts'
import { LIMITS } from '../limits.ts'
import type { ListDeadLetterSourcesRequest, ListQueuesRequest, Queue, QueueKey } from '../types.ts'
import { type QueueRow, toQueue } from './queue-row.ts'

/** A page of queues; `next` is the name to go on after when more remain. */
export interface QueuePage {
  readonly queues: Queue[]
  readonly next: string | undefined
}

/** The queues of an account, by name. */
export async function listQueues(
  catalogue: Kysely<Tables>,
  { accountId, namePrefix = '', after, limit }: ListQueuesRequest,
): Promise<QueuePage> {
  // A name never holds these characters, so such a prefix matches nothing; Postgres would refuse some of them.
  if (!/^[A-Za-z0-9_.-]*$/.test(namePrefix)) return { queues: [], next: undefined }
  let query = catalogue
    .selectFrom('stanchion.queue')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('name', '>=', namePrefix)
    .where(sql<boolean>`starts_with(name, ${namePrefix})`)
    .orderBy('name')
    .limit(limit + 1)
  if (after !== undefined) query = query.where('name', '>', after)
  return toPage(await query.execute(), limit)
}

/** The queues whose dead-letter queue this is, by name. */
export async function listDeadLetterSources(
  catalogue: Kysely<Tables>,
  key: QueueKey,
  { after = '', limit }: ListDeadLetterSourcesRequest,
): Promise<QueuePage> {
  const rows = await catalogue
    .selectFrom('stanchion.queue')
    .selectAll()
    .where('account_id', '=', key.accountId)
    .where('dead_letter_queue', '=', key.name)
    .where('name', '>', after)
    .orderBy('name')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit)
}

/** @throws QueueError `invalidArgument` */
export function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMITS.listQueuesMax) return
  throw new QueueError('invalidArgument', `limit is a whole number from 1 to ${LIMITS.listQueuesMax}.`, {
    field: 'limit',
  })
}

function toPage(rows: readonly QueueRow[], limit: number): QueuePage {
  const queues = rows.slice(0, limit).map(toQueue)
  return { queues, next: rows.length > limit ? queues.at(-1)?.name : undefined }
}
