import type { Mutant } from '../mutant.ts'

export const purgeInBackground: Mutant = {
  name: 'purge-in-background',
  about: 'A purge is answered at once and done a moment later, with all that was sent meanwhile.',
  promises: ['G1', 'G20'],
  checkers: ['lost messages', 'purge and create again'],
  patches: [
    {
      file: 'packages/queue/src/engine.ts',
      find: 'ledger.touch(await catalogue.purge(key))',
      replace: `await catalogue.reload(key)
      setTimeout(() => catalogue.purge(key).then((id) => ledger.touch(id), () => undefined), 1_500)`,
    },
  ],
}
