-- A tick: what waits for one bucket, deletes, sends and claims, as one statement with one commit.
-- Locks: none.
-- breaking: no

-- Runs delete, send and claim of the same releases one after the other; each takes part when it has work. Their parameters and
-- contracts are those of the functions, see there. All of it happens or none; the caller splits a tick that fails.
-- Lock order over the whole: leases, parked messages, tails, heads, each ascending. A claim waits for no row besides the
-- heads (it passes over what is locked), so ticks of two nodes cannot deadlock.
-- Answers the rows of the three in the columns of a claim, told apart by `operation` (1 delete, 2 send, 3 claim): of a delete
-- lane_id, removed in receive_count, and now_ms; of a send lane_id, first_seq in lease_seq, and now_ms.
CREATE FUNCTION stanchion.tick_v1(
  p_bucket integer, p_deadline timestamptz,
  p_delete_queue_lanes bigint[], p_delete_lease_lanes bigint[], p_delete_leases bigint[], p_delete_ends integer[],
  p_delete_indexes integer[], p_delete_seqs bigint[], p_delete_parked_lanes bigint[], p_delete_parked_seqs bigint[],
  p_delete_parked_counts integer[],
  p_send_lanes bigint[], p_send_versions integer[], p_send_entry_lanes integer[], p_send_entry_numbers integer[],
  p_send_bodies text[], p_send_attributes text[], p_send_delays integer[],
  p_claim_lanes bigint[], p_claim_versions integer[], p_claim_counts integer[], p_claim_timeouts integer[],
  p_claim_retentions integer[], p_claim_floors timestamptz[], p_claim_wait boolean, p_claim_trusted_now timestamptz,
  p_claim_bytes_max integer
) RETURNS TABLE (
  lane_id bigint, stale boolean, message_lane bigint, seq_ms double precision, seq_number integer, lease_seq bigint,
  lease_index integer, receive_count integer, first_received_ms double precision, body text, attributes text,
  now_ms double precision, due_in_ms double precision, nothing_due boolean, operation smallint
) LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(p_delete_queue_lanes) > 0 THEN
    RETURN QUERY
    SELECT d.lane_id, NULL::boolean, NULL::bigint, NULL::double precision, NULL::integer, NULL::bigint, NULL::integer, d.removed,
           NULL::double precision, NULL::text, NULL::text, d.now_ms, NULL::double precision, NULL::boolean, 1::smallint
    FROM stanchion.delete_v1(p_bucket, p_delete_queue_lanes, p_delete_lease_lanes, p_delete_leases, p_delete_ends,
      p_delete_indexes, p_delete_seqs, p_delete_parked_lanes, p_delete_parked_seqs, p_delete_parked_counts, p_deadline) d;
  END IF;
  IF cardinality(p_send_lanes) > 0 THEN
    RETURN QUERY
    SELECT s.lane_id, NULL::boolean, NULL::bigint, NULL::double precision, NULL::integer, s.first_seq, NULL::integer, NULL::integer,
           NULL::double precision, NULL::text, NULL::text, s.now_ms, NULL::double precision, NULL::boolean, 2::smallint
    FROM stanchion.send_v1(p_bucket, p_send_lanes, p_send_versions, p_send_entry_lanes, p_send_entry_numbers, p_send_bodies,
      p_send_attributes, p_send_delays, p_deadline) s;
  END IF;
  IF cardinality(p_claim_lanes) > 0 THEN
    RETURN QUERY
    SELECT c.lane_id, c.stale, c.message_lane, c.seq_ms, c.seq_number, c.lease_seq, c.lease_index, c.receive_count,
           c.first_received_ms, c.body, c.attributes, c.now_ms, c.due_in_ms, c.nothing_due, 3::smallint
    FROM stanchion.claim_v1(p_bucket, p_claim_lanes, p_claim_versions, p_claim_counts, p_claim_timeouts, p_claim_retentions,
      p_claim_floors, p_claim_wait, p_claim_trusted_now, p_deadline, p_claim_bytes_max) c;
  END IF;
END $$;
