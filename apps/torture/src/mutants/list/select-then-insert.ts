import type { Mutant } from '../mutant.ts'

export const selectThenInsert: Mutant = {
  name: 'select-then-insert',
  about: 'A deduplication id is looked up before the lock of the lane is taken.',
  promises: ['G15'],
  checkers: ['deduplication'],
  patches: [
    {
      function: 'fifo_send_v1',
      find: 'WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 1 FOR UPDATE;',
      replace: 'WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 1;',
    },
    {
      function: 'fifo_send_v1',
      find: 'CONTINUE WHEN places IS NULL;',
      replace: `CONTINUE WHEN places IS NULL;
    PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 1 FOR UPDATE;
    SELECT m.seq, m.ord INTO tail_seq, tail_ord FROM stanchion.message_log m
    WHERE m.bucket = p_bucket AND m.lane_id = lane ORDER BY m.seq DESC LIMIT 1;
    tail_ord := coalesce(tail_ord, 0);
    -- What is new is numbered behind what came meanwhile.
    SELECT array_agg(CASE WHEN u.seq < base_seq THEN u.seq ELSE u.seq - base_seq + greatest(base_seq, coalesce(tail_seq, 0) + 1) END
                     ORDER BY u.n)
    INTO seqs FROM unnest(seqs) WITH ORDINALITY u(seq, n);`,
    },
  ],
}
