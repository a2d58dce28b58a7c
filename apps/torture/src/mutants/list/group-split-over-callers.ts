import type { Mutant } from '../mutant.ts'

export const groupSplitOverCallers: Mutant = {
  name: 'group-split-over-callers',
  about: 'The messages of a FIFO group that one claim brought are dealt out to all receives that wait.',
  promises: ['G12', 'G13'],
  checkers: ['FIFO order'],
  patches: [
    {
      file: 'packages/queue/src/fifo/fifo-claim-statement.ts',
      find: '          const receive = (row[2] as number) - 1',
      replace: '          const receive = messages.length % item.receives.length',
    },
  ],
}
