import type { Mutant } from '../mutant.ts'

export const dropOneOfAHundred: Mutant = {
  name: 'drop-one-of-a-hundred',
  about: 'One of a hundred messages of FIFO queues is acknowledged and not stored.',
  promises: ['G1'],
  checkers: ['lost messages'],
  patches: [
    {
      function: 'fifo_send_v2',
      find: `WHERE u.place <> ALL (known_places)) e;
      INSERT INTO stanchion.fifo_deduplication`,
      replace: `WHERE u.place <> ALL (known_places)) e WHERE random() >= 0.01;
      INSERT INTO stanchion.fifo_deduplication`,
    },
  ],
}
