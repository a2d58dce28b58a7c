-- A tick of one lane that starts fewer plans and answers fewer columns, and whole leases that are deleted without a look before it (decision 0038).
-- Locks: none.
-- breaking: no

-- As it was, but a lease of which all is to go is deleted first, and marked only when that fails: the other way round for a part of one.
CREATE OR REPLACE FUNCTION stanchion.remove_messages_v1(
  p_bucket integer, p_queue_lanes bigint[], p_lease_lanes bigint[], p_leases bigint[], p_masks bit varying[], p_ends integer[],
  p_indexes integer[], p_seqs bigint[], p_parked_lanes bigint[], p_parked_seqs bigint[], p_parked_counts integer[]
) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
  removed integer[] := array_fill(0, ARRAY[cardinality(p_queue_lanes)]);
  lane bigint;
  mask bit varying;
  gone integer;
  place integer;
  is_done boolean;
  lease_done bit varying;
  lease_remaining integer;
  left_over integer;
BEGIN
  FOR i IN 1 .. cardinality(p_leases) LOOP
    lane := p_lease_lanes[i];
    mask := p_masks[i];
    gone := bit_count(mask);
    -- Most often all of them are there: one statement does it, without a look before it. A mask without a gap is most often the whole
    -- of a lease. The newest lease stays, as the cursor of its lane.
    FOR attempt IN 1 .. 2 LOOP
      IF (attempt = 1) = (gone = length(mask)) THEN
        DELETE FROM stanchion.lease c
        WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i] AND c.remaining = gone
          AND bit_count(c.done & (mask || repeat('0', length(c.done) - length(mask))::bit varying)) = 0
          AND EXISTS (SELECT 1 FROM stanchion.lease n WHERE n.bucket = p_bucket AND n.lane_id = lane AND n.last_seq > p_leases[i]);
      ELSE
        UPDATE stanchion.lease c
        SET done = c.done | (mask || repeat('0', length(c.done) - length(mask))::bit varying), remaining = c.remaining - gone
        WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i]
          AND bit_count(c.done & (mask || repeat('0', length(c.done) - length(mask))::bit varying)) = 0
          AND (c.remaining > gone OR NOT EXISTS (SELECT 1 FROM stanchion.lease n WHERE n.bucket = p_bucket AND n.lane_id = lane
                                       AND n.last_seq > p_leases[i]));
      END IF;
      is_done := FOUND;
      EXIT WHEN is_done;
    END LOOP;
    IF NOT is_done THEN
      gone := 0;
      SELECT c.done, c.remaining INTO lease_done, lease_remaining FROM stanchion.lease c
      WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i] FOR UPDATE;
      FOR position IN coalesce(p_ends[i - 1], 0) + 1 .. p_ends[i] LOOP
        IF get_bit(lease_done, p_indexes[position]) = 0 THEN
          lease_done := set_bit(lease_done, p_indexes[position], 1);
          gone := gone + 1;
        ELSE
          -- It may have come back since.
          p_parked_lanes := p_parked_lanes || lane;
          p_parked_seqs := p_parked_seqs || p_seqs[position];
          p_parked_counts := p_parked_counts || 1;
        END IF;
      END LOOP;
      IF gone > 0 THEN
        left_over := lease_remaining - gone;
        IF left_over = 0 AND EXISTS (SELECT 1 FROM stanchion.lease n WHERE n.bucket = p_bucket AND n.lane_id = lane
                                     AND n.last_seq > p_leases[i] LIMIT 1) THEN
          DELETE FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i];
        ELSE
          UPDATE stanchion.lease c SET done = lease_done, remaining = left_over
          WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i];
        END IF;
      END IF;
    END IF;
    place := array_position(p_queue_lanes, lane);
    IF place IS NOT NULL THEN removed[place] := removed[place] + gone; END IF;
  END LOOP;

  FOR i IN 1 .. cardinality(p_parked_seqs) LOOP
    lane := p_parked_lanes[i];
    DELETE FROM stanchion.parked_message p
    WHERE p.bucket = p_bucket AND p.lane_id = lane AND p.seq = p_parked_seqs[i] AND p.receive_count = p_parked_counts[i];
    IF FOUND THEN
      place := array_position(p_queue_lanes, abs(lane));
      IF place IS NOT NULL THEN removed[place] := removed[place] + 1; END IF;
    END IF;
  END LOOP;
  RETURN removed;
END $$;

-- As one_lane_tick_v1, with the same parameters, but what the read in the middle can compute is not computed by itself, and only what
-- differs from message to message is a column.
-- Answers a row for each message that was handed out. First deliveries have no `more`: they are one lease, which is named after the last of
-- them. Those of claim_v2, for messages that come back, have its columns in `more`, as a list without body and attributes, and so has its
-- row about the lane. The last row says in `more` what all others are about:
--   nowMs      the time of the database
--   firstSeq   where the sent messages begin; null: nothing was stored
--   removed    how many messages went; null: nothing was to be deleted, or the lane is gone
--   stale      whether nothing was claimed because the version differs; null: passed over, gone, not asked for, or told by claim_v2
--   dueInMs    in how many milliseconds the next message becomes due, where fewer were found than were wanted
CREATE FUNCTION stanchion.one_lane_tick_v2(
  p_bucket integer, p_deadline timestamptz, p_lane bigint,
  p_deletes boolean, p_delete_lease_lanes bigint[], p_delete_leases bigint[], p_delete_masks bit varying[], p_delete_ends integer[],
  p_delete_indexes integer[], p_delete_seqs bigint[], p_delete_parked_lanes bigint[], p_delete_parked_seqs bigint[],
  p_delete_parked_counts integer[],
  p_send_version integer, p_send_bodies text[], p_send_attributes text[],
  p_claim_version integer, p_claim_count integer, p_claim_timeout integer, p_claim_retention integer, p_claim_floor timestamptz,
  p_claim_wait boolean, p_claim_trusted_now timestamptz, p_claim_bytes_max integer,
  p_claim_dead_bucket integer, p_claim_dead_lane bigint, p_claim_receive_count_max integer, p_claim_queue text
) RETURNS TABLE (seq_ms double precision, seq_number integer, lease_index integer, body text, attributes text, more json) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  removed integer;
  tail_version integer;
  head_version integer;
  first_seq bigint;
  tail_ord bigint;
  cursor_seq bigint;
  cursor_remaining integer;
  min_seq bigint;
  has_due boolean;
  stale boolean;
  handed_out integer;
  due_at timestamptz;
  has_more boolean;
BEGIN
  IF p_deletes THEN
    removed := (stanchion.remove_messages_v1(p_bucket, ARRAY[p_lane], p_delete_lease_lanes, p_delete_leases, p_delete_masks,
      p_delete_ends, p_delete_indexes, p_delete_seqs, p_delete_parked_lanes, p_delete_parked_seqs, p_delete_parked_counts))[1];
  END IF;

  IF p_claim_wait THEN
    SELECT (SELECT l.version FROM stanchion.lane l
            WHERE l.bucket = p_bucket AND l.lane_id = p_lane AND l.kind = 1 AND p_send_version IS NOT NULL FOR UPDATE),
           (SELECT l.version FROM stanchion.lane l
            WHERE l.bucket = p_bucket AND l.lane_id = p_lane AND l.kind = 2 AND p_claim_version IS NOT NULL FOR UPDATE)
    INTO tail_version, head_version;
  ELSE
    SELECT (SELECT l.version FROM stanchion.lane l
            WHERE l.bucket = p_bucket AND l.lane_id = p_lane AND l.kind = 1 AND p_send_version IS NOT NULL FOR UPDATE),
           (SELECT l.version FROM stanchion.lane l
            WHERE l.bucket = p_bucket AND l.lane_id = p_lane AND l.kind = 2 AND p_claim_version IS NOT NULL FOR UPDATE SKIP LOCKED)
    INTO tail_version, head_version;
  END IF;
  t := stanchion.clock();
  -- What was removed comes back with the error.
  IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
  IF p_deletes AND head_version IS NULL THEN
    PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = p_lane AND l.kind = 2;
    IF NOT FOUND THEN removed := NULL; END IF;
  END IF;

  -- Read after the locks: what was committed while this waited for them counts.
  SELECT CASE WHEN tail_version = p_send_version THEN greatest(coalesce(tail.seq, newest.last_seq, 0) + 1, stanchion.seq_at(t)) END,
         coalesce(tail.ord, newest.last_ord, 0), newest.last_seq, newest.remaining,
         greatest(coalesce(newest.last_seq, 0) + 1,
           stanchion.seq_at(stanchion.retention_clock(t, p_claim_trusted_now) - p_claim_retention * interval '1 second')),
         EXISTS (SELECT 1 FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = p_lane
                 AND c.visible_at <= t AND c.visible_at >= p_claim_floor AND c.remaining > 0)
         OR EXISTS (SELECT 1 FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = p_lane
                 AND p.visible_at <= t AND p.visible_at >= p_claim_floor)
         OR EXISTS (SELECT 1 FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = -p_lane
                 AND p.visible_at <= t AND p.visible_at >= p_claim_floor),
         head_version <> p_claim_version
  INTO first_seq, tail_ord, cursor_seq, cursor_remaining, min_seq, has_due, stale
  FROM (SELECT) one
  LEFT JOIN LATERAL (SELECT m.seq, m.ord FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = p_lane
                     ORDER BY m.seq DESC LIMIT 1) tail ON true
  LEFT JOIN LATERAL (SELECT c.last_seq, c.last_ord, c.remaining FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = p_lane
                     ORDER BY c.last_seq DESC LIMIT 1) newest ON true;

  IF first_seq IS NOT NULL THEN
    INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, attributes, body)
    SELECT p_bucket, p_lane, first_seq + e.number - 1, tail_ord + e.number, e.attributes, e.body
    FROM unnest(p_send_attributes, p_send_bodies) WITH ORDINALITY e(attributes, body, number);
  END IF;

  IF NOT stale THEN
    IF NOT has_due THEN
      -- The run of the log behind the cursor becomes one lease, unless it is too large.
      RETURN QUERY
      WITH run AS MATERIALIZED (
        SELECT m.seq, m.ord, m.body, m.attributes FROM stanchion.message_log m
        WHERE m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq >= min_seq ORDER BY m.seq LIMIT p_claim_count),
      leased AS (
        INSERT INTO stanchion.lease AS l
          (bucket, lane_id, last_seq, first_seq, last_ord, size, remaining, visible_at, claimed_at, done)
        SELECT p_bucket, p_lane, max(o.seq), min(o.seq), max(o.ord), count(*), count(*),
               t + p_claim_timeout * interval '1 second', t, repeat('0', count(*)::integer)::bit varying
        FROM run o HAVING sum(octet_length(o.body)) <= p_claim_bytes_max
        RETURNING l.last_ord - l.size + 1 AS first_ord)
      SELECT (o.seq >> 20)::double precision, (o.seq & 1048575)::integer, (o.ord - l.first_ord)::integer, o.body, o.attributes, NULL::json
      FROM leased l CROSS JOIN run o;
      GET DIAGNOSTICS handed_out = ROW_COUNT;
      -- The former cursor is no longer needed once all its messages are gone.
      IF cursor_remaining = 0 AND handed_out > 0 THEN
        DELETE FROM stanchion.lease d
        WHERE d.bucket = p_bucket AND d.lane_id = p_lane AND d.last_seq = cursor_seq AND d.remaining = 0;
      END IF;
      IF handed_out < p_claim_count THEN
        SELECT least(
          (SELECT c.visible_at FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = p_lane
           AND c.visible_at > t AND c.visible_at < 'infinity' ORDER BY c.visible_at LIMIT 1),
          (SELECT p.visible_at FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = p_lane
           AND p.visible_at > t ORDER BY p.visible_at LIMIT 1),
          (SELECT p.visible_at FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = -p_lane
           AND p.visible_at > t ORDER BY p.visible_at LIMIT 1)),
          handed_out = 0 AND EXISTS (SELECT 1 FROM stanchion.message_log m
            WHERE m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq >= min_seq)
        INTO due_at, has_more;
      END IF;
    END IF;
    IF has_due OR has_more THEN
      -- Messages that come back, and bodies that do not fit into one answer, are the exception, and claim_v2 knows what to do with them.
      RETURN QUERY
      SELECT NULL::double precision, NULL::integer, NULL::integer, c.body, c.attributes,
             json_build_array(c.lane_id, c.stale, c.message_lane, c.seq_ms, c.seq_number, c.lease_seq::text, c.lease_index, c.receive_count,
               c.first_received_ms, NULL, NULL, c.now_ms, c.due_in_ms, c.nothing_due, c.origin_lane, c.origin_seq::text, c.source_queue,
               c.moved, c.moved_on)
      FROM stanchion.claim_v2(p_bucket, ARRAY[p_lane], ARRAY[p_claim_version], ARRAY[p_claim_count], ARRAY[p_claim_timeout],
        ARRAY[p_claim_retention], ARRAY[p_claim_floor], true, p_claim_trusted_now, p_deadline, p_claim_bytes_max,
        ARRAY[p_claim_dead_bucket], ARRAY[p_claim_dead_lane], ARRAY[p_claim_receive_count_max], ARRAY[p_claim_queue]) c;
      stale := NULL;
    END IF;
  END IF;
  more := json_build_object('nowMs', extract(epoch FROM t)::double precision * 1000, 'firstSeq', first_seq::text, 'removed', removed,
    'stale', stale, 'dueInMs', extract(epoch FROM due_at - t)::double precision * 1000);
  RETURN NEXT;
END $$;
