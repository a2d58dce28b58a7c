import type { Mutant } from '../mutant.ts'

export const numbersFall: Mutant = {
  name: 'numbers-fall',
  about: 'The messages of one FIFO batch are numbered backwards.',
  promises: ['G12'],
  checkers: ['FIFO order', 'sequence numbers'],
  patches: [
    {
      function: 'fifo_send_v1',
      find: 'coalesce(f.known, base_seq + f.first_number - 1)',
      replace: 'coalesce(f.known, base_seq + 20 - f.first_number)',
    },
  ],
}
