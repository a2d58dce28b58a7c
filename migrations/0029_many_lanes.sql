-- Sends and claims of many lanes by sets, and deletes without a look before them (decision 0030).
-- Locks: none.
-- breaking: no

-- As send_v1, with one statement over all lanes where that has several for each. What such a statement costs is its start, so this
-- pays from some four lanes on; for a single lane send_v1 is a little cheaper.
CREATE FUNCTION stanchion.send_v2(
  p_bucket integer, p_lanes bigint[], p_versions integer[],
  p_entry_lanes integer[], p_entry_numbers integer[], p_bodies text[], p_attributes text[], p_delays integer[],
  p_deadline timestamptz
) RETURNS TABLE (lane_id bigint, first_seq bigint, now_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  now_seq bigint;
  places integer[] := '{}';
  seqs bigint[];
  ords bigint[];
  r record;
BEGIN
  FOR r IN
    SELECT u.place::integer AS place, l.version
    FROM unnest(p_lanes) WITH ORDINALITY u(lane_id, place)
    CROSS JOIN LATERAL (SELECT x.version FROM stanchion.lane x
                        WHERE x.bucket = p_bucket AND x.lane_id = u.lane_id AND x.kind = 1 FOR UPDATE) l
  LOOP
    IF r.version = p_versions[r.place] THEN places := places || r.place; END IF;
  END LOOP;
  t := stanchion.clock();
  IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
  now_seq := stanchion.seq_at(t);
  now_ms := extract(epoch FROM t)::double precision * 1000;
  FOR r IN
    SELECT u.place, coalesce(m.seq, c.last_seq, 0) AS seq, coalesce(m.ord, c.last_ord, 0) AS ord
    FROM unnest(places) u(place)
    LEFT JOIN LATERAL (SELECT x.seq, x.ord FROM stanchion.message_log x
                       WHERE x.bucket = p_bucket AND x.lane_id = p_lanes[u.place] ORDER BY x.seq DESC LIMIT 1) m ON true
    LEFT JOIN LATERAL (SELECT x.last_seq, x.last_ord FROM stanchion.lease x
                       WHERE m.seq IS NULL AND x.bucket = p_bucket AND x.lane_id = p_lanes[u.place]
                       ORDER BY x.last_seq DESC LIMIT 1) c ON true
  LOOP
    seqs[r.place] := greatest(r.seq + 1, now_seq);
    ords[r.place] := r.ord;
    lane_id := p_lanes[r.place];
    first_seq := seqs[r.place];
    RETURN NEXT;
  END LOOP;

  INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, attributes, body)
  SELECT p_bucket, p_lanes[e.lane], seqs[e.lane] + e.number - 1, ords[e.lane] + e.number, e.attributes, e.body
  FROM unnest(p_entry_lanes, p_entry_numbers, p_attributes, p_bodies) e(lane, number, attributes, body)
  WHERE seqs[e.lane] IS NOT NULL;

  IF p_lanes[1] < 0 THEN
    INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count)
    SELECT p_bucket, p_lanes[e.lane], seqs[e.lane] + e.number - 1, t + e.delay * interval '1 second', 0
    FROM unnest(p_entry_lanes, p_entry_numbers, p_delays) e(lane, number, delay)
    WHERE p_lanes[e.lane] < 0 AND seqs[e.lane] IS NOT NULL;
  END IF;
END $$;

-- As claim_v2, with one statement over all lanes where that has seven for each. Lanes on which something comes back go to claim_v2, and
-- so does a single lane, for which that is cheaper. `due_in_ms` may stand at a lane that got all it wanted, when another did not.
CREATE FUNCTION stanchion.claim_v3(
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
  retention_now timestamptz;
  r record;
  -- The versions of the lanes that are there and ours, by place.
  live integer[] := array_fill(NULL::integer, ARRAY[cardinality(p_lanes)]);
  -- Lanes on which nothing is due that was there before, and from which seq on their log is unread.
  places integer[] := '{}';
  min_seqs bigint[] := '{}';
  exceptions integer[] := '{}';
  -- Cursors whose messages are all gone.
  finished integer[] := '{}';
  finished_seqs bigint[] := '{}';
  wanted integer := 0;
  handed_out integer;
  place integer;
BEGIN
  IF cardinality(p_lanes) = 1 THEN
    RETURN QUERY
    SELECT * FROM stanchion.claim_v2(p_bucket, p_lanes, p_versions, p_counts, p_timeouts, p_retentions, p_floors, p_wait, p_trusted_now,
      p_deadline, p_bytes_max, p_dead_buckets, p_dead_lanes, p_receive_counts_max, p_queues);
    RETURN;
  END IF;
  IF p_wait THEN
    FOR r IN
      SELECT u.place::integer AS place, l.version
      FROM unnest(p_lanes) WITH ORDINALITY u(lane_id, place)
      CROSS JOIN LATERAL (SELECT x.version FROM stanchion.lane x
                          WHERE x.bucket = p_bucket AND x.lane_id = u.lane_id AND x.kind = 2 FOR UPDATE) l
    LOOP
      live[r.place] := r.version;
    END LOOP;
  ELSE
    FOR r IN
      SELECT u.place::integer AS place, l.version
      FROM unnest(p_lanes) WITH ORDINALITY u(lane_id, place)
      CROSS JOIN LATERAL (SELECT x.version FROM stanchion.lane x
                          WHERE x.bucket = p_bucket AND x.lane_id = u.lane_id AND x.kind = 2 FOR UPDATE SKIP LOCKED) l
    LOOP
      live[r.place] := r.version;
    END LOOP;
  END IF;
  t := stanchion.clock();
  IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
  t_ms := extract(epoch FROM t)::double precision * 1000;
  now_ms := t_ms;
  retention_now := stanchion.retention_clock(t, p_trusted_now);
  nothing_due := true;

  FOR r IN
    SELECT u.place::integer AS place, u.version, c.last_seq, c.remaining,
           EXISTS (SELECT 1 FROM stanchion.lease x WHERE x.bucket = p_bucket AND x.lane_id = u.lane_id
                   AND x.visible_at <= t AND x.visible_at >= u.floor)
           OR EXISTS (SELECT 1 FROM stanchion.parked_message x WHERE x.bucket = p_bucket AND x.lane_id = u.lane_id
                   AND x.visible_at <= t AND x.visible_at >= u.floor)
           OR EXISTS (SELECT 1 FROM stanchion.parked_message x WHERE x.bucket = p_bucket AND x.lane_id = -u.lane_id
                   AND x.visible_at <= t AND x.visible_at >= u.floor) AS has_due
    FROM unnest(p_lanes, p_floors, live) WITH ORDINALITY u(lane_id, floor, version, place)
    LEFT JOIN LATERAL (SELECT x.last_seq, x.remaining FROM stanchion.lease x
                       WHERE x.bucket = p_bucket AND x.lane_id = u.lane_id ORDER BY x.last_seq DESC LIMIT 1) c ON true
    WHERE u.version IS NOT NULL
  LOOP
    IF r.version <> p_versions[r.place] THEN
      lane_id := p_lanes[r.place];
      stale := true;
      RETURN NEXT;
    ELSIF r.has_due THEN
      exceptions := exceptions || r.place;
    ELSE
      places := places || r.place;
      min_seqs := min_seqs || greatest(coalesce(r.last_seq, 0) + 1,
        stanchion.seq_at(retention_now - p_retentions[r.place] * interval '1 second'));
      wanted := wanted + p_counts[r.place];
      IF r.remaining = 0 THEN
        finished := finished || r.place;
        finished_seqs := finished_seqs || r.last_seq;
      END IF;
    END IF;
  END LOOP;

  IF places <> '{}' THEN
    RETURN QUERY
    WITH run AS MATERIALIZED (
      SELECT p_lanes[u.place] AS lane_id, p_timeouts[u.place] AS timeout, m.*
      FROM unnest(places, min_seqs) u(place, min_seq)
      CROSS JOIN LATERAL (
        SELECT b.seq, b.ord, b.body, b.attributes, min(b.seq) OVER w AS first_seq, max(b.seq) OVER w AS last_seq,
               max(b.ord) OVER w AS last_ord, (count(*) OVER w)::integer AS size
        FROM (SELECT x.*, sum(octet_length(x.body)) OVER (ROWS UNBOUNDED PRECEDING) AS bytes
              FROM (SELECT l.seq, l.ord, l.body, l.attributes FROM stanchion.message_log l
                    WHERE l.bucket = p_bucket AND l.lane_id = p_lanes[u.place] AND l.seq >= u.min_seq
                    ORDER BY l.seq LIMIT p_counts[u.place]) x) b
        WHERE b.bytes <= p_bytes_max OR b.bytes = octet_length(b.body)
        WINDOW w AS ()) m),
    leased AS (
      INSERT INTO stanchion.lease (bucket, lane_id, last_seq, first_seq, last_ord, size, remaining, visible_at, claimed_at, done)
      SELECT p_bucket, o.lane_id, o.last_seq, o.first_seq, o.last_ord, o.size, o.size, t + o.timeout * interval '1 second', t,
             repeat('0', o.size)::bit varying
      FROM run o WHERE o.seq = o.last_seq)
    SELECT o.lane_id, false, o.lane_id, (o.seq >> 20)::double precision, (o.seq & 1048575)::integer, o.last_seq,
           (o.ord - o.last_ord + o.size - 1)::integer, 1, t_ms, o.body, o.attributes, t_ms, NULL::double precision, NULL::boolean,
           NULL::bigint, NULL::bigint, NULL::text, NULL::integer, NULL::integer
    -- In the order in which the run was read.
    FROM run o;
    GET DIAGNOSTICS handed_out = ROW_COUNT;
    -- A former cursor is no longer needed once all its messages are gone and there is another.
    IF handed_out > 0 THEN
      FOR k IN 1 .. cardinality(finished) LOOP
        place := finished[k];
        DELETE FROM stanchion.lease d
        WHERE d.bucket = p_bucket AND d.lane_id = p_lanes[place] AND d.last_seq = finished_seqs[k] AND d.remaining = 0
          AND EXISTS (SELECT 1 FROM stanchion.lease n WHERE n.bucket = p_bucket AND n.lane_id = p_lanes[place]
                      AND n.last_seq > finished_seqs[k] LIMIT 1);
      END LOOP;
    END IF;
    IF handed_out = wanted THEN
      stale := false;
      FOREACH place IN ARRAY places LOOP
        lane_id := p_lanes[place];
        RETURN NEXT;
      END LOOP;
    ELSE
      RETURN QUERY
      SELECT p_lanes[u.place], false, NULL::bigint, NULL::double precision, NULL::integer, NULL::bigint, NULL::integer, NULL::integer,
             NULL::double precision, NULL::text, NULL::text, t_ms,
             extract(epoch FROM least(c.visible_at, p.visible_at, d.visible_at) - t)::double precision * 1000, true,
             NULL::bigint, NULL::bigint, NULL::text, NULL::integer, NULL::integer
      FROM unnest(places) u(place)
      LEFT JOIN LATERAL (SELECT x.visible_at FROM stanchion.lease x WHERE x.bucket = p_bucket AND x.lane_id = p_lanes[u.place]
                         AND x.visible_at > t AND x.visible_at < 'infinity' ORDER BY x.visible_at LIMIT 1) c ON true
      LEFT JOIN LATERAL (SELECT x.visible_at FROM stanchion.parked_message x WHERE x.bucket = p_bucket
                         AND x.lane_id = p_lanes[u.place] AND x.visible_at > t ORDER BY x.visible_at LIMIT 1) p ON true
      LEFT JOIN LATERAL (SELECT x.visible_at FROM stanchion.parked_message x WHERE x.bucket = p_bucket
                         AND x.lane_id = -p_lanes[u.place] AND x.visible_at > t ORDER BY x.visible_at LIMIT 1) d ON true;
    END IF;
  END IF;
  -- Messages that come back are the exception, and claim_v2 knows what to do with them.
  FOREACH place IN ARRAY exceptions LOOP
    RETURN QUERY
    SELECT * FROM stanchion.claim_v2(p_bucket, ARRAY[p_lanes[place]], ARRAY[p_versions[place]], ARRAY[p_counts[place]],
      ARRAY[p_timeouts[place]], ARRAY[p_retentions[place]], ARRAY[p_floors[place]], true, p_trusted_now, p_deadline, p_bytes_max,
      ARRAY[p_dead_buckets[place]], ARRAY[p_dead_lanes[place]], ARRAY[p_receive_counts_max[place]], ARRAY[p_queues[place]]);
  END LOOP;
END $$;

-- As delete_v1: what is all there, as nearly always, is removed by one statement.
CREATE FUNCTION stanchion.delete_v2(
  p_bucket integer, p_queue_lanes bigint[], p_lease_lanes bigint[], p_leases bigint[], p_ends integer[],
  p_indexes integer[], p_seqs bigint[], p_parked_lanes bigint[], p_parked_seqs bigint[], p_parked_counts integer[],
  p_deadline timestamptz
) RETURNS TABLE (lane_id bigint, removed integer, now_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
  t_ms double precision := extract(epoch FROM t)::double precision * 1000;
  lane bigint;
  lease_done bit varying;
  lease_remaining integer;
  left_over integer;
  removed_lanes bigint[] := '{}';
  removed_counts integer[] := '{}';
  parked_lanes bigint[] := p_parked_lanes;
  parked_seqs bigint[] := p_parked_seqs;
  parked_counts integer[] := p_parked_counts;
  start_at integer := 1;
  mask bit varying;
  bits integer;
BEGIN
  IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
  FOR i IN 1 .. cardinality(p_leases) LOOP
    lane := p_lease_lanes[i];
    -- Most often all of them are there: one statement does it, without a look before it.
    mask := repeat('0', p_indexes[p_ends[i]] + 1)::bit varying;
    FOR position IN start_at .. p_ends[i] LOOP
      mask := set_bit(mask, p_indexes[position], 1);
    END LOOP;
    bits := bit_count(mask);
    UPDATE stanchion.lease c
    SET done = c.done | (mask || repeat('0', length(c.done) - length(mask))::bit varying), remaining = c.remaining - bits
    WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i]
      AND bit_count(c.done & (mask || repeat('0', length(c.done) - length(mask))::bit varying)) = 0
      AND (c.remaining > bits OR NOT EXISTS (SELECT 1 FROM stanchion.lease n WHERE n.bucket = p_bucket AND n.lane_id = lane
                                   AND n.last_seq > p_leases[i]));
    IF NOT FOUND THEN
      DELETE FROM stanchion.lease c
      WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i]
        AND bit_count(c.done & (mask || repeat('0', length(c.done) - length(mask))::bit varying)) = 0 AND c.remaining = bits;
    END IF;
    IF FOUND THEN
      removed_lanes := removed_lanes || lane;
      removed_counts := removed_counts || bits;
    ELSE
      SELECT c.done, c.remaining INTO lease_done, lease_remaining FROM stanchion.lease c
      WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i] FOR UPDATE;
      left_over := lease_remaining;
      FOR position IN start_at .. p_ends[i] LOOP
        IF get_bit(lease_done, p_indexes[position]) = 0 THEN
          lease_done := set_bit(lease_done, p_indexes[position], 1);
          left_over := left_over - 1;
        ELSE
          parked_lanes := parked_lanes || lane;
          parked_seqs := parked_seqs || p_seqs[position];
          parked_counts := parked_counts || 1;
        END IF;
      END LOOP;
      IF left_over < lease_remaining THEN
        removed_lanes := removed_lanes || lane;
        removed_counts := removed_counts || (lease_remaining - left_over);
        IF left_over = 0 AND EXISTS (SELECT 1 FROM stanchion.lease n WHERE n.bucket = p_bucket AND n.lane_id = lane
                                     AND n.last_seq > p_leases[i] LIMIT 1) THEN
          DELETE FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i];
        ELSE
          UPDATE stanchion.lease c SET done = lease_done, remaining = left_over
          WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i];
        END IF;
      END IF;
    END IF;
    start_at := p_ends[i] + 1;
  END LOOP;

  FOR i IN 1 .. cardinality(parked_seqs) LOOP
    lane := parked_lanes[i];
    DELETE FROM stanchion.parked_message p
    WHERE p.bucket = p_bucket AND p.lane_id = lane AND p.seq = parked_seqs[i] AND p.receive_count = parked_counts[i];
    IF FOUND THEN
      removed_lanes := removed_lanes || abs(lane);
      removed_counts := removed_counts || 1;
    END IF;
  END LOOP;

  FOR lane_id IN SELECT l.lane_id FROM stanchion.lane l
                 WHERE l.bucket = p_bucket AND l.lane_id = ANY (p_queue_lanes) AND l.kind = 2
  LOOP
    removed := 0;
    FOR i IN 1 .. cardinality(removed_lanes) LOOP
      IF removed_lanes[i] = lane_id THEN removed := removed + removed_counts[i]; END IF;
    END LOOP;
    now_ms := t_ms;
    RETURN NEXT;
  END LOOP;
END $$;

-- As tick_v2, with the functions that suit the number of its lanes.
CREATE FUNCTION stanchion.tick_v3(
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
    FROM stanchion.delete_v2(p_bucket, p_delete_queue_lanes, p_delete_lease_lanes, p_delete_leases, p_delete_ends,
      p_delete_indexes, p_delete_seqs, p_delete_parked_lanes, p_delete_parked_seqs, p_delete_parked_counts, p_deadline) d;
  END IF;
  IF cardinality(p_send_lanes) = 1 THEN
    RETURN QUERY
    SELECT s.lane_id, NULL::boolean, NULL::bigint, NULL::double precision, NULL::integer, s.first_seq, NULL::integer, NULL::integer,
           NULL::double precision, NULL::text, NULL::text, s.now_ms, NULL::double precision, NULL::boolean, 2::smallint,
           NULL::bigint, NULL::bigint, NULL::text, NULL::integer, NULL::integer
    FROM stanchion.send_v1(p_bucket, p_send_lanes, p_send_versions, p_send_entry_lanes, p_send_entry_numbers, p_send_bodies,
      p_send_attributes, p_send_delays, p_deadline) s;
  ELSIF cardinality(p_send_lanes) > 1 THEN
    RETURN QUERY
    SELECT s.lane_id, NULL::boolean, NULL::bigint, NULL::double precision, NULL::integer, s.first_seq, NULL::integer, NULL::integer,
           NULL::double precision, NULL::text, NULL::text, s.now_ms, NULL::double precision, NULL::boolean, 2::smallint,
           NULL::bigint, NULL::bigint, NULL::text, NULL::integer, NULL::integer
    FROM stanchion.send_v2(p_bucket, p_send_lanes, p_send_versions, p_send_entry_lanes, p_send_entry_numbers, p_send_bodies,
      p_send_attributes, p_send_delays, p_deadline) s;
  END IF;
  IF cardinality(p_claim_lanes) = 1 THEN
    RETURN QUERY
    SELECT c.lane_id, c.stale, c.message_lane, c.seq_ms, c.seq_number, c.lease_seq, c.lease_index, c.receive_count,
           c.first_received_ms, c.body, c.attributes, c.now_ms, c.due_in_ms, c.nothing_due, 3::smallint,
           c.origin_lane, c.origin_seq, c.source_queue, c.moved, c.moved_on
    FROM stanchion.claim_v2(p_bucket, p_claim_lanes, p_claim_versions, p_claim_counts, p_claim_timeouts, p_claim_retentions,
      p_claim_floors, p_claim_wait, p_claim_trusted_now, p_deadline, p_claim_bytes_max, p_claim_dead_buckets, p_claim_dead_lanes,
      p_claim_receive_counts_max, p_claim_queues) c;
  ELSIF cardinality(p_claim_lanes) > 1 THEN
    RETURN QUERY
    SELECT c.lane_id, c.stale, c.message_lane, c.seq_ms, c.seq_number, c.lease_seq, c.lease_index, c.receive_count,
           c.first_received_ms, c.body, c.attributes, c.now_ms, c.due_in_ms, c.nothing_due, 3::smallint,
           c.origin_lane, c.origin_seq, c.source_queue, c.moved, c.moved_on
    FROM stanchion.claim_v3(p_bucket, p_claim_lanes, p_claim_versions, p_claim_counts, p_claim_timeouts, p_claim_retentions,
      p_claim_floors, p_claim_wait, p_claim_trusted_now, p_deadline, p_claim_bytes_max, p_claim_dead_buckets, p_claim_dead_lanes,
      p_claim_receive_counts_max, p_claim_queues) c;
  END IF;
END $$;
