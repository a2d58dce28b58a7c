-- A tick of a node with one busy queue as one function, and deletes by masks (decision 0032).
-- Locks: none.
-- breaking: no

-- What they say about time zones does not hold for them, but Postgres believes it, and writes the body of a function into the caller's
-- expression only when it promises no more than its parts do.
ALTER FUNCTION stanchion.seq_at(timestamptz) STABLE;
ALTER FUNCTION stanchion.retention_clock(timestamptz, timestamptz) STABLE;

-- Removes messages by what their handles say.
--   p_lease_lanes, p_leases   leases, ascending
--   p_masks                   for each of them, bit i set: its i-th message
--   p_ends                    where the entries of a lease end in p_indexes and p_seqs, which say the same message by message
--   p_parked_lanes            messages that came back (negative: that were delayed), each with its seq and receive count
-- Answers how many were removed from each of p_queue_lanes.
CREATE FUNCTION stanchion.remove_messages_v1(
  p_bucket integer, p_queue_lanes bigint[], p_lease_lanes bigint[], p_leases bigint[], p_masks bit varying[], p_ends integer[],
  p_indexes integer[], p_seqs bigint[], p_parked_lanes bigint[], p_parked_seqs bigint[], p_parked_counts integer[]
) RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
  removed integer[] := array_fill(0, ARRAY[cardinality(p_queue_lanes)]);
  lane bigint;
  mask bit varying;
  gone integer;
  place integer;
  lease_done bit varying;
  lease_remaining integer;
  left_over integer;
BEGIN
  FOR i IN 1 .. cardinality(p_leases) LOOP
    lane := p_lease_lanes[i];
    mask := p_masks[i];
    gone := bit_count(mask);
    -- Most often all of them are there: one statement does it, without a look before it.
    UPDATE stanchion.lease c
    SET done = c.done | (mask || repeat('0', length(c.done) - length(mask))::bit varying), remaining = c.remaining - gone
    WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i]
      AND bit_count(c.done & (mask || repeat('0', length(c.done) - length(mask))::bit varying)) = 0
      AND (c.remaining > gone OR NOT EXISTS (SELECT 1 FROM stanchion.lease n WHERE n.bucket = p_bucket AND n.lane_id = lane
                                   AND n.last_seq > p_leases[i]));
    IF NOT FOUND THEN
      DELETE FROM stanchion.lease c
      WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i]
        AND bit_count(c.done & (mask || repeat('0', length(c.done) - length(mask))::bit varying)) = 0 AND c.remaining = gone;
    END IF;
    IF NOT FOUND THEN
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

-- Delete: removes messages, see remove_messages, and answers a row for each of p_queue_lanes that is there.
CREATE FUNCTION stanchion.delete_v3(
  p_bucket integer, p_queue_lanes bigint[], p_lease_lanes bigint[], p_leases bigint[], p_masks bit varying[], p_ends integer[],
  p_indexes integer[], p_seqs bigint[], p_parked_lanes bigint[], p_parked_seqs bigint[], p_parked_counts integer[],
  p_deadline timestamptz
) RETURNS TABLE (lane_id bigint, removed integer, now_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
  counts integer[];
BEGIN
  IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
  counts := stanchion.remove_messages_v1(p_bucket, p_queue_lanes, p_lease_lanes, p_leases, p_masks, p_ends, p_indexes, p_seqs,
    p_parked_lanes, p_parked_seqs, p_parked_counts);
  now_ms := extract(epoch FROM t)::double precision * 1000;
  FOR lane_id IN SELECT l.lane_id FROM stanchion.lane l
                 WHERE l.bucket = p_bucket AND l.lane_id = ANY (p_queue_lanes) AND l.kind = 2
  LOOP
    removed := counts[array_position(p_queue_lanes, lane_id)];
    RETURN NEXT;
  END LOOP;
END $$;

-- As tick_v3, with delete_v3.
CREATE FUNCTION stanchion.tick_v4(
  p_bucket integer, p_deadline timestamptz,
  p_delete_queue_lanes bigint[], p_delete_lease_lanes bigint[], p_delete_leases bigint[], p_delete_masks bit varying[],
  p_delete_ends integer[], p_delete_indexes integer[], p_delete_seqs bigint[], p_delete_parked_lanes bigint[],
  p_delete_parked_seqs bigint[], p_delete_parked_counts integer[],
  p_send_lanes bigint[], p_send_versions integer[], p_send_entry_lanes integer[], p_send_entry_numbers integer[],
  p_send_bodies text[], p_send_attributes text[], p_send_delays integer[],
  p_claim_lanes bigint[], p_claim_versions integer[], p_claim_counts integer[], p_claim_timeouts integer[],
  p_claim_retentions integer[], p_claim_floors timestamptz[], p_claim_wait boolean, p_claim_trusted_now timestamptz,
  p_claim_bytes_max integer, p_claim_dead_buckets integer[], p_claim_dead_lanes bigint[], p_claim_receive_counts_max integer[],
  p_claim_queues text[]
) RETURNS TABLE (
  lane_id bigint, stale boolean, message_lane bigint, seq_ms double precision, seq_number integer, lease_seq bigint,
  lease_index integer, receive_count integer, first_received_ms double precision, body text, attributes text,
  now_ms double precision, due_in_ms double precision, nothing_due boolean,
  origin_lane bigint, origin_seq bigint, source_queue text, moved integer, moved_on integer, operation smallint
) LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(p_delete_queue_lanes) > 0 THEN
    RETURN QUERY
    SELECT d.lane_id, NULL::boolean, NULL::bigint, NULL::double precision, NULL::integer, NULL::bigint, NULL::integer, d.removed,
           NULL::double precision, NULL::text, NULL::text, d.now_ms, NULL::double precision, NULL::boolean,
           NULL::bigint, NULL::bigint, NULL::text, NULL::integer, NULL::integer, 1::smallint
    FROM stanchion.delete_v3(p_bucket, p_delete_queue_lanes, p_delete_lease_lanes, p_delete_leases, p_delete_masks, p_delete_ends,
      p_delete_indexes, p_delete_seqs, p_delete_parked_lanes, p_delete_parked_seqs, p_delete_parked_counts, p_deadline) d;
  END IF;
  IF cardinality(p_send_lanes) = 1 THEN
    RETURN QUERY
    SELECT s.lane_id, NULL::boolean, NULL::bigint, NULL::double precision, NULL::integer, s.first_seq, NULL::integer, NULL::integer,
           NULL::double precision, NULL::text, NULL::text, s.now_ms, NULL::double precision, NULL::boolean,
           NULL::bigint, NULL::bigint, NULL::text, NULL::integer, NULL::integer, 2::smallint
    FROM stanchion.send_v1(p_bucket, p_send_lanes, p_send_versions, p_send_entry_lanes, p_send_entry_numbers, p_send_bodies,
      p_send_attributes, p_send_delays, p_deadline) s;
  ELSIF cardinality(p_send_lanes) > 1 THEN
    RETURN QUERY
    SELECT s.lane_id, NULL::boolean, NULL::bigint, NULL::double precision, NULL::integer, s.first_seq, NULL::integer, NULL::integer,
           NULL::double precision, NULL::text, NULL::text, s.now_ms, NULL::double precision, NULL::boolean,
           NULL::bigint, NULL::bigint, NULL::text, NULL::integer, NULL::integer, 2::smallint
    FROM stanchion.send_v2(p_bucket, p_send_lanes, p_send_versions, p_send_entry_lanes, p_send_entry_numbers, p_send_bodies,
      p_send_attributes, p_send_delays, p_deadline) s;
  END IF;
  IF cardinality(p_claim_lanes) = 1 THEN
    RETURN QUERY
    SELECT c.*, 3::smallint
    FROM stanchion.claim_v2(p_bucket, p_claim_lanes, p_claim_versions, p_claim_counts, p_claim_timeouts, p_claim_retentions,
      p_claim_floors, p_claim_wait, p_claim_trusted_now, p_deadline, p_claim_bytes_max, p_claim_dead_buckets, p_claim_dead_lanes,
      p_claim_receive_counts_max, p_claim_queues) c;
  ELSIF cardinality(p_claim_lanes) > 1 THEN
    RETURN QUERY
    SELECT c.*, 3::smallint
    FROM stanchion.claim_v3(p_bucket, p_claim_lanes, p_claim_versions, p_claim_counts, p_claim_timeouts, p_claim_retentions,
      p_claim_floors, p_claim_wait, p_claim_trusted_now, p_deadline, p_claim_bytes_max, p_claim_dead_buckets, p_claim_dead_lanes,
      p_claim_receive_counts_max, p_claim_queues) c;
  END IF;
END $$;

-- A tick of one lane, which is no delay stream: what tick_v4 does, in three quarters of its time. What a small tick costs is the starts of its
-- statements and of its expressions, so this looks at everything in one statement where the others have one for each.
--   p_deletes         whether there are any
--   p_send_version    null: nothing is sent; p_claim_version null: nothing is claimed
-- Answers the rows of a claim, of which the last says what the others are about: `first_seq` is null when nothing was stored, `removed` when
-- nothing was to be deleted or the lane is gone, `stale` when nothing was claimed. First deliveries say no more than what differs
-- between them, and their `message_lane` is null: their lane is `lane_id`, and their lease is named after the last of them.
-- Locks in the order of tick_v4: leases, parked messages, the tail, the head.
CREATE FUNCTION stanchion.one_lane_tick_v1(
  p_bucket integer, p_deadline timestamptz, p_lane bigint,
  p_deletes boolean, p_delete_lease_lanes bigint[], p_delete_leases bigint[], p_delete_masks bit varying[], p_delete_ends integer[],
  p_delete_indexes integer[], p_delete_seqs bigint[], p_delete_parked_lanes bigint[], p_delete_parked_seqs bigint[],
  p_delete_parked_counts integer[],
  p_send_version integer, p_send_bodies text[], p_send_attributes text[],
  p_claim_version integer, p_claim_count integer, p_claim_timeout integer, p_claim_retention integer, p_claim_floor timestamptz,
  p_claim_wait boolean, p_claim_trusted_now timestamptz, p_claim_bytes_max integer,
  p_claim_dead_bucket integer, p_claim_dead_lane bigint, p_claim_receive_count_max integer, p_claim_queue text
) RETURNS TABLE (
  lane_id bigint, stale boolean, message_lane bigint, seq_ms double precision, seq_number integer, lease_seq bigint,
  lease_index integer, receive_count integer, first_received_ms double precision, body text, attributes text,
  now_ms double precision, due_in_ms double precision, nothing_due boolean,
  origin_lane bigint, origin_seq bigint, source_queue text, moved integer, moved_on integer, first_seq bigint, removed integer
) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  tail_version integer;
  head_version integer;
  tail_seq bigint;
  tail_ord bigint;
  cursor_seq bigint;
  cursor_remaining integer;
  has_due boolean;
  min_seq bigint;
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
  IF p_deletes AND head_version IS NULL AND NOT EXISTS (
    SELECT 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = p_lane AND l.kind = 2)
  THEN
    removed := NULL;
  END IF;

  -- Read after the locks: what was committed while this waited for them counts.
  SELECT tail.seq, tail.ord, newest.last_seq, newest.remaining,
         EXISTS (SELECT 1 FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = p_lane
                 AND c.visible_at <= t AND c.visible_at >= p_claim_floor)
         OR EXISTS (SELECT 1 FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = p_lane
                 AND p.visible_at <= t AND p.visible_at >= p_claim_floor)
         OR EXISTS (SELECT 1 FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = -p_lane
                 AND p.visible_at <= t AND p.visible_at >= p_claim_floor)
  INTO tail_seq, tail_ord, cursor_seq, cursor_remaining, has_due
  FROM (SELECT) one
  LEFT JOIN LATERAL (SELECT m.seq, m.ord FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = p_lane
                     ORDER BY m.seq DESC LIMIT 1) tail ON true
  LEFT JOIN LATERAL (SELECT c.last_seq, c.remaining FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = p_lane
                     ORDER BY c.last_seq DESC LIMIT 1) newest ON true;

  IF tail_version = p_send_version THEN
    IF tail_seq IS NULL THEN
      SELECT c.last_seq, c.last_ord INTO tail_seq, tail_ord FROM stanchion.lease c
      WHERE c.bucket = p_bucket AND c.lane_id = p_lane ORDER BY c.last_seq DESC LIMIT 1;
    END IF;
    first_seq := greatest(coalesce(tail_seq, 0) + 1, stanchion.seq_at(t));
    INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, attributes, body)
    SELECT p_bucket, p_lane, first_seq + e.number - 1, coalesce(tail_ord, 0) + e.number, e.attributes, e.body
    FROM unnest(p_send_attributes, p_send_bodies) WITH ORDINALITY e(attributes, body, number);
  END IF;

  IF head_version = p_claim_version THEN
    IF NOT has_due THEN
      min_seq := greatest(coalesce(cursor_seq, 0) + 1,
        stanchion.seq_at(stanchion.retention_clock(t, p_claim_trusted_now) - p_claim_retention * interval '1 second'));
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
      SELECT p_lane, NULL::boolean, NULL::bigint, (o.seq >> 20)::double precision, (o.seq & 1048575)::integer, NULL::bigint,
             (o.ord - l.first_ord)::integer, NULL::integer, NULL::double precision, o.body, o.attributes, NULL::double precision,
             NULL::double precision, NULL::boolean, NULL::bigint, NULL::bigint, NULL::text, NULL::integer, NULL::integer, NULL::bigint,
             NULL::integer
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
        due_in_ms := extract(epoch FROM due_at - t)::double precision * 1000;
      END IF;
    END IF;
    IF has_due OR has_more THEN
      -- Messages that come back, and bodies that do not fit into one answer, are the exception, and claim_v2 knows what to do with them.
      RETURN QUERY
      SELECT c.*, first_seq, removed
      FROM stanchion.claim_v2(p_bucket, ARRAY[p_lane], ARRAY[p_claim_version], ARRAY[p_claim_count], ARRAY[p_claim_timeout],
        ARRAY[p_claim_retention], ARRAY[p_claim_floor], true, p_claim_trusted_now, p_deadline, p_claim_bytes_max,
        ARRAY[p_claim_dead_bucket], ARRAY[p_claim_dead_lane], ARRAY[p_claim_receive_count_max], ARRAY[p_claim_queue]) c;
      RETURN;
    END IF;
  END IF;
  lane_id := p_lane;
  stale := head_version <> p_claim_version;
  now_ms := extract(epoch FROM t)::double precision * 1000;
  nothing_due := true;
  RETURN NEXT;
END $$;
