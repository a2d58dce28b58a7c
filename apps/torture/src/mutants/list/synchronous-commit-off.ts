import { crashPostgres } from '../../faults/postgres.ts'
import type { Mutant } from '../mutant.ts'

export const synchronousCommitOff: Mutant = {
  name: 'synchronous-commit-off',
  about: 'Commits are answered before they are on disk.',
  promises: ['G1'],
  checkers: ['lost messages', 'delete finality', 'deduplication', 'invented messages'],
  patches: [
    {
      file: 'packages/queue/src/database/database.ts',
      find: `      default_transaction_isolation: 'read committed',
      lock_timeout`,
      replace: `      default_transaction_isolation: 'read committed',
      synchronous_commit: 'off',
      lock_timeout`,
    },
  ],
  faults: [crashPostgres],
}
