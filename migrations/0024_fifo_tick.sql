-- A tick of FIFO queues: what waits for one bucket, sends, deletes and claims, as one statement with one commit (decision 0030).
-- Locks: none.
-- breaking: no

-- Runs fifo_send, fifo_delete and fifo_claim of the same releases one after the other; each takes part when it has work. Their
-- parameters and contracts are those of the functions, see there. All of it happens or none; the caller splits a tick that fails.
-- Lock order over the whole: tails, then heads, each ascending. The heads of deletes and claims are locked together, because those
-- of one operation may stand before those of the other; a claim that moves dead letters passes over a tail that is locked. So ticks of
-- two nodes cannot deadlock.
-- Answers the rows of the three in the columns of a claim, told apart by `operation` (1 delete, 2 send, 3 claim): of a delete entry
-- in receive, outcome in receive_count, opens_in_ms in due_in_ms, and now_ms; of a send entry in receive, seq in lane_id, is_duplicate
-- in stale, and now_ms.
CREATE FUNCTION stanchion.fifo_tick_v1(
  p_bucket integer, p_deadline timestamptz,
  p_delete_lanes bigint[], p_delete_retentions integer[], p_delete_entry_lanes integer[], p_delete_seqs bigint[],
  p_delete_counts integer[], p_delete_trusted_now timestamptz,
  p_send_lanes bigint[], p_send_versions integer[], p_send_entry_lanes integer[], p_send_bodies text[], p_send_attributes text[],
  p_send_groups text[], p_send_deduplication_ids text[], p_send_keys bytea[],
  p_claim_lanes bigint[], p_claim_versions integer[], p_claim_timeouts integer[], p_claim_retentions integer[],
  p_claim_delays integer[], p_claim_size_ends integer[], p_claim_sizes integer[], p_claim_attempts text[],
  p_claim_lease_seconds_max integer, p_claim_trusted_now timestamptz, p_claim_bytes_max bigint, p_claim_dead_buckets integer[],
  p_claim_dead_lanes bigint[], p_claim_receive_counts_max integer[], p_claim_queues text[]
) RETURNS TABLE (
  lane_id bigint, stale boolean, receive integer, seq_ms double precision, seq_number integer, receive_count integer,
  first_received_ms double precision, body text, attributes text, group_id text, deduplication_id text,
  now_ms double precision, due_in_ms double precision, has_more boolean,
  origin_lane bigint, origin_seq bigint, source_queue text, moved integer, moved_on integer, operation smallint
) LANGUAGE plpgsql AS $$
DECLARE
  lane bigint;
BEGIN
  IF cardinality(p_send_lanes) > 0 THEN
    RETURN QUERY
    SELECT s.seq, s.is_duplicate, s.entry, NULL::double precision, NULL::integer, NULL::integer, NULL::double precision, NULL::text,
           NULL::text, NULL::text, NULL::text, s.now_ms, NULL::double precision, NULL::boolean, NULL::bigint, NULL::bigint, NULL::text,
           NULL::integer, NULL::integer, 2::smallint
    FROM stanchion.fifo_send_v1(p_bucket, p_send_lanes, p_send_versions, p_send_entry_lanes, p_send_bodies, p_send_attributes,
      p_send_groups, p_send_deduplication_ids, p_send_keys, p_deadline) s;
  END IF;
  IF cardinality(p_delete_lanes) > 0 THEN
    FOR lane IN SELECT u.lane_id FROM unnest(p_delete_lanes || p_claim_lanes) u(lane_id) GROUP BY u.lane_id ORDER BY u.lane_id LOOP
      PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 2 FOR UPDATE;
    END LOOP;
    RETURN QUERY
    SELECT NULL::bigint, NULL::boolean, d.entry, NULL::double precision, NULL::integer, d.outcome::integer, NULL::double precision,
           NULL::text, NULL::text, NULL::text, NULL::text, d.now_ms, d.opens_in_ms, NULL::boolean, NULL::bigint, NULL::bigint,
           NULL::text, NULL::integer, NULL::integer, 1::smallint
    FROM stanchion.fifo_delete_v1(p_bucket, p_delete_lanes, p_delete_retentions, p_delete_entry_lanes, p_delete_seqs, p_delete_counts,
      p_delete_trusted_now, p_deadline) d;
  END IF;
  IF cardinality(p_claim_lanes) > 0 THEN
    RETURN QUERY
    SELECT c.lane_id, c.stale, c.receive, c.seq_ms, c.seq_number, c.receive_count, c.first_received_ms, c.body, c.attributes,
           c.group_id, c.deduplication_id, c.now_ms, c.due_in_ms, c.has_more, c.origin_lane, c.origin_seq, c.source_queue, c.moved,
           c.moved_on, 3::smallint
    FROM stanchion.fifo_claim_v3(p_bucket, p_claim_lanes, p_claim_versions, p_claim_timeouts, p_claim_retentions, p_claim_delays,
      p_claim_size_ends, p_claim_sizes, p_claim_attempts, p_claim_lease_seconds_max, p_claim_trusted_now, p_deadline,
      p_claim_bytes_max, p_claim_dead_buckets, p_claim_dead_lanes, p_claim_receive_counts_max, p_claim_queues) c;
  END IF;
END $$;
