import { crashPostgres } from '../../faults/postgres.ts'
import type { Mutant } from '../mutant.ts'

export const neverReconnects: Mutant = {
  name: 'never-reconnects',
  about: 'A server that has lost its database once does not try it again.',
  promises: ['G28'],
  checkers: ['liveness after healing'],
  patches: [
    {
      file: 'packages/queue/src/database/database.ts',
      find: `    this.#reachable = true
`,
      replace: `    if (!this.#reachable) {
      client.release()
      throw new QueueError('unavailable', 'The database cannot be reached.')
    }
`,
    },
  ],
  faults: [crashPostgres],
}
