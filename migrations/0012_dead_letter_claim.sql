-- Dead letters of standard queues: they are moved by the claim that would have handed them out once too often (decision 0016).
-- Locks: none.
-- breaking: no

-- Shares the lane of a dead-letter queue until commit: it cannot be purged or deleted while messages are on their way into it. Never
-- waits, since claims hold the heads of their own lanes. Answers 1: shared, 2: somebody else holds it for now, 3: it is gone.
CREATE FUNCTION stanchion.share_dead_lane_v1(p_bucket integer, p_lane bigint) RETURNS smallint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM stanchion.lane l
  WHERE l.bucket = p_bucket AND l.lane_id = -p_lane AND l.kind = 1 FOR SHARE SKIP LOCKED;
  IF FOUND THEN RETURN 1; END IF;
  PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = -p_lane AND l.kind = 1;
  RETURN CASE WHEN FOUND THEN 2 ELSE 3 END;
END $$;

-- Moves parked messages of a lane or delay stream into the delay stream of a dead-letter queue's lane, which the caller shares.
--   p_queue   the name of the queue that they leave
-- There they are visible at once. A new place keeps the time of the send, so retention and sent time stay; its counter comes from
-- the upper half of the 20 bits, and that of the stream's own log begins at 0 in each millisecond. `received_at` is the time of the
-- move: the same claim passes over them, should it come by.
-- Answers how many were moved, and how many of those had been moved before without a delivery since. What has no body outlived its
-- retention long ago; it is removed and not moved.
CREATE FUNCTION stanchion.move_dead_letters_v1(
  p_bucket integer, p_stream bigint, p_seqs bigint[], p_dead_bucket integer, p_dead_lane bigint, p_queue text, p_now timestamptz,
  OUT moved integer, OUT moved_on integer
) LANGUAGE plpgsql AS $$
DECLARE
  seqs bigint[];
  new_seqs bigint[];
BEGIN
  SELECT array_agg(k.seq) INTO seqs FROM unnest(p_seqs) k(seq)
  WHERE EXISTS (SELECT 1 FROM stanchion.parked_body b WHERE b.bucket = p_bucket AND b.lane_id = p_stream AND b.seq = k.seq)
     OR EXISTS (SELECT 1 FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = p_stream AND m.seq = k.seq);
  LOOP
    SELECT array_agg(((k.seq >> 20) << 20) + 524288 + nextval('stanchion.dead_letter_number') ORDER BY k.place) INTO new_seqs
    FROM unnest(seqs) WITH ORDINALITY k(seq, place);
    -- The numbers come round: a place may still be taken, or not be tidied yet.
    EXIT WHEN NOT EXISTS (
      SELECT 1 FROM unnest(new_seqs) k(seq)
      WHERE EXISTS (SELECT 1 FROM stanchion.parked_message p
                    WHERE p.bucket = p_dead_bucket AND p.lane_id = -p_dead_lane AND p.seq = k.seq)
         OR EXISTS (SELECT 1 FROM stanchion.dead_letter d
                    WHERE d.bucket = p_dead_bucket AND d.lane_id = -p_dead_lane AND d.seq = k.seq)
         OR EXISTS (SELECT 1 FROM stanchion.parked_body b
                    WHERE b.bucket = p_dead_bucket AND b.lane_id = -p_dead_lane AND b.seq = k.seq));
  END LOOP;

  SELECT count(*), count(*) FILTER (WHERE d.receive_count = p.receive_count) INTO moved, moved_on
  FROM unnest(seqs) k(seq)
  CROSS JOIN LATERAL (SELECT p.receive_count FROM stanchion.parked_message p
                      WHERE p.bucket = p_bucket AND p.lane_id = p_stream AND p.seq = k.seq LIMIT 1) p
  LEFT JOIN LATERAL (SELECT d.receive_count FROM stanchion.dead_letter d
                     WHERE d.bucket = p_bucket AND d.lane_id = p_stream AND d.seq = k.seq LIMIT 1) d ON true;
  INSERT INTO stanchion.dead_letter
    (bucket, lane_id, seq, origin_lane, origin_seq, source_queue, receive_count, first_received_at)
  SELECT p_dead_bucket, -p_dead_lane, k.new_seq, coalesce(d.origin_lane, p_stream), coalesce(d.origin_seq, k.seq), p_queue,
         p.receive_count, p.first_received_at
  FROM unnest(seqs, new_seqs) k(seq, new_seq)
  CROSS JOIN LATERAL (SELECT p.receive_count, p.first_received_at FROM stanchion.parked_message p
                      WHERE p.bucket = p_bucket AND p.lane_id = p_stream AND p.seq = k.seq LIMIT 1) p
  LEFT JOIN LATERAL (SELECT d.origin_lane, d.origin_seq FROM stanchion.dead_letter d
                     WHERE d.bucket = p_bucket AND d.lane_id = p_stream AND d.seq = k.seq LIMIT 1) d ON true;
  INSERT INTO stanchion.parked_body (bucket, lane_id, seq, attributes, body)
  SELECT p_dead_bucket, -p_dead_lane, k.new_seq, CASE WHEN b.body IS NULL THEN m.attributes ELSE b.attributes END,
         coalesce(b.body, m.body)
  FROM unnest(seqs, new_seqs) k(seq, new_seq)
  LEFT JOIN LATERAL (SELECT b.body, b.attributes FROM stanchion.parked_body b
                     WHERE b.bucket = p_bucket AND b.lane_id = p_stream AND b.seq = k.seq LIMIT 1) b ON true
  LEFT JOIN LATERAL (SELECT m.body, m.attributes FROM stanchion.message_log m
                     WHERE m.bucket = p_bucket AND m.lane_id = p_stream AND m.seq = k.seq LIMIT 1) m ON true;
  INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count, received_at, first_received_at)
  SELECT p_dead_bucket, -p_dead_lane, k.new_seq, p_now, p.receive_count, p_now, p.first_received_at
  FROM unnest(seqs, new_seqs) k(seq, new_seq)
  CROSS JOIN LATERAL (SELECT p.receive_count, p.first_received_at FROM stanchion.parked_message p
                      WHERE p.bucket = p_bucket AND p.lane_id = p_stream AND p.seq = k.seq LIMIT 1) p;
  DELETE FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = p_stream AND p.seq = ANY (p_seqs);
  DELETE FROM stanchion.parked_body b WHERE b.bucket = p_bucket AND b.lane_id = p_stream AND b.seq = ANY (p_seqs);
  DELETE FROM stanchion.dead_letter d WHERE d.bucket = p_bucket AND d.lane_id = p_stream AND d.seq = ANY (p_seqs);
END $$;

-- As claim_parked_v1, over a lane and its delay stream, for a queue with a dead-letter queue: takes due messages in their order until
-- p_count of them could be handed out, or nothing due is left, or p_limit were moved; ends more overdue leases of the lane on the way.
-- What was handed out p_receive_count_max times is moved to the dead lane, or stays where it is while that cannot be shared; it is
-- handed out in neither case.
--   p_target   what share_dead_lane answered in this transaction, 0 when it was not asked; it is when there is something to move
-- Answers the streams and seqs of what is handed out; the target from now on; how many were moved, see move_dead_letters; and whether
-- due messages or overdue leases may be left.
CREATE FUNCTION stanchion.claim_living_parked_v1(
  p_bucket integer, p_lane bigint, p_count integer, p_timeout integer, p_min_seq bigint, p_now timestamptz, p_floor timestamptz,
  p_receive_count_max integer, p_target smallint, p_dead_bucket integer, p_dead_lane bigint, p_queue text, p_limit integer,
  OUT lanes bigint[], OUT seqs bigint[], OUT target smallint, OUT moved integer, OUT moved_on integer, OUT is_left boolean
) LANGUAGE plpgsql AS $$
DECLARE
  stream bigint;
  room integer := p_count;
  batch integer;
  found_count integer;
  living_seqs bigint[];
  dead_seqs bigint[];
  gone record;
BEGIN
  lanes := '{}';
  seqs := '{}';
  target := p_target;
  moved := 0;
  moved_on := 0;
  is_left := false;
  LOOP
    FOREACH stream IN ARRAY ARRAY[p_lane, -p_lane] LOOP
      WHILE room > 0 AND moved < p_limit LOOP
        batch := room + least(moved, 100);
        -- In order, up to where the room ends; what is behind stays as it is.
        SELECT array_agg(o.seq) FILTER (WHERE NOT o.is_dead), array_agg(o.seq) FILTER (WHERE o.is_dead), count(*)
        INTO living_seqs, dead_seqs, found_count
        FROM (SELECT d.seq, d.is_dead, count(*) FILTER (WHERE NOT d.is_dead) OVER (ORDER BY d.visible_at, d.seq) AS number
              FROM (SELECT p.seq, p.visible_at, p.receive_count >= p_receive_count_max AS is_dead
                    FROM stanchion.parked_message p
                    WHERE p.bucket = p_bucket AND p.lane_id = stream AND p.visible_at <= p_now AND p.visible_at >= p_floor
                      AND p.seq >= p_min_seq AND p.received_at IS DISTINCT FROM p_now
                      AND (target <= 1 OR p.receive_count < p_receive_count_max)
                    ORDER BY p.visible_at LIMIT batch FOR UPDATE SKIP LOCKED) d) o
        WHERE o.number < room OR o.number = room AND NOT o.is_dead;
        IF dead_seqs IS NOT NULL AND target = 0 THEN
          target := stanchion.share_dead_lane_v1(p_dead_bucket, p_dead_lane);
          -- Once more, without the dead.
          CONTINUE WHEN target > 1;
        END IF;
        IF living_seqs IS NOT NULL THEN
          UPDATE stanchion.parked_message p
          SET visible_at = p_now + p_timeout * interval '1 second', receive_count = p.receive_count + 1, received_at = p_now,
              first_received_at = coalesce(p.first_received_at, p_now)
          WHERE p.bucket = p_bucket AND p.lane_id = stream AND p.seq = ANY (living_seqs);
          lanes := lanes || array_fill(stream, ARRAY[cardinality(living_seqs)]);
          seqs := seqs || living_seqs;
          room := room - cardinality(living_seqs);
        END IF;
        IF dead_seqs IS NOT NULL THEN
          gone := stanchion.move_dead_letters_v1(p_bucket, stream, dead_seqs, p_dead_bucket, p_dead_lane, p_queue, p_now);
          moved := moved + gone.moved;
          moved_on := moved_on + gone.moved_on;
        END IF;
        EXIT WHEN found_count < batch;
      END LOOP;
    END LOOP;
    IF room <= 0 OR moved >= p_limit THEN
      is_left := true;
      EXIT;
    END IF;
    -- The dead take no room, so more leases may have to end than the claim ended at first.
    EXIT WHEN (SELECT e.ended FROM stanchion.end_leases_v1(p_bucket, p_lane, p_now, p_floor, 20) e) = 0;
  END LOOP;
  is_left := is_left OR target > 1;
END $$;

-- Removes those of these parked messages that have no body any more.
CREATE FUNCTION stanchion.remove_bodiless_v1(p_bucket integer, p_lanes bigint[], p_seqs bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. cardinality(p_seqs) LOOP
    DELETE FROM stanchion.parked_message p
    WHERE p.bucket = p_bucket AND p.lane_id = p_lanes[i] AND p.seq = p_seqs[i]
      AND NOT EXISTS (SELECT 1 FROM stanchion.message_log m
                      WHERE m.bucket = p_bucket AND m.lane_id = p_lanes[i] AND m.seq = p_seqs[i])
      AND NOT EXISTS (SELECT 1 FROM stanchion.parked_body b
                      WHERE b.bucket = p_bucket AND b.lane_id = p_lanes[i] AND b.seq = p_seqs[i]);
  END LOOP;
END $$;

-- As claim_v1, for queues that may have a dead-letter queue:
--   p_dead_buckets, p_dead_lanes   a lane of the dead-letter queue of p_lanes[i], 0 when it has none
--   p_receive_counts_max           how often a message is handed out at most
--   p_queues                       the name of the queue, which its dead letters remember
-- All four are null when no queue of the call has a dead-letter queue, which then costs next to nothing.
-- The row of a lane says besides how many messages were moved (null: not looked for; -1: the dead lane is gone, so the node has to
-- read its copy of the target again, and dead messages stay where they are until then) and how many of them were moved on without
-- a delivery in between. No more than 1,000 or so are moved at a time, and none while somebody holds the dead lane; then `nothing_due`
-- is false. The row of a message that was moved here says where it was sent to and which queue it came from last.
-- A parked message whose body is gone stops nothing: it is removed.
CREATE FUNCTION stanchion.claim_v2(
  p_bucket integer, p_lanes bigint[], p_versions integer[], p_counts integer[], p_timeouts integer[],
  p_retentions integer[], p_floors timestamptz[], p_wait boolean, p_trusted_now timestamptz, p_deadline timestamptz,
  p_bytes_max integer, p_dead_buckets integer[], p_dead_lanes bigint[], p_receive_counts_max integer[], p_queues text[]
) RETURNS TABLE (
  lane_id bigint, stale boolean, message_lane bigint, seq_ms double precision, seq_number integer, lease_seq bigint,
  lease_index integer, receive_count integer, first_received_ms double precision, body text, attributes text,
  now_ms double precision, due_in_ms double precision, nothing_due boolean,
  origin_lane bigint, origin_seq bigint, source_queue text, moved integer, moved_on integer
) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  t_ms double precision;
  lane bigint;
  lane_version integer;
  min_seq bigint;
  wanted integer;
  room integer;
  stream bigint;
  found_seqs bigint[];
  parked_lanes bigint[];
  parked_seqs bigint[];
  has_leases boolean;
  has_parked boolean;
  ended integer;
  returned integer;
  found_count integer;
  cursor_seq bigint;
  cursor_remaining integer;
  run_first bigint;
  run_last bigint;
  run_ord bigint;
  run_size integer;
  run_bytes bigint;
  due_at timestamptz;
  parked_min_seq bigint;
  has_target boolean;
  target smallint;
  living record;
  is_left boolean;
BEGIN
  FOR i IN 1 .. cardinality(p_lanes) LOOP
    lane := p_lanes[i];
    IF p_wait THEN
      SELECT l.version INTO lane_version FROM stanchion.lane l
      WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 2 FOR UPDATE;
    ELSE
      SELECT l.version INTO lane_version FROM stanchion.lane l
      WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 2 FOR UPDATE SKIP LOCKED;
    END IF;
    t := stanchion.clock();
    IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
    CONTINUE WHEN lane_version IS NULL;
    t_ms := extract(epoch FROM t)::double precision * 1000;
    due_at := NULL;
    wanted := p_counts[i];
    moved := NULL;
    moved_on := NULL;
    is_left := false;
    target := 0;

    IF lane_version = p_versions[i] THEN
      min_seq := stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - p_retentions[i] * interval '1 second');
      parked_min_seq := min_seq;

      -- Overdue leases and due parked messages are the exception: one probe decides whether to look closer.
      SELECT EXISTS (SELECT 1 FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = lane
                     AND c.visible_at <= t AND c.visible_at >= p_floors[i]),
             EXISTS (SELECT 1 FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = lane
                     AND p.visible_at <= t AND p.visible_at >= p_floors[i])
          OR EXISTS (SELECT 1 FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = -lane
                     AND p.visible_at <= t AND p.visible_at >= p_floors[i])
      INTO has_leases, has_parked;
      IF has_leases THEN
        found_count := 0;
        LOOP
          SELECT e.ended, e.returned INTO ended, returned
          FROM stanchion.end_leases_v1(p_bucket, lane, t, p_floors[i], 20) e;
          found_count := found_count + returned;
          EXIT WHEN ended < 20 OR found_count >= wanted;
        END LOOP;
        has_parked := true;
      END IF;
      IF has_parked THEN
        parked_lanes := '{}';
        parked_seqs := '{}';
        has_target := coalesce(p_dead_lanes[i], 0) > 0;
        IF has_target THEN
          moved := 0;
          moved_on := 0;
        END IF;
        -- A receive of one message cannot be halved: three times of four it looks here first.
        room := CASE WHEN wanted = 1 THEN least(1, extract(microseconds FROM t)::integer & 3) ELSE (wanted + 1) / 2 END;
        IF has_target AND room > 0 THEN
          living := stanchion.claim_living_parked_v1(p_bucket, lane, room, p_timeouts[i], parked_min_seq, t, p_floors[i],
            p_receive_counts_max[i], target, p_dead_buckets[i], p_dead_lanes[i], p_queues[i], 1000 - moved);
          parked_lanes := parked_lanes || living.lanes;
          parked_seqs := parked_seqs || living.seqs;
          moved := moved + living.moved;
          moved_on := moved_on + living.moved_on;
          target := living.target;
          is_left := living.is_left;
          wanted := wanted - cardinality(living.seqs);
        ELSIF NOT has_target THEN
          FOREACH stream IN ARRAY ARRAY[lane, -lane] LOOP
            IF room > 0 THEN
              found_seqs := stanchion.claim_parked_v1(p_bucket, stream, room, p_timeouts[i], parked_min_seq, t, p_floors[i]);
              parked_lanes := parked_lanes || array_fill(stream, ARRAY[cardinality(found_seqs)]);
              parked_seqs := parked_seqs || found_seqs;
              room := room - cardinality(found_seqs);
              wanted := wanted - cardinality(found_seqs);
            END IF;
          END LOOP;
        END IF;
      END IF;

      -- First deliveries: the run of the log behind the cursor becomes one lease.
      IF wanted > 0 THEN
        SELECT c.last_seq, c.remaining INTO cursor_seq, cursor_remaining FROM stanchion.lease c
        WHERE c.bucket = p_bucket AND c.lane_id = lane ORDER BY c.last_seq DESC LIMIT 1;
        min_seq := greatest(coalesce(cursor_seq, 0) + 1, min_seq);
        SELECT min(m.seq), max(m.seq), min(m.ord), count(*), sum(octet_length(m.body))
        INTO run_first, run_last, run_ord, run_size, run_bytes
        FROM (SELECT m.seq, m.ord, m.body FROM stanchion.message_log m
              WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.seq >= min_seq ORDER BY m.seq LIMIT wanted) m;
        IF run_bytes > p_bytes_max THEN
          -- As many as fit; a first message that is larger than that goes alone.
          SELECT max(b.seq), count(*) INTO run_last, run_size
          FROM (SELECT m.seq, sum(octet_length(m.body)) OVER (ROWS UNBOUNDED PRECEDING) AS bytes
                FROM (SELECT m.seq, m.body FROM stanchion.message_log m
                      WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.seq >= min_seq
                      ORDER BY m.seq LIMIT wanted) m) b
          WHERE b.bytes <= p_bytes_max OR b.seq = run_first;
        END IF;
        IF run_size > 0 THEN
          INSERT INTO stanchion.lease
            (bucket, lane_id, last_seq, first_seq, last_ord, size, remaining, visible_at, claimed_at, done)
          VALUES (p_bucket, lane, run_last, run_first, run_ord + run_size - 1, run_size, run_size,
                  t + p_timeouts[i] * interval '1 second', t, repeat('0', run_size)::bit varying);
          -- The former cursor is no longer needed once all its messages are gone.
          IF cursor_remaining = 0 THEN
            DELETE FROM stanchion.lease d
            WHERE d.bucket = p_bucket AND d.lane_id = lane AND d.last_seq = cursor_seq AND d.remaining = 0;
          END IF;
          RETURN QUERY
          SELECT lane, false, lane, (m.seq >> 20)::double precision, (m.seq & 1048575)::integer, run_last,
                 (m.ord - run_ord)::integer, 1, t_ms, m.body, m.attributes, t_ms, NULL::double precision, NULL::boolean,
                 NULL::bigint, NULL::bigint, NULL::text, NULL::integer, NULL::integer
          FROM stanchion.message_log m
          WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.seq >= run_first AND m.seq <= run_last
          ORDER BY m.seq;
          wanted := wanted - run_size;
        END IF;
      END IF;

      IF has_parked THEN
        -- The log left room: messages that came back may fill it all.
        IF has_target AND wanted > 0 THEN
          living := stanchion.claim_living_parked_v1(p_bucket, lane, wanted, p_timeouts[i], parked_min_seq, t, p_floors[i],
            p_receive_counts_max[i], target, p_dead_buckets[i], p_dead_lanes[i], p_queues[i], 1000 - moved);
          parked_lanes := parked_lanes || living.lanes;
          parked_seqs := parked_seqs || living.seqs;
          moved := moved + living.moved;
          moved_on := moved_on + living.moved_on;
          target := living.target;
          is_left := living.is_left;
          wanted := wanted - cardinality(living.seqs);
        ELSIF NOT has_target THEN
          FOREACH stream IN ARRAY ARRAY[lane, -lane] LOOP
            IF wanted > 0 THEN
              found_seqs := stanchion.claim_parked_v1(p_bucket, stream, wanted, p_timeouts[i], parked_min_seq, t, p_floors[i]);
              parked_lanes := parked_lanes || array_fill(stream, ARRAY[cardinality(found_seqs)]);
              parked_seqs := parked_seqs || found_seqs;
              wanted := wanted - cardinality(found_seqs);
            END IF;
          END LOOP;
        END IF;
        RETURN QUERY
        SELECT lane, false, k.lane_id, (k.seq >> 20)::double precision, (k.seq & 1048575)::integer, 0::bigint, 0,
               p.receive_count, extract(epoch FROM p.first_received_at)::double precision * 1000,
               coalesce(b.body, m.body), CASE WHEN b.body IS NULL THEN m.attributes ELSE b.attributes END, t_ms,
               NULL::double precision, NULL::boolean, d.origin_lane, d.origin_seq, d.source_queue, NULL::integer, NULL::integer
        FROM unnest(parked_lanes, parked_seqs) k(lane_id, seq)
        CROSS JOIN LATERAL (SELECT p.receive_count, p.first_received_at FROM stanchion.parked_message p
                            WHERE p.bucket = p_bucket AND p.lane_id = k.lane_id AND p.seq = k.seq LIMIT 1) p
        LEFT JOIN LATERAL (SELECT m.body, m.attributes FROM stanchion.message_log m
                           WHERE m.bucket = p_bucket AND m.lane_id = k.lane_id AND m.seq = k.seq LIMIT 1) m ON true
        LEFT JOIN LATERAL (SELECT b.body, b.attributes FROM stanchion.parked_body b
                           WHERE b.bucket = p_bucket AND b.lane_id = k.lane_id AND b.seq = k.seq LIMIT 1) b ON true
        LEFT JOIN LATERAL (SELECT d.* FROM stanchion.dead_letter d
                           WHERE k.lane_id < 0 AND d.bucket = p_bucket AND d.lane_id = k.lane_id AND d.seq = k.seq LIMIT 1) d ON true
        WHERE coalesce(b.body, m.body) IS NOT NULL;
        GET DIAGNOSTICS found_count = ROW_COUNT;
        IF target = 3 THEN moved := -1; END IF;
        IF found_count < cardinality(parked_seqs) THEN
          -- They had outlived their retention, their segment is gone, and then the retention was raised.
          PERFORM stanchion.remove_bodiless_v1(p_bucket, parked_lanes, parked_seqs);
        END IF;
      END IF;

      IF wanted > 0 THEN
        SELECT least(
          (SELECT c.visible_at FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = lane
           AND c.visible_at > t AND c.visible_at < 'infinity' ORDER BY c.visible_at LIMIT 1),
          (SELECT p.visible_at FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = lane
           AND p.visible_at > t ORDER BY p.visible_at LIMIT 1),
          (SELECT p.visible_at FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = -lane
           AND p.visible_at > t ORDER BY p.visible_at LIMIT 1))
        INTO due_at;
        -- Whoever holds the target does so for the moment only.
        IF has_parked AND target = 2 THEN due_at := least(due_at, t + interval '50 milliseconds'); END IF;
      END IF;
    END IF;

    lane_id := lane;
    stale := lane_version <> p_versions[i];
    seq_ms := NULL;
    now_ms := t_ms;
    due_in_ms := extract(epoch FROM due_at - t)::double precision * 1000;
    nothing_due := (wanted > 0 OR NOT (has_leases OR has_parked)) AND NOT is_left;
    RETURN NEXT;
  END LOOP;
END $$;

-- As tick_v1, with the parameters and columns of claim_v2.
CREATE FUNCTION stanchion.tick_v2(
  p_bucket integer, p_deadline timestamptz,
  p_delete_queue_lanes bigint[], p_delete_lease_lanes bigint[], p_delete_leases bigint[], p_delete_ends integer[],
  p_delete_indexes integer[], p_delete_seqs bigint[], p_delete_parked_lanes bigint[], p_delete_parked_seqs bigint[],
  p_delete_parked_counts integer[],
  p_send_lanes bigint[], p_send_versions integer[], p_send_entry_lanes integer[], p_send_entry_numbers integer[],
  p_send_bodies text[], p_send_attributes text[], p_send_delays integer[],
  p_claim_lanes bigint[], p_claim_versions integer[], p_claim_counts integer[], p_claim_timeouts integer[],
  p_claim_retentions integer[], p_claim_floors timestamptz[], p_claim_wait boolean, p_claim_trusted_now timestamptz,
  p_claim_bytes_max integer, p_claim_dead_buckets integer[], p_claim_dead_lanes bigint[], p_claim_receive_counts_max integer[],
  p_claim_queues text[]
) RETURNS TABLE (
  lane_id bigint, stale boolean, message_lane bigint, seq_ms double precision, seq_number integer, lease_seq bigint,
  lease_index integer, receive_count integer, first_received_ms double precision, body text, attributes text,
  now_ms double precision, due_in_ms double precision, nothing_due boolean, operation smallint,
  origin_lane bigint, origin_seq bigint, source_queue text, moved integer, moved_on integer
) LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(p_delete_queue_lanes) > 0 THEN
    RETURN QUERY
    SELECT d.lane_id, NULL::boolean, NULL::bigint, NULL::double precision, NULL::integer, NULL::bigint, NULL::integer, d.removed,
           NULL::double precision, NULL::text, NULL::text, d.now_ms, NULL::double precision, NULL::boolean, 1::smallint,
           NULL::bigint, NULL::bigint, NULL::text, NULL::integer, NULL::integer
    FROM stanchion.delete_v1(p_bucket, p_delete_queue_lanes, p_delete_lease_lanes, p_delete_leases, p_delete_ends,
      p_delete_indexes, p_delete_seqs, p_delete_parked_lanes, p_delete_parked_seqs, p_delete_parked_counts, p_deadline) d;
  END IF;
  IF cardinality(p_send_lanes) > 0 THEN
    RETURN QUERY
    SELECT s.lane_id, NULL::boolean, NULL::bigint, NULL::double precision, NULL::integer, s.first_seq, NULL::integer, NULL::integer,
           NULL::double precision, NULL::text, NULL::text, s.now_ms, NULL::double precision, NULL::boolean, 2::smallint,
           NULL::bigint, NULL::bigint, NULL::text, NULL::integer, NULL::integer
    FROM stanchion.send_v1(p_bucket, p_send_lanes, p_send_versions, p_send_entry_lanes, p_send_entry_numbers, p_send_bodies,
      p_send_attributes, p_send_delays, p_deadline) s;
  END IF;
  IF cardinality(p_claim_lanes) > 0 THEN
    RETURN QUERY
    SELECT c.lane_id, c.stale, c.message_lane, c.seq_ms, c.seq_number, c.lease_seq, c.lease_index, c.receive_count,
           c.first_received_ms, c.body, c.attributes, c.now_ms, c.due_in_ms, c.nothing_due, 3::smallint,
           c.origin_lane, c.origin_seq, c.source_queue, c.moved, c.moved_on
    FROM stanchion.claim_v2(p_bucket, p_claim_lanes, p_claim_versions, p_claim_counts, p_claim_timeouts, p_claim_retentions,
      p_claim_floors, p_claim_wait, p_claim_trusted_now, p_deadline, p_claim_bytes_max, p_claim_dead_buckets, p_claim_dead_lanes, p_claim_receive_counts_max,
      p_claim_queues) c;
  END IF;
END $$;

-- As fair_claim_v1, with the parameters of claim_v2 for each family, and its columns.
CREATE FUNCTION stanchion.fair_claim_v2(
  p_bucket integer, p_lanes bigint[], p_lane_ends integer[], p_versions integer[], p_counts integer[], p_owed integer[],
  p_timeouts integer[], p_retentions integer[], p_floors timestamptz[], p_wait boolean, p_trusted_now timestamptz,
  p_deadline timestamptz, p_bytes_max integer, p_dead_buckets integer[], p_dead_lanes bigint[], p_receive_counts_max integer[],
  p_queues text[]
) RETURNS TABLE (
  lane_id bigint, stale boolean, message_lane bigint, seq_ms double precision, seq_number integer, lease_seq bigint,
  lease_index integer, receive_count integer, first_received_ms double precision, body text, attributes text,
  now_ms double precision, due_in_ms double precision, nothing_due boolean,
  origin_lane bigint, origin_seq bigint, source_queue text, moved integer, moved_on integer
) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  lane_version integer;
  min_seq bigint;
  room integer;
  reserved integer;
  shares integer[];
  since bigint;
  lane_since bigint;
  first_waiting integer;
  unclaimed integer;
  found_rows integer;
  first_lane integer := 1;
BEGIN
  FOR i IN 1 .. cardinality(p_lane_ends) LOOP
    IF p_wait THEN
      SELECT l.version INTO lane_version FROM stanchion.lane l
      WHERE l.bucket = p_bucket AND l.lane_id = p_lanes[first_lane] AND l.kind = 2 FOR UPDATE;
    ELSE
      SELECT l.version INTO lane_version FROM stanchion.lane l
      WHERE l.bucket = p_bucket AND l.lane_id = p_lanes[first_lane] AND l.kind = 2 FOR UPDATE SKIP LOCKED;
    END IF;
    IF lane_version IS NOT NULL THEN
      room := p_counts[i];
      reserved := 0;
      unclaimed := 0;
      shares := '{}';
      IF lane_version = p_versions[i] AND EXISTS (SELECT FROM unnest(p_owed[first_lane : p_lane_ends[i]]) o(owed) WHERE o.owed > 0) THEN
        t := stanchion.clock();
        min_seq := stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - p_retentions[i] * interval '1 second');
        since := stanchion.waiting_since_v1(p_bucket, p_lanes[first_lane], min_seq, t, p_floors[first_lane]);
        first_waiting := NULL;
        FOR l IN first_lane + 1 .. p_lane_ends[i] LOOP
          lane_since := stanchion.waiting_since_v1(p_bucket, p_lanes[l], min_seq, t, p_floors[l]);
          IF lane_since < since THEN
            shares[l] := p_owed[l];
            first_waiting := coalesce(first_waiting, l);
          ELSIF p_owed[l] > 0 THEN
            unclaimed := unclaimed + p_owed[l];
          END IF;
          since := least(since, lane_since);
          reserved := reserved + p_owed[l];
        END LOOP;
        IF first_waiting IS NULL THEN
          reserved := 0;
        ELSE
          shares[first_waiting] := shares[first_waiting] + unclaimed;
        END IF;
      END IF;
      FOR l IN first_lane .. p_lane_ends[i] LOOP
        reserved := reserved - coalesce(shares[l], 0);
        IF room > reserved THEN
          RETURN QUERY
          SELECT * FROM stanchion.claim_v2(p_bucket, ARRAY[p_lanes[l]], ARRAY[p_versions[i]], ARRAY[room - reserved],
            ARRAY[p_timeouts[i]], ARRAY[p_retentions[i]], ARRAY[p_floors[l]], true, p_trusted_now, p_deadline, p_bytes_max,
            ARRAY[p_dead_buckets[i]], ARRAY[p_dead_lanes[i]], ARRAY[p_receive_counts_max[i]], ARRAY[p_queues[i]]);
          GET DIAGNOSTICS found_rows = ROW_COUNT;
          -- One of the rows speaks of the lane.
          room := room - greatest(found_rows - 1, 0);
        END IF;
        EXIT WHEN room = 0 OR lane_version <> p_versions[i];
      END LOOP;
    END IF;
    first_lane := p_lane_ends[i] + 1;
  END LOOP;
END $$;

-- Removes rows of dead_letter whose message is gone, looking at p_limit of them behind the given key. Answers the key to go on from,
-- or no row at the end. As long as a row stands, its place is not given to another message; so it goes last.
CREATE FUNCTION stanchion.remove_orphaned_dead_letters_v1(p_bucket integer, p_lane bigint, p_seq bigint, p_limit integer)
RETURNS TABLE (bucket integer, lane_id bigint, seq bigint) LANGUAGE plpgsql AS $$
DECLARE
  r record;
  seen integer := 0;
BEGIN
  FOR r IN
    SELECT d.bucket, d.lane_id, d.seq,
           EXISTS (SELECT 1 FROM stanchion.parked_message p
                   WHERE p.bucket = d.bucket AND p.lane_id = d.lane_id AND p.seq = d.seq)
        OR EXISTS (SELECT 1 FROM stanchion.parked_body b
                   WHERE b.bucket = d.bucket AND b.lane_id = d.lane_id AND b.seq = d.seq)
        -- In a FIFO lane: not sorted into its group yet, not received yet, or in the window of its group.
        OR d.lane_id > 0 AND EXISTS (
             SELECT 1 FROM stanchion.message_log m
             JOIN stanchion.lane l ON l.bucket = d.bucket AND l.lane_id = d.lane_id AND l.kind = 2
             WHERE m.bucket = d.bucket AND m.lane_id = d.lane_id AND m.seq = d.seq
               AND (m.seq > coalesce((SELECT c.seq FROM stanchion.fifo_cursor c
                                      WHERE c.bucket = d.bucket AND c.lane_id = d.lane_id), 0)
                 OR EXISTS (SELECT 1 FROM stanchion.fifo_group f
                            WHERE f.bucket = d.bucket AND f.lane_id = d.lane_id AND f.group_id = m.group_id
                              AND (m.seq > f.claimed_seq OR m.seq = ANY (f.seqs))))) AS is_needed
    FROM stanchion.dead_letter d WHERE (d.bucket, d.lane_id, d.seq) > (p_bucket, p_lane, p_seq)
    ORDER BY d.bucket, d.lane_id, d.seq LIMIT p_limit
  LOOP
    seen := seen + 1;
    bucket := r.bucket;
    lane_id := r.lane_id;
    seq := r.seq;
    IF NOT r.is_needed THEN
      DELETE FROM stanchion.dead_letter d WHERE d.bucket = r.bucket AND d.lane_id = r.lane_id AND d.seq = r.seq;
    END IF;
  END LOOP;
  IF seen = p_limit THEN RETURN NEXT; END IF;
END $$;
