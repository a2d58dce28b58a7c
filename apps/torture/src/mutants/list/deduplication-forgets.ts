import type { Mutant } from '../mutant.ts'

export const deduplicationForgets: Mutant = {
  name: 'deduplication-forgets',
  about: 'Deduplication ids are forgotten at once.',
  promises: ['G15'],
  checkers: ['deduplication'],
  patches: [
    {
      function: 'fifo_send_v2',
      find: "stanchion.seq_at(t - interval '5 minutes')",
      replace: 'stanchion.seq_at(t)',
    },
  ],
}
