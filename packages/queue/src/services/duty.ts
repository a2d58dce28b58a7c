import { type Kysely, sql, type Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'

/**
 * Does a duty's work in one transaction, under the lock of its row, so that of any number of nodes one works at a time.
 * @param mode `skip`: answer `undefined` when another node is at it; `wait`: wait for it
 */
export async function withDuty<T>(
  catalogue: Kysely<Tables>,
  name: string,
  mode: 'skip' | 'wait',
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T | undefined> {
  await catalogue
    .insertInto('stanchion.duty')
    .values({ name, finished_at: null })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  return catalogue.transaction().execute(async (transaction) => {
    const lock = transaction.selectFrom('stanchion.duty').select('name').where('name', '=', name)
    const row = await (mode === 'wait' ? lock.forUpdate() : lock.forUpdate().skipLocked()).executeTakeFirst()
    if (row === undefined) return undefined
    const result = await work(transaction)
    await transaction
      .updateTable('stanchion.duty')
      .set({ finished_at: sql`stanchion.clock()` })
      .where('name', '=', name)
      .execute()
    return result
  })
}
