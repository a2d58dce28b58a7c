import type { Mutant } from '../mutant.ts'

export const rowsByPosition: Mutant = {
  name: 'rows-by-position',
  about: 'The rows of a send are taken for its items by their position, and not by their lane.',
  promises: ['G2'],
  checkers: ['invented messages'],
  patches: [
    {
      file: 'packages/queue/src/messages/send-statement.ts',
      find: '      const firstSeq = nextSeqs.get(item.lane)',
      replace: '      const firstSeq = [...nextSeqs.values()][items.indexOf(item) % Math.max(1, nextSeqs.size)]',
    },
  ],
}
