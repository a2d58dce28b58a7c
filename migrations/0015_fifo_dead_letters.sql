-- Dead letters of FIFO queues (decision 0016): the claim moves them to the tail of the dead-letter queue's log.
-- Locks: none.
-- breaking: no

-- Locks the tail of a dead-letter queue's lane until commit. Never waits, since claims hold heads. Answers as share_dead_lane.
CREATE FUNCTION stanchion.lock_dead_tail_v1(p_bucket integer, p_lane bigint) RETURNS smallint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = p_lane AND l.kind = 1 FOR UPDATE SKIP LOCKED;
  IF FOUND THEN RETURN 1; END IF;
  PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = p_lane AND l.kind = 1;
  RETURN CASE WHEN FOUND THEN 2 ELSE 3 END;
END $$;

-- Appends messages of a FIFO lane to the tail of a dead-letter queue's lane, whose lock is held, in this order. They are new there:
-- another number, and a time from which their retention counts. No deduplication id is asked or taken, so none is swallowed.
--   p_counts, p_firsts   their receive counts so far, and when they were received first
-- Answers how many, and how many of them had been moved before without a delivery since. What has no body outlived its retention.
CREATE FUNCTION stanchion.fifo_append_dead_v1(
  p_bucket integer, p_lane bigint, p_seqs bigint[], p_counts integer[], p_firsts timestamptz[],
  p_dead_bucket integer, p_dead_lane bigint, p_queue text, p_now timestamptz, OUT moved integer, OUT moved_on integer
) LANGUAGE plpgsql AS $$
DECLARE
  tail_seq bigint;
  tail_ord bigint;
  seqs bigint[];
  counts integer[];
  firsts timestamptz[];
BEGIN
  SELECT m.seq, m.ord INTO tail_seq, tail_ord FROM stanchion.message_log m
  WHERE m.bucket = p_dead_bucket AND m.lane_id = p_dead_lane ORDER BY m.seq DESC LIMIT 1;
  IF NOT FOUND THEN
    -- As in fifo_send.
    SELECT greatest(
      (SELECT c.seq FROM stanchion.fifo_cursor c WHERE c.bucket = p_dead_bucket AND c.lane_id = p_dead_lane),
      (SELECT max(d.seq) FROM stanchion.fifo_deduplication d WHERE d.bucket = p_dead_bucket AND d.lane_id = p_dead_lane AND d.seq > 0))
    INTO tail_seq;
    tail_ord := 0;
  END IF;
  tail_seq := greatest(coalesce(tail_seq, 0), stanchion.seq_at(p_now) - 1);
  SELECT array_agg(k.seq ORDER BY k.place), array_agg(k.count ORDER BY k.place), array_agg(k.first ORDER BY k.place)
  INTO seqs, counts, firsts
  FROM unnest(p_seqs, p_counts, p_firsts) WITH ORDINALITY k(seq, count, first, place)
  CROSS JOIN LATERAL (SELECT 1 FROM stanchion.message_log m
                      WHERE m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq = k.seq LIMIT 1) m;
  INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, attributes, body, group_id, deduplication_id)
  SELECT p_dead_bucket, p_dead_lane, tail_seq + k.place, tail_ord + k.place, m.attributes, m.body, m.group_id, m.deduplication_id
  FROM unnest(seqs) WITH ORDINALITY k(seq, place)
  CROSS JOIN LATERAL (SELECT m.* FROM stanchion.message_log m
                      WHERE m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq = k.seq LIMIT 1) m;
  SELECT count(*), count(*) FILTER (WHERE d.receive_count = k.count) INTO moved, moved_on
  FROM unnest(seqs, counts) k(seq, count)
  LEFT JOIN LATERAL (SELECT d.receive_count FROM stanchion.dead_letter d
                     WHERE d.bucket = p_bucket AND d.lane_id = p_lane AND d.seq = k.seq LIMIT 1) d ON true;
  INSERT INTO stanchion.dead_letter (bucket, lane_id, seq, origin_lane, origin_seq, source_queue, receive_count, first_received_at)
  SELECT p_dead_bucket, p_dead_lane, tail_seq + k.place, coalesce(d.origin_lane, p_lane), coalesce(d.origin_seq, k.seq), p_queue,
         k.count, k.first
  FROM unnest(seqs, counts, firsts) WITH ORDINALITY k(seq, count, first, place)
  LEFT JOIN LATERAL (SELECT d.origin_lane, d.origin_seq FROM stanchion.dead_letter d
                     WHERE d.bucket = p_bucket AND d.lane_id = p_lane AND d.seq = k.seq LIMIT 1) d ON true;
  DELETE FROM stanchion.dead_letter d WHERE d.bucket = p_bucket AND d.lane_id = p_lane AND d.seq = ANY (p_seqs);
END $$;

-- Moves what is dead in the groups that fifo_take would look at next, under the head lock of the lane: of the visible run from the
-- front of a group whatever was handed out p_receive_count_max times, and in a dead-letter queue what came with so many deliveries.
-- A group that loses its front opens at once (G12). One whose dead messages cannot be moved now joins `haul.groups` and is passed over.
--   p_wanted     how many groups fifo_take looks at
--   p_has_dead   whether messages were moved into this lane
--   p_target     what lock_dead_tail answered in this transaction, 0 when it was not asked
--   p_limit      messages moved or groups passed over, at most or so; `is_complete` is false when it was reached
CREATE FUNCTION stanchion.fifo_move_dead_v1(
  p_haul stanchion.fifo_haul, p_bucket integer, p_lane bigint, p_now timestamptz, p_retention integer, p_min_seq bigint,
  p_wanted integer, p_receive_count_max integer, p_has_dead boolean, p_target smallint, p_dead_bucket integer, p_dead_lane bigint,
  p_queue text, p_limit integer,
  OUT haul stanchion.fifo_haul, OUT target smallint, OUT moved integer, OUT moved_on integer, OUT is_complete boolean
) LANGUAGE plpgsql AS $$
DECLARE
  g stanchion.fifo_group;
  r record;
  shown integer;
  kept integer[];
  group_seqs bigint[];
  group_counts integer[];
  group_firsts timestamptz[];
  unread integer;
  seqs bigint[];
  counts integer[];
  firsts timestamptz[];
  passed_over integer := 0;
  appended record;
  is_clean boolean;
BEGIN
  haul := p_haul;
  target := p_target;
  moved := 0;
  moved_on := 0;
  LOOP
    is_clean := true;
    seqs := '{}';
    counts := '{}';
    firsts := '{}';
    FOR g IN
      SELECT f.* FROM stanchion.fifo_group f
      WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.ready_at <= p_now AND f.ready_at < 'infinity'
        AND f.group_id <> ALL (haul.groups)
      ORDER BY f.ready_at, f.claimed_seq LIMIT p_wanted
    LOOP
      CONTINUE WHEN coalesce(g.seqs[1], g.claimed_seq + 1) < p_min_seq;
      shown := 0;
      kept := '{}';
      group_seqs := '{}';
      group_counts := '{}';
      group_firsts := '{}';
      WHILE g.visible_at[shown + 1] <= p_now LOOP
        shown := shown + 1;
        IF g.receive_counts[shown] >= p_receive_count_max THEN
          group_seqs := group_seqs || g.seqs[shown];
          group_counts := group_counts || g.receive_counts[shown];
          group_firsts := group_firsts || g.first_received_at[shown];
        ELSE
          kept := kept || shown;
        END IF;
      END LOOP;
      unread := 0;
      IF p_has_dead AND shown = cardinality(g.seqs) AND g.pending > 0 THEN
        FOR r IN
          SELECT m.seq, d.receive_count, d.first_received_at
          FROM (SELECT b.seq FROM stanchion.message_log b
                WHERE b.bucket = p_bucket AND b.lane_id = p_lane AND b.group_id IS NOT NULL
                  AND (b.group_id, b.seq) > (g.group_id, g.claimed_seq) AND (b.group_id, b.seq) <= (g.group_id, g.last_seq)
                ORDER BY b.group_id, b.seq LIMIT 100) m
          LEFT JOIN LATERAL (SELECT x.receive_count, x.first_received_at FROM stanchion.dead_letter x
                             WHERE x.bucket = p_bucket AND x.lane_id = p_lane AND x.seq = m.seq LIMIT 1) d ON true
          ORDER BY m.seq
        LOOP
          -- What this claim has moved here itself is for the next one.
          EXIT WHEN r.receive_count IS NULL OR r.receive_count < p_receive_count_max OR r.seq >= stanchion.seq_at(p_now);
          unread := unread + 1;
          g.claimed_seq := r.seq;
          group_seqs := group_seqs || r.seq;
          group_counts := group_counts || r.receive_count;
          group_firsts := group_firsts || r.first_received_at;
        END LOOP;
      END IF;
      CONTINUE WHEN group_seqs = '{}';
      is_clean := false;
      IF target = 0 THEN target := stanchion.lock_dead_tail_v1(p_dead_bucket, p_dead_lane); END IF;
      IF target > 1 THEN
        haul.groups := haul.groups || g.group_id;
        passed_over := passed_over + 1;
        CONTINUE;
      END IF;
      FOR n IN shown + 1 .. cardinality(g.seqs) LOOP kept := kept || n; END LOOP;
      SELECT coalesce(array_agg(g.seqs[k.n] ORDER BY k.n), '{}'), coalesce(array_agg(g.visible_at[k.n] ORDER BY k.n), '{}'),
             coalesce(array_agg(g.receive_counts[k.n] ORDER BY k.n), '{}'), coalesce(array_agg(g.received_at[k.n] ORDER BY k.n), '{}'),
             coalesce(array_agg(g.first_received_at[k.n] ORDER BY k.n), '{}')
      INTO g.seqs, g.visible_at, g.receive_counts, g.received_at, g.first_received_at
      FROM unnest(kept) k(n);
      g.pending := g.pending - unread;
      PERFORM stanchion.fifo_put_v1(g, p_now, p_retention);
      seqs := seqs || group_seqs;
      counts := counts || group_counts;
      firsts := firsts || group_firsts;
    END LOOP;
    IF seqs <> '{}' THEN
      appended := stanchion.fifo_append_dead_v1(p_bucket, p_lane, seqs, counts, firsts, p_dead_bucket, p_dead_lane, p_queue, p_now);
      moved := moved + appended.moved;
      moved_on := moved_on + appended.moved_on;
    END IF;
    is_complete := is_clean;
    EXIT WHEN is_clean OR moved + passed_over >= p_limit;
  END LOOP;
END $$;

-- As fifo_take_v1, for lanes that messages were moved into, or are moved out of:
--   p_receive_count_max   how often a message is handed out at most, null when there is no dead-letter queue; what came with more
--                         deliveries ends the run of its group here, and is moved when it is at the front
--   p_has_dead            whether messages were moved into this lane: their receive counts go on
CREATE FUNCTION stanchion.fifo_take_v2(
  p_haul stanchion.fifo_haul, p_bucket integer, p_lane bigint, p_now timestamptz, p_hides_until timestamptz, p_retention integer,
  p_min_seq bigint, p_receive_count_max integer, p_has_dead boolean
) RETURNS stanchion.fifo_haul LANGUAGE plpgsql AS $$
DECLARE
  haul stanchion.fifo_haul := p_haul;
  g stanchion.fifo_group;
  wanted integer;
  receiver integer := 1;
  room integer;
  shown integer;
  taken integer;
  total integer := 0;
  -- One element a group.
  group_ids text[] := '{}';
  receivers integer[] := '{}';
  fresh integer[] := '{}';
  claimed bigint[] := '{}';
  lasts bigint[] := '{}';
  -- One element a message that was received before, with the place of its group in group_ids.
  old_places integer[] := '{}';
  old_seqs bigint[] := '{}';
  old_counts integer[] := '{}';
  old_firsts timestamptz[] := '{}';
  -- One element a message that is handed out; `found` is how many there are besides.
  found integer;
  bytes bigint;
  places integer[];
  receives integer[];
  seqs bigint[];
  counts integer[];
  firsts timestamptz[];
  are_fresh boolean[];
  has_spilled boolean;
BEGIN
  haul.is_partial := false;
  SELECT sum(s.size) INTO wanted FROM unnest(haul.sizes) s(size);
  room := haul.sizes[1];
  FOR g IN
    SELECT f.* FROM stanchion.fifo_group f
    WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.ready_at <= p_now AND f.ready_at < 'infinity'
      AND f.group_id <> ALL (haul.groups)
    ORDER BY f.ready_at, f.claimed_seq LIMIT wanted
  LOOP
    WHILE room = 0 LOOP
      receiver := receiver + 1;
      room := haul.sizes[receiver];
    END LOOP;
    EXIT WHEN room IS NULL;
    IF coalesce(g.seqs[1], g.claimed_seq + 1) < p_min_seq THEN
      -- Its front outlived its retention: what is left of it is looked at in the next step.
      PERFORM stanchion.fifo_put_v1(stanchion.fifo_expire_v1(g, p_min_seq), p_now, p_retention);
      haul.is_partial := true;
      CONTINUE;
    END IF;
    group_ids := group_ids || g.group_id;
    receivers := receivers || receiver;
    claimed := claimed || g.claimed_seq;
    lasts := lasts || g.last_seq;
    shown := 0;
    WHILE shown < room AND g.visible_at[shown + 1] <= p_now LOOP
      shown := shown + 1;
      old_places := old_places || cardinality(group_ids);
      old_seqs := old_seqs || g.seqs[shown];
      old_counts := old_counts || g.receive_counts[shown];
      old_firsts := old_firsts || g.first_received_at[shown];
    END LOOP;
    taken := shown + CASE WHEN shown = cardinality(g.seqs) THEN least(room - shown, g.pending) ELSE 0 END;
    fresh := fresh || taken - shown;
    total := total + taken;
    room := room - taken;
  END LOOP;
  haul.groups := haul.groups || group_ids;
  IF total = 0 THEN RETURN haul; END IF;

  SELECT count(*), sum(r.bytes) FILTER (WHERE r.fits), array_agg(r.place ORDER BY r.place, r.seq) FILTER (WHERE r.fits),
         array_agg(r.receive ORDER BY r.place, r.seq) FILTER (WHERE r.fits),
         array_agg(r.seq ORDER BY r.place, r.seq) FILTER (WHERE r.fits),
         array_agg(r.count ORDER BY r.place, r.seq) FILTER (WHERE r.fits),
         array_agg(r.first ORDER BY r.place, r.seq) FILTER (WHERE r.fits),
         array_agg(r.is_fresh ORDER BY r.place, r.seq) FILTER (WHERE r.fits), bool_or(r.has_spilled)
  INTO found, bytes, places, receives, seqs, counts, firsts, are_fresh, has_spilled
  FROM (SELECT s.*, NOT s.has_spilled AND NOT coalesce(bool_or(s.is_dead) OVER (PARTITION BY s.place ORDER BY s.seq), false) AS fits
   FROM (SELECT e.*, NOT (sum(e.bytes) OVER w <= haul.bytes_left OR haul.seqs = '{}' AND row_number() OVER w = 1) AS has_spilled
        FROM (SELECT u.place::integer AS place, u.receive, m.seq, 1 + coalesce(d.receive_count, 0) AS count,
                     coalesce(d.first_received_at, p_now) AS first, m.bytes, true AS is_fresh,
                     d.receive_count >= p_receive_count_max AS is_dead
              FROM unnest(group_ids, receivers, claimed, lasts, fresh) WITH ORDINALITY u(group_id, receive, claimed, last, fresh, place)
              CROSS JOIN LATERAL (SELECT b.seq, octet_length(b.body) AS bytes FROM stanchion.message_log b
                                  WHERE b.bucket = p_bucket AND b.lane_id = p_lane AND b.group_id IS NOT NULL
                                    AND (b.group_id, b.seq) > (u.group_id, u.claimed) AND (b.group_id, b.seq) <= (u.group_id, u.last)
                                    AND b.seq > u.claimed AND b.seq <= u.last
                                  ORDER BY b.group_id, b.seq LIMIT u.fresh) m
              LEFT JOIN LATERAL (SELECT x.receive_count, x.first_received_at FROM stanchion.dead_letter x
                                 WHERE p_has_dead AND x.bucket = p_bucket AND x.lane_id = p_lane AND x.seq = m.seq LIMIT 1) d ON true
              UNION ALL
              SELECT o.place, receivers[o.place], o.seq, o.count + 1, o.first, m.bytes, false, false
              FROM unnest(old_places, old_seqs, old_counts, old_firsts) o(place, seq, count, first)
              CROSS JOIN LATERAL (SELECT octet_length(b.body) AS bytes FROM stanchion.message_log b
                                  WHERE b.bucket = p_bucket AND b.lane_id = p_lane AND b.seq = o.seq LIMIT 1) m) e
        WINDOW w AS (ORDER BY e.place, e.seq)) s) r;
  IF found < total THEN RAISE EXCEPTION 'a group without its messages: their log segment is gone'; END IF;
  IF has_spilled THEN haul.is_partial := true; END IF;
  IF places IS NULL THEN RETURN haul; END IF;

  -- Every row is there: this is an update of many rows by key whose order of joins no planner can turn around.
  INSERT INTO stanchion.fifo_group AS f (bucket, lane_id, group_id, ready_at, claimed_seq, last_seq, pending, seqs, visible_at,
    receive_counts, received_at, first_received_at)
  SELECT p_bucket, p_lane, group_ids[h.place],
         CASE WHEN h.ends_at > p_now THEN least(p_hides_until, h.ends_at) ELSE p_hides_until END,
         h.last_seq, 0, h.fresh, h.seqs, array_fill(p_hides_until, ARRAY[h.taken]), h.counts,
         array_fill(p_now, ARRAY[h.taken]), h.firsts
  FROM (SELECT o.place, count(*)::integer AS taken, max(o.seq) AS last_seq, array_agg(o.count ORDER BY o.seq) AS counts,
               to_timestamp((min(o.seq) >> 20) / 1000.0) + p_retention * interval '1 second' AS ends_at,
               (count(*) FILTER (WHERE o.is_fresh))::integer AS fresh,
               coalesce(array_agg(o.first ORDER BY o.seq) FILTER (WHERE o.is_fresh), '{}') AS firsts,
               coalesce(array_agg(o.seq ORDER BY o.seq) FILTER (WHERE o.is_fresh), '{}') AS seqs
        FROM unnest(places, seqs, counts, firsts, are_fresh) o(place, seq, count, first, is_fresh) GROUP BY o.place) h
  ON CONFLICT (bucket, lane_id, group_id) DO UPDATE
  SET ready_at = excluded.ready_at,
      claimed_seq = greatest(f.claimed_seq, excluded.claimed_seq),
      pending = f.pending - excluded.pending,
      seqs = f.seqs || excluded.seqs,
      visible_at = excluded.visible_at || f.visible_at[cardinality(excluded.visible_at) + 1 :],
      receive_counts = excluded.receive_counts || f.receive_counts[cardinality(excluded.visible_at) + 1 :],
      received_at = excluded.received_at || f.received_at[cardinality(excluded.visible_at) + 1 :],
      first_received_at = f.first_received_at || excluded.first_received_at;
  FOREACH receiver IN ARRAY receives LOOP
    haul.sizes[receiver] := haul.sizes[receiver] - 1;
  END LOOP;
  haul.bytes_left := haul.bytes_left - bytes;
  haul.receives := haul.receives || receives;
  haul.seqs := haul.seqs || seqs;
  haul.receive_counts := haul.receive_counts || counts;
  haul.first_received_at := haul.first_received_at || firsts;
  RETURN haul;
END $$;

-- As fifo_claim_v2, with the parameters and columns of claim_v2: what was handed out too often is moved, and the group goes on with
-- its next message. `has_more` is true as well when there was more to move than a claim does.
CREATE FUNCTION stanchion.fifo_claim_v3(
  p_bucket integer, p_lanes bigint[], p_versions integer[], p_timeouts integer[], p_retentions integer[], p_delays integer[],
  p_size_ends integer[], p_sizes integer[], p_attempts text[], p_lease_seconds_max integer, p_trusted_now timestamptz,
  p_deadline timestamptz, p_bytes_max bigint, p_dead_buckets integer[], p_dead_lanes bigint[], p_receive_counts_max integer[],
  p_queues text[]
) RETURNS TABLE (
  lane_id bigint, stale boolean, receive integer, seq_ms double precision, seq_number integer, receive_count integer,
  first_received_ms double precision, body text, attributes text, group_id text, deduplication_id text,
  now_ms double precision, due_in_ms double precision, has_more boolean,
  origin_lane bigint, origin_seq bigint, source_queue text, moved integer, moved_on integer
) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  t_ms double precision;
  lane bigint;
  lane_version integer;
  first_size integer := 1;
  attempts text[];
  min_seq bigint;
  due_seq bigint;
  hides_until timestamptz;
  wanted integer;
  chunk integer;
  run integer;
  indexed integer;
  is_at_tail boolean;
  is_over boolean;
  due_at timestamptz;
  repeated integer;
  haul stanchion.fifo_haul;
  has_dead boolean;
  dead_lane bigint;
  target smallint;
  dead record;
  is_cut_short boolean;
BEGIN
  FOR i IN 1 .. cardinality(p_lanes) LOOP
    lane := p_lanes[i];
    SELECT l.version INTO lane_version FROM stanchion.lane l
    WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 2 FOR UPDATE;
    t := stanchion.clock();
    IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
    t_ms := extract(epoch FROM t)::double precision * 1000;
    lane_id := lane;
    stale := lane_version IS DISTINCT FROM p_versions[i];
    seq_ms := NULL;
    now_ms := t_ms;
    due_in_ms := NULL;
    has_more := false;
    moved := NULL;
    moved_on := NULL;
    IF NOT stale THEN
      haul := ROW('{}', '{}', '{}', '{}', p_sizes[first_size : p_size_ends[i]], '{}', p_bytes_max, false)::stanchion.fifo_haul;
      attempts := p_attempts[first_size : p_size_ends[i]];
      min_seq := stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - p_retentions[i] * interval '1 second');
      due_seq := stanchion.fifo_due_seq_v1(t, p_delays[i]);
      hides_until := t + p_timeouts[i] * interval '1 second';
      -- Is this a dead-letter queue itself?
      has_dead := EXISTS (SELECT 1 FROM stanchion.dead_letter d WHERE d.bucket = p_bucket AND d.lane_id = lane);
      dead_lane := coalesce(p_dead_lanes[i], 0);
      target := 0;
      is_cut_short := false;
      IF dead_lane > 0 THEN
        moved := 0;
        moved_on := 0;
      END IF;
      FOR receiver IN 1 .. cardinality(attempts) LOOP
        CONTINUE WHEN attempts[receiver] IS NULL OR haul.sizes[receiver] = 0;
        haul := stanchion.fifo_retry_v1(haul, receiver, attempts[receiver], p_bucket, lane, t, hides_until, p_retentions[i], min_seq,
          p_lease_seconds_max);
      END LOOP;
      repeated := cardinality(haul.seqs);
      indexed := 0;
      is_at_tail := true;
      SELECT sum(s.size) INTO wanted FROM unnest(haul.sizes) s(size);
      is_over := wanted = 0;
      -- Always a bit more than is taken, so that nothing starves behind groups that are ready (G14).
      chunk := 2 * wanted + 10;
      WHILE NOT is_over LOOP
        run := stanchion.fifo_index_v1(p_bucket, lane, min_seq, due_seq, chunk, t);
        is_at_tail := run < chunk;
        indexed := indexed + run;
        IF dead_lane > 0 THEN
          dead := stanchion.fifo_move_dead_v1(haul, p_bucket, lane, t, p_retentions[i], min_seq, wanted, p_receive_counts_max[i], has_dead,
            target, p_dead_buckets[i], dead_lane, p_queues[i], 1000 - moved);
          haul := dead.haul;
          target := dead.target;
          moved := moved + dead.moved;
          moved_on := moved_on + dead.moved_on;
          has_dead := has_dead OR moved > 0;
          -- What was not looked at must not be handed out.
          is_cut_short := NOT dead.is_complete;
          EXIT WHEN is_cut_short;
        END IF;
        haul := stanchion.fifo_take_v2(haul, p_bucket, lane, t, hides_until, p_retentions[i], min_seq,
          CASE WHEN dead_lane > 0 THEN p_receive_counts_max[i] END, has_dead);
        SELECT sum(s.size) INTO wanted FROM unnest(haul.sizes) s(size);
        is_over := wanted = 0 OR haul.is_partial OR is_at_tail OR indexed >= 10000;
        chunk := 1000;
      END LOOP;
      IF cardinality(haul.seqs) > repeated AND cardinality(array_remove(attempts, NULL)) > 0 THEN
        PERFORM stanchion.fifo_remember_v1(haul, repeated, attempts, p_bucket, lane, t, hides_until);
      END IF;
      RETURN QUERY
      SELECT lane, false, o.receive, (o.seq >> 20)::double precision, (o.seq & 1048575)::integer, o.count,
             extract(epoch FROM o.first)::double precision * 1000, m.body, m.attributes, m.group_id, m.deduplication_id, t_ms,
             NULL::double precision, NULL::boolean, d.origin_lane, d.origin_seq, d.source_queue, NULL::integer, NULL::integer
      FROM unnest(haul.receives, haul.seqs, haul.receive_counts, haul.first_received_at)
        WITH ORDINALITY o(receive, seq, count, first, place)
      LEFT JOIN LATERAL (SELECT b.* FROM stanchion.message_log b
                         WHERE b.bucket = p_bucket AND b.lane_id = lane AND b.seq = o.seq LIMIT 1) m ON true
      LEFT JOIN LATERAL (SELECT x.* FROM stanchion.dead_letter x
                         WHERE has_dead AND x.bucket = p_bucket AND x.lane_id = lane AND x.seq = o.seq LIMIT 1) d ON true
      ORDER BY o.receive, o.place;
      IF wanted > 0 THEN
        SELECT least(
          (SELECT f.ready_at FROM stanchion.fifo_group f
           WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.ready_at > t AND f.ready_at < 'infinity' ORDER BY f.ready_at LIMIT 1),
          CASE WHEN is_at_tail AND p_delays[i] > 0 THEN
            (SELECT to_timestamp((m.seq >> 20) / 1000.0) + p_delays[i] * interval '1 second' FROM stanchion.message_log m
             WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.seq > due_seq ORDER BY m.seq LIMIT 1) END)
        INTO due_at;
        -- Whoever holds the target does so for the moment only.
        IF target = 2 THEN due_at := least(due_at, t + interval '50 milliseconds'); END IF;
        due_in_ms := extract(epoch FROM due_at - t)::double precision * 1000;
      END IF;
      has_more := wanted = 0 OR haul.is_partial OR NOT is_at_tail AND NOT target > 1 OR is_cut_short AND moved > moved_on;
      IF target = 3 THEN moved := -1; END IF;
    END IF;
    RETURN NEXT;
    first_size := p_size_ends[i] + 1;
  END LOOP;
END $$;
