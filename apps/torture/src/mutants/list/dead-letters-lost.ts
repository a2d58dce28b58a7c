import type { Mutant } from '../mutant.ts'

export const deadLettersLost: Mutant = {
  name: 'dead-letters-lost',
  about: 'Messages that were received too often are removed and not moved, now and then.',
  promises: ['G18'],
  checkers: ['lost messages'],
  patches: [
    {
      function: 'move_dead_letters_v1',
      find: '  DELETE FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = p_stream AND p.seq = ANY (p_seqs);',
      replace: `  IF random() < 0.5 THEN
    DELETE FROM stanchion.parked_message p WHERE p.bucket = p_dead_bucket AND p.lane_id = -p_dead_lane AND p.seq = ANY (new_seqs);
  END IF;
  DELETE FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = p_stream AND p.seq = ANY (p_seqs);`,
    },
  ],
}
