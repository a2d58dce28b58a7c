import type { Mutant } from '../mutant.ts'

export const changeWithoutNonce: Mutant = {
  name: 'change-without-nonce',
  about: 'A receipt handle of a standard queue changes the lease of whichever delivery is the current one.',
  promises: ['G9'],
  checkers: ['handles', 'lease exclusivity'],
  patches: [
    {
      function: 'change_visibility_v1',
      find: 'm.seq = p_seqs[i] AND m.receive_count = p_counts[i] FOR UPDATE;',
      replace: 'm.seq = p_seqs[i] FOR UPDATE;',
    },
  ],
}
