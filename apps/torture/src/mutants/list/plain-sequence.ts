import type { Mutant } from '../mutant.ts'

export const plainSequence: Mutant = {
  name: 'plain-sequence',
  about: 'Messages of FIFO queues are numbered by a sequence, without the lock that makes numbers follow commits.',
  promises: ['G1', 'G12', 'G13'],
  checkers: ['lost messages', 'FIFO order', 'sequence numbers'],
  patches: [
    { sql: 'CREATE SEQUENCE stanchion.plain_number INCREMENT 1000' },
    {
      function: 'fifo_send_v2',
      find: 'WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 1 FOR UPDATE;',
      replace: 'WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 1;',
    },
    {
      function: 'fifo_send_v2',
      find: 'first_seq := greatest(coalesce(tail_seq, 0) + 1, stanchion.seq_at(t));',
      replace: `first_seq := stanchion.seq_at(t) + nextval('stanchion.plain_number') % 1000000;
    -- As long as it takes others to overtake it now and then.
    PERFORM pg_sleep(random() * 0.3);`,
    },
  ],
}
