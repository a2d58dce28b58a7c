import type { Mutant } from '../mutant.ts'

export const lockAndReadInOne: Mutant = {
  name: 'lock-and-read-in-one',
  about: 'A send reads the tail of a lane in the statement that waits for its lock, hence as it was before the wait.',
  promises: ['G2', 'G26'],
  checkers: ['counters', 'lost messages', 'answers', 'invented messages'],
  patches: [
    {
      function: 'send_v1',
      find: `    SELECT l.version INTO lane_version FROM stanchion.lane l
    WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 1 FOR UPDATE;`,
      replace: `    SELECT l.version,
           (SELECT m.seq FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = lane ORDER BY m.seq DESC LIMIT 1),
           (SELECT m.ord FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = lane ORDER BY m.seq DESC LIMIT 1)
    INTO lane_version, tail_seq, tail_ord FROM stanchion.lane l
    WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 1 FOR UPDATE;`,
    },
    {
      function: 'send_v1',
      find: `    SELECT m.seq, m.ord INTO tail_seq, tail_ord FROM stanchion.message_log m
    WHERE m.bucket = p_bucket AND m.lane_id = lane ORDER BY m.seq DESC LIMIT 1;
    IF NOT FOUND THEN`,
      replace: '    IF tail_seq IS NULL THEN',
    },
    {
      function: 'one_lane_tick_v1',
      find: '  IF p_claim_wait THEN',
      replace: `  SELECT m.seq, m.ord INTO tail_seq, tail_ord FROM stanchion.message_log m
  WHERE m.bucket = p_bucket AND m.lane_id = p_lane ORDER BY m.seq DESC LIMIT 1;
  IF p_claim_wait THEN`,
    },
    {
      function: 'one_lane_tick_v1',
      find: 'SELECT tail.seq, tail.ord, newest.last_seq',
      replace: 'SELECT tail_seq, tail_ord, newest.last_seq',
    },
  ],
}
