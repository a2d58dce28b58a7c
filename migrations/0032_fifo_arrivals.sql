-- FIFO claims sort no more groups in than they hand out, and write those one time, not two (decision 0034).
-- Locks: none.
-- breaking: no

-- Groups that a claim has sorted out of the log and that are not written yet, one element each: from which message to which, and how
-- many. `size` is how many messages were sorted, those of other groups included; `is_cut` that more were there and looked at.
CREATE TYPE stanchion.fifo_arrivals AS (
  size integer,
  is_cut boolean,
  groups text[],
  firsts bigint[],
  lasts bigint[],
  pendings integer[]
);

-- Since when a group is ready that has nothing in front of this message.
CREATE FUNCTION stanchion.fifo_ready_at_v1(p_first bigint, p_now timestamptz) RETURNS timestamptz LANGUAGE sql STABLE
AS $$ SELECT least(p_now, to_timestamp((p_first >> 20) / 1000.0)) $$;

-- As fifo_index_v1, but groups that are not there yet are answered and not written: whoever calls this has to, in the same transaction.
-- Not more of them than p_wanted groups without those which are ready since an earlier moment than the first of these messages: they come
-- first anyway, and what is sorted and not taken is written twice. Everything behind stays in the log, where it loses no place (G14).
CREATE FUNCTION stanchion.fifo_sort_v1(
  p_bucket integer, p_lane bigint, p_min_seq bigint, p_due_seq bigint, p_count integer, p_wanted integer, p_now timestamptz
) RETURNS stanchion.fifo_arrivals LANGUAGE plpgsql AS $$
DECLARE
  arrivals stanchion.fifo_arrivals;
  first_seq bigint;
  room integer;
  run_last bigint;
  old_groups text[];
  old_lasts bigint[];
  old_pendings integer[];
BEGIN
  arrivals := ROW(0, false, '{}', '{}', '{}', '{}')::stanchion.fifo_arrivals;
  SELECT l.seq INTO first_seq FROM stanchion.message_log l
  WHERE l.bucket = p_bucket AND l.lane_id = p_lane AND l.seq >= p_min_seq AND l.seq <= p_due_seq
    AND l.seq > coalesce((SELECT c.seq FROM stanchion.fifo_cursor c WHERE c.bucket = p_bucket AND c.lane_id = p_lane), 0)
  ORDER BY l.seq LIMIT 1;
  IF first_seq IS NULL THEN RETURN arrivals; END IF;
  SELECT p_wanted - count(*) INTO room
  FROM (SELECT 1 FROM stanchion.fifo_group f
        WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.ready_at < stanchion.fifo_ready_at_v1(first_seq, p_now)
          AND f.ready_at < 'infinity'
        ORDER BY f.ready_at, f.claimed_seq LIMIT p_wanted) r;
  SELECT coalesce(sum(g.size), 0), max(g.last), bool_or(g.is_cut),
         coalesce(array_agg(g.group_id) FILTER (WHERE g.is_there IS NULL AND g.size > 0), '{}'),
         coalesce(array_agg(g.first) FILTER (WHERE g.is_there IS NULL AND g.size > 0), '{}'),
         coalesce(array_agg(g.last) FILTER (WHERE g.is_there IS NULL AND g.size > 0), '{}'),
         coalesce(array_agg(g.size) FILTER (WHERE g.is_there IS NULL AND g.size > 0), '{}'),
         array_agg(g.group_id) FILTER (WHERE g.is_there AND g.size > 0), array_agg(g.last) FILTER (WHERE g.is_there AND g.size > 0),
         array_agg(g.size) FILTER (WHERE g.is_there AND g.size > 0)
  INTO arrivals.size, run_last, arrivals.is_cut, arrivals.groups, arrivals.firsts, arrivals.lasts, arrivals.pendings,
       old_groups, old_lasts, old_pendings
  FROM (SELECT n.group_id, n.is_there, bool_or(n.arrived > room) AS is_cut, min(n.seq) FILTER (WHERE n.arrived <= room) AS first,
               max(n.seq) FILTER (WHERE n.arrived <= room) AS last, (count(*) FILTER (WHERE n.arrived <= room))::integer AS size
        FROM (SELECT r.*, x.is_there, count(*) FILTER (WHERE r.number = 1 AND x.is_there IS NULL) OVER (ORDER BY r.seq) AS arrived
              FROM (SELECT m.*, row_number() OVER (PARTITION BY m.group_id ORDER BY m.seq) AS number
                    FROM (SELECT l.group_id, l.seq FROM stanchion.message_log l
                          WHERE l.bucket = p_bucket AND l.lane_id = p_lane AND l.seq >= first_seq AND l.seq <= p_due_seq
                          ORDER BY l.seq LIMIT p_count) m) r
              LEFT JOIN LATERAL (SELECT true AS is_there FROM stanchion.fifo_group f
                                 WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.group_id = r.group_id LIMIT 1) x ON true) n
        GROUP BY n.group_id, n.is_there) g;
  IF arrivals.size = 0 THEN RETURN arrivals; END IF;
  IF old_groups IS NOT NULL THEN
    -- Every row is there, and keeps its ready_at: a new message never opens a group (G12).
    INSERT INTO stanchion.fifo_group AS f (bucket, lane_id, group_id, ready_at, claimed_seq, last_seq, pending)
    SELECT p_bucket, p_lane, o.group_id, p_now, 0, o.last, o.pending FROM unnest(old_groups, old_lasts, old_pendings) o(group_id, last, pending)
    ON CONFLICT (bucket, lane_id, group_id) DO UPDATE SET last_seq = excluded.last_seq, pending = f.pending + excluded.pending;
  END IF;
  INSERT INTO stanchion.fifo_cursor (bucket, lane_id, seq) VALUES (p_bucket, p_lane, run_last)
  ON CONFLICT (bucket, lane_id) DO UPDATE SET seq = excluded.seq;
  RETURN arrivals;
END $$;

-- Writes those arrivals that nobody has taken anything of, one element of p_are_left each.
CREATE FUNCTION stanchion.fifo_keep_v1(p_bucket integer, p_lane bigint, p_arrivals stanchion.fifo_arrivals, p_are_left boolean[], p_now timestamptz)
RETURNS void LANGUAGE sql AS $$
  INSERT INTO stanchion.fifo_group (bucket, lane_id, group_id, ready_at, claimed_seq, last_seq, pending)
  SELECT p_bucket, p_lane, n.group_id, stanchion.fifo_ready_at_v1(n.first, p_now), n.first - 1, n.last, n.pending
  FROM unnest(p_arrivals.groups, p_arrivals.firsts, p_arrivals.lasts, p_arrivals.pendings, p_are_left) n(group_id, first, last, pending, is_left)
  WHERE n.is_left
$$;

-- As fifo_take_v2, also from groups that have just arrived. They stand in their order among the others, and all of them are
-- written before this ends, whether anything is taken from them or not.
CREATE FUNCTION stanchion.fifo_take_v3(
  p_haul stanchion.fifo_haul, p_arrivals stanchion.fifo_arrivals, p_bucket integer, p_lane bigint, p_now timestamptz,
  p_hides_until timestamptz, p_retention integer, p_min_seq bigint, p_receive_count_max integer, p_has_dead boolean
) RETURNS stanchion.fifo_haul LANGUAGE plpgsql AS $$
DECLARE
  haul stanchion.fifo_haul := p_haul;
  g record;
  expired stanchion.fifo_group;
  wanted integer := 0;
  receiver integer := 1;
  room integer;
  sizes integer[];
  shown integer;
  taken integer;
  total integer := 0;
  -- One element a group.
  group_ids text[] := '{}';
  receivers integer[] := '{}';
  fresh integer[] := '{}';
  claimed bigint[] := '{}';
  lasts bigint[] := '{}';
  -- Its place among the arrivals and how many messages came with it, null and 0 for one that was there before.
  arrivals integer[] := '{}';
  arrived integer[] := '{}';
  -- One element an arrival: whether nothing was taken of it.
  are_left boolean[] := array_fill(true, ARRAY[cardinality(p_arrivals.groups)]);
  place integer;
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
  FOREACH room IN ARRAY haul.sizes LOOP wanted := wanted + room; END LOOP;
  room := haul.sizes[1];
  FOR g IN
    (SELECT f.group_id, f.ready_at, f.claimed_seq, f.last_seq, f.pending, f.seqs, f.visible_at, f.receive_counts, f.first_received_at,
            NULL::integer AS arrival
     FROM stanchion.fifo_group f
     WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.ready_at <= p_now AND f.ready_at < 'infinity'
       AND f.group_id <> ALL (haul.groups)
     ORDER BY f.ready_at, f.claimed_seq LIMIT wanted)
    UNION ALL
    SELECT n.group_id, stanchion.fifo_ready_at_v1(n.first, p_now), n.first - 1, n.last, n.pending, '{}', '{}', '{}', '{}', n.place::integer
    FROM unnest(p_arrivals.groups, p_arrivals.firsts, p_arrivals.lasts, p_arrivals.pendings) WITH ORDINALITY n(group_id, first, last, pending, place)
    ORDER BY ready_at, claimed_seq LIMIT wanted
  LOOP
    WHILE room = 0 LOOP
      receiver := receiver + 1;
      room := haul.sizes[receiver];
    END LOOP;
    EXIT WHEN room IS NULL;
    IF coalesce(g.seqs[1], g.claimed_seq + 1) < p_min_seq THEN
      -- Its front outlived its retention: what is left of it is looked at in the next step.
      SELECT f.* INTO expired FROM stanchion.fifo_group f
      WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.group_id = g.group_id;
      PERFORM stanchion.fifo_put_v1(stanchion.fifo_expire_v1(expired, p_min_seq), p_now, p_retention);
      haul.is_partial := true;
      CONTINUE;
    END IF;
    group_ids := group_ids || g.group_id;
    receivers := receivers || receiver;
    claimed := claimed || g.claimed_seq;
    lasts := lasts || g.last_seq;
    arrivals := arrivals || g.arrival;
    IF g.arrival IS NULL THEN
      arrived := arrived || 0;
    ELSE
      arrived := arrived || g.pending;
      are_left[g.arrival] := false;
    END IF;
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
  IF total = 0 THEN
    IF are_left <> '{}' THEN PERFORM stanchion.fifo_keep_v1(p_bucket, p_lane, p_arrivals, are_left, p_now); END IF;
    RETURN haul;
  END IF;

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
  IF coalesce(cardinality(places), 0) < total THEN
    -- Not all that was looked at is handed out.
    are_left := array_fill(true, ARRAY[cardinality(are_left)]);
    FOREACH place IN ARRAY coalesce(places, '{}') LOOP
      IF arrivals[place] IS NOT NULL THEN are_left[arrivals[place]] := false; END IF;
    END LOOP;
  END IF;
  IF true = ANY (are_left) THEN PERFORM stanchion.fifo_keep_v1(p_bucket, p_lane, p_arrivals, are_left, p_now); END IF;
  IF places IS NULL THEN RETURN haul; END IF;

  -- A group that has just arrived is written here for the first time, with what is left of it. Every other row is there: this is an
  -- update of many rows by key whose order of joins no planner can turn around, and `pending` is how much is taken from it.
  INSERT INTO stanchion.fifo_group AS f (bucket, lane_id, group_id, ready_at, claimed_seq, last_seq, pending, seqs, visible_at,
    receive_counts, received_at, first_received_at)
  SELECT p_bucket, p_lane, group_ids[h.place],
         CASE WHEN h.ends_at > p_now THEN least(p_hides_until, h.ends_at) ELSE p_hides_until END,
         h.last_seq, lasts[h.place], arrived[h.place] - h.fresh, h.seqs, array_fill(p_hides_until, ARRAY[h.taken]), h.counts,
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
      pending = f.pending + excluded.pending,
      seqs = f.seqs || excluded.seqs,
      visible_at = excluded.visible_at || f.visible_at[cardinality(excluded.visible_at) + 1 :],
      receive_counts = excluded.receive_counts || f.receive_counts[cardinality(excluded.visible_at) + 1 :],
      received_at = excluded.received_at || f.received_at[cardinality(excluded.visible_at) + 1 :],
      first_received_at = f.first_received_at || excluded.first_received_at;
  sizes := haul.sizes;
  FOREACH receiver IN ARRAY receives LOOP
    sizes[receiver] := sizes[receiver] - 1;
  END LOOP;
  haul.sizes := sizes;
  haul.bytes_left := haul.bytes_left - bytes;
  haul.receives := haul.receives || receives;
  haul.seqs := haul.seqs || seqs;
  haul.receive_counts := haul.receive_counts || counts;
  haul.first_received_at := haul.first_received_at || firsts;
  RETURN haul;
END $$;

-- As fifo_claim_v3, but for how much it sorts: groups that arrive and are handed out in the same claim, which is what most do, are written once.
CREATE FUNCTION stanchion.fifo_claim_v4(
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
  size integer;
  chunk integer;
  run integer;
  indexed integer;
  is_at_tail boolean;
  is_over boolean;
  due_at timestamptz;
  repeated integer;
  haul stanchion.fifo_haul;
  arrivals stanchion.fifo_arrivals;
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
      wanted := 0;
      FOREACH size IN ARRAY haul.sizes LOOP wanted := wanted + size; END LOOP;
      is_over := wanted = 0;
      -- Always a bit more than is taken, so that nothing starves behind groups that are ready (G14).
      chunk := 2 * wanted + 10;
      WHILE NOT is_over LOOP
        IF dead_lane > 0 THEN
          -- What is moved is looked for in the groups themselves.
          run := stanchion.fifo_index_v1(p_bucket, lane, min_seq, due_seq, chunk, t);
          arrivals := ROW(run, false, '{}', '{}', '{}', '{}')::stanchion.fifo_arrivals;
        ELSE
          arrivals := stanchion.fifo_sort_v1(p_bucket, lane, min_seq, due_seq, chunk, wanted, t);
          run := arrivals.size;
        END IF;
        is_at_tail := run < chunk AND NOT arrivals.is_cut;
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
        haul := stanchion.fifo_take_v3(haul, arrivals, p_bucket, lane, t, hides_until, p_retentions[i], min_seq,
          CASE WHEN dead_lane > 0 THEN p_receive_counts_max[i] END, has_dead);
        wanted := 0;
        FOREACH size IN ARRAY haul.sizes LOOP wanted := wanted + size; END LOOP;
        is_over := wanted = 0 OR haul.is_partial OR is_at_tail OR run = 0 OR indexed >= 10000;
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
