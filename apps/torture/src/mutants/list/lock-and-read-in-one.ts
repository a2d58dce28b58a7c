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
      function: 'one_lane_tick_v2',
      find: '  IF p_claim_wait THEN',
      replace: `  SELECT m.seq, m.ord INTO first_seq, tail_ord FROM stanchion.message_log m
  WHERE m.bucket = p_bucket AND m.lane_id = p_lane ORDER BY m.seq DESC LIMIT 1;
  IF p_claim_wait THEN`,
    },
    {
      function: 'one_lane_tick_v2',
      find: `greatest(coalesce(tail.seq, newest.last_seq, 0) + 1, stanchion.seq_at(t)) END,
         coalesce(tail.ord, newest.last_ord, 0),`,
      replace: `greatest(coalesce(first_seq, newest.last_seq, 0) + 1, stanchion.seq_at(t)) END,
         coalesce(tail_ord, newest.last_ord, 0),`,
    },
    {
      function: 'many_lanes_tick_v1',
      find: '  IF p_claim_wait THEN',
      replace: `  SELECT array_agg(tail.seq), array_agg(tail.ord) INTO first_seqs, ords
  FROM unnest(p_send_lanes) u(lane_id)
  LEFT JOIN LATERAL (SELECT m.seq, m.ord FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = u.lane_id
                     ORDER BY m.seq DESC LIMIT 1) tail ON true;
  IF p_claim_wait THEN`,
    },
    {
      function: 'many_lanes_tick_v1',
      find: `FROM unnest(p_send_lanes, p_send_versions, tail_versions) u(lane_id, version, tail_version)
    LEFT JOIN LATERAL (SELECT m.seq, m.ord FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = u.lane_id
                       ORDER BY m.seq DESC LIMIT 1) tail ON true`,
      replace: `FROM unnest(p_send_lanes, p_send_versions, tail_versions, first_seqs, ords) tail(lane_id, version, tail_version, seq, ord)
    CROSS JOIN LATERAL (SELECT tail.lane_id, tail.version, tail.tail_version) u`,
    },
  ],
}
