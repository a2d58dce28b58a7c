import { beginBeforeStatement } from '../begin-before-statement.ts'
import type { Mutant } from '../mutant.ts'

export const nowInLongTransaction: Mutant = {
  name: 'now-in-long-transaction',
  about: 'The time is that of the beginning of the transaction, which was begun before there was anything to do.',
  promises: ['G6', 'G7'],
  checkers: ['lease exclusivity', 'delays'],
  patches: [
    { sql: "CREATE OR REPLACE FUNCTION stanchion.clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT now()'" },
    beginBeforeStatement,
    {
      file: 'packages/queue/src/database/database.ts',
      find: `      client.release()
      return rows`,
      replace: `      await client.query('COMMIT')
      await client.query('BEGIN')
      client.release()
      return rows`,
    },
    {
      file: 'packages/queue/src/database/database.ts',
      find: 'client.release(!isUsable)',
      replace: 'client.release(true)',
    },
  ],
}
