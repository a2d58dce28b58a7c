import type { SourcePatch } from './mutant.ts'

/** A hot statement does not commit by itself: there is a transaction around it, which somebody has to end. */
export const beginBeforeStatement: SourcePatch = {
  file: 'packages/queue/src/database/database.ts',
  find: '      const rows = await HotQuery.run(',
  replace: `      await client.query('BEGIN')
      const rows = await HotQuery.run(`,
}
