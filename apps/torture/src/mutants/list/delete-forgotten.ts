import type { Mutant } from '../mutant.ts'

export const deleteForgotten: Mutant = {
  name: 'delete-forgotten',
  about: 'A deletion is acknowledged and not always written down.',
  promises: ['G5'],
  checkers: ['delete finality'],
  patches: [
    {
      function: 'remove_messages_v1',
      find: `  FOR i IN 1 .. cardinality(p_parked_seqs) LOOP
    lane := p_parked_lanes[i];`,
      replace: `  FOR i IN 1 .. cardinality(p_parked_seqs) LOOP
    CONTINUE WHEN random() < 0.1;
    lane := p_parked_lanes[i];`,
    },
  ],
}
