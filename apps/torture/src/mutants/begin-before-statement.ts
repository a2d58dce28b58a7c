import type { SourcePatch } from './mutant.ts'

/** A hot statement does not commit by itself: there is a transaction around it, which somebody has to end. */
export const beginBeforeStatement: SourcePatch = {
  file: 'packages/queue/src/database/database.ts',
  find: '      const result = await client.query<unknown[]>({',
  replace: `      await client.query('BEGIN')
      const result = await client.query<unknown[]>({`,
}
