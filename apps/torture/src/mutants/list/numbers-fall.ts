import type { Mutant } from '../mutant.ts'

export const numbersFall: Mutant = {
  name: 'numbers-fall',
  about: 'The messages of one FIFO batch are numbered backwards.',
  promises: ['G12'],
  checkers: ['FIFO order', 'sequence numbers'],
  patches: [
    {
      function: 'fifo_send_v2',
      find: 'first_seq + e.number - 1, tail_ord',
      replace: 'first_seq + 20 - e.number, tail_ord',
    },
  ],
}
