import type { Mutant } from '../mutant.ts'

export const deleteById: Mutant = {
  name: 'delete-by-id',
  about: 'A receipt handle of a standard queue deletes its message whichever delivery it is of.',
  promises: ['G9'],
  checkers: ['lost messages', 'handles', 'counters'],
  patches: [
    {
      function: 'remove_messages_v1',
      find: 'p.seq = p_parked_seqs[i] AND p.receive_count = p_parked_counts[i];',
      replace: 'p.seq = p_parked_seqs[i];',
    },
  ],
}
