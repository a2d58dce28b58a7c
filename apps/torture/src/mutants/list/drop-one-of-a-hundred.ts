import type { Mutant } from '../mutant.ts'

export const dropOneOfAHundred: Mutant = {
  name: 'drop-one-of-a-hundred',
  about: 'One of a hundred messages of FIFO queues is acknowledged and not stored.',
  promises: ['G1'],
  checkers: ['lost messages'],
  patches: [
    {
      function: 'fifo_send_v1',
      find: `FROM unnest(places, seqs, numbers) e(place, seq, number) WHERE e.number IS NOT NULL;
    INSERT INTO stanchion.fifo_deduplication`,
      replace: `FROM unnest(places, seqs, numbers) e(place, seq, number) WHERE e.number IS NOT NULL AND random() >= 0.01;
    INSERT INTO stanchion.fifo_deduplication`,
    },
  ],
}
