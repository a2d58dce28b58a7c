import type { Mutant } from '../mutant.ts'

export const selectThenInsert: Mutant = {
  name: 'select-then-insert',
  about: 'A deduplication id is looked up before the lock of the lane is taken.',
  promises: ['G15'],
  checkers: ['deduplication'],
  patches: [
    {
      function: 'fifo_send_v2',
      find: 'WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 1 FOR UPDATE;',
      replace: 'WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 1;',
    },
    {
      function: 'fifo_send_v2',
      find: 'INSERT INTO stanchion.message_log',
      replace: `PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 1 FOR UPDATE;
      SELECT m.seq, m.ord INTO tail_seq, tail_ord FROM stanchion.message_log m
      WHERE m.bucket = p_bucket AND m.lane_id = lane ORDER BY m.seq DESC LIMIT 1;
      tail_ord := coalesce(tail_ord, 0);
      first_seq := greatest(first_seq, coalesce(tail_seq, 0) + 1);
      INSERT INTO stanchion.message_log`,
    },
  ],
}
