import type { Mutant } from '../mutant.ts'

export const dropWhenLeaseEnds: Mutant = {
  name: 'drop-when-lease-ends',
  about: 'Some of the messages whose lease ends do not come back.',
  promises: ['G4'],
  checkers: ['lost messages'],
  patches: [
    {
      function: 'end_leases_v1',
      find: 'AND get_bit(r.done, (m.ord - r.first_ord)::integer) = 0;',
      replace: 'AND get_bit(r.done, (m.ord - r.first_ord)::integer) = 0 AND random() >= 0.05;',
    },
  ],
}
