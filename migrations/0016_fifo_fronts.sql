-- FIFO queues: a group whose front outlived its retention goes on at once, and the claim of earlier releases reads as this one's does.
-- Locks: none.
-- breaking: no

-- The group without what is older than p_min_seq. Replaced and not followed by a second version, because the contract is the same:
-- what a group has behind its window begins at claimed_seq + 1, and that is the place of its first message there now. It was the
-- moment of the retention before, which is too old again a millisecond later, so the group was found expired again and again.
CREATE OR REPLACE FUNCTION stanchion.fifo_expire_v1(p_group stanchion.fifo_group, p_min_seq bigint)
RETURNS stanchion.fifo_group LANGUAGE plpgsql AS $$
DECLARE
  g stanchion.fifo_group := p_group;
  n integer := 0;
  first_seq bigint;
BEGIN
  WHILE n < cardinality(g.seqs) AND g.seqs[n + 1] < p_min_seq LOOP n := n + 1; END LOOP;
  IF n > 0 THEN
    g.seqs := g.seqs[n + 1 :];
    g.visible_at := g.visible_at[n + 1 :];
    g.receive_counts := g.receive_counts[n + 1 :];
    g.received_at := g.received_at[n + 1 :];
    g.first_received_at := g.first_received_at[n + 1 :];
  END IF;
  IF g.pending > 0 AND g.claimed_seq < p_min_seq - 1 THEN
    SELECT count(*), min(m.seq) INTO g.pending, first_seq FROM stanchion.message_log m
    WHERE m.bucket = g.bucket AND m.lane_id = g.lane_id AND m.group_id = g.group_id
      AND m.seq > g.claimed_seq AND m.seq >= p_min_seq AND m.seq <= g.last_seq;
    g.claimed_seq := coalesce(first_seq, p_min_seq) - 1;
  END IF;
  RETURN g;
END $$;

-- The claim of releases before 0007, and of move tasks: its own text had lost its index there.
CREATE OR REPLACE FUNCTION stanchion.fifo_claim_v1(
  p_bucket integer, p_lanes bigint[], p_versions integer[], p_timeouts integer[], p_retentions integer[], p_delays integer[],
  p_size_ends integer[], p_sizes integer[], p_trusted_now timestamptz, p_deadline timestamptz, p_bytes_max bigint
) RETURNS TABLE (
  lane_id bigint, stale boolean, receive integer, seq_ms double precision, seq_number integer, receive_count integer,
  first_received_ms double precision, body text, attributes text, group_id text, deduplication_id text,
  now_ms double precision, due_in_ms double precision, has_more boolean
) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY
  SELECT c.* FROM stanchion.fifo_claim_v2(p_bucket, p_lanes, p_versions, p_timeouts, p_retentions, p_delays, p_size_ends, p_sizes,
    array_fill(NULL::text, ARRAY[cardinality(p_sizes)]), 43200, p_trusted_now, p_deadline, p_bytes_max) c;
END $$;
