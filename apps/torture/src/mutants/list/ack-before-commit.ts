import { killServer } from '../../faults/servers.ts'
import { beginBeforeStatement } from '../begin-before-statement.ts'
import type { Mutant } from '../mutant.ts'

export const ackBeforeCommit: Mutant = {
  name: 'ack-before-commit',
  about: 'A request is answered when its statement has run, and its transaction commits a moment later.',
  promises: ['G1', 'G23'],
  checkers: ['lost messages', 'delete finality'],
  patches: [
    beginBeforeStatement,
    {
      file: 'packages/queue/src/database/database.ts',
      find: `      client.release()
      return rows`,
      replace: `      setTimeout(() => client.query('COMMIT').then(() => client.release(), () => client.release(true)), 40)
      return rows`,
    },
  ],
  faults: [killServer],
}
