-- FIFO queues: receives that can be repeated (G17), claims that read and write all their groups at once, and counts that do not
-- read the backlog (decision 0015).
-- Locks: fifo_group and fifo_deduplication exclusively while two indexes are made anew; no release could fill these tables before.
-- breaking: no

-- A plan that was made while a table was empty takes any index that begins with the right columns, and keeps it: these two served
-- look-ups of one group and of one id, by reading the whole lane. Their conditions always hold; who wants them has to say so.
DROP INDEX stanchion.fifo_group_ready_at;
CREATE INDEX fifo_group_ready_at ON stanchion.fifo_group (bucket, lane_id, ready_at, claimed_seq) WHERE ready_at < 'infinity';
DROP INDEX stanchion.fifo_deduplication_seq;
CREATE INDEX fifo_deduplication_seq ON stanchion.fifo_deduplication (bucket, lane_id, seq) WHERE seq > 0;

-- What a receive with an attempt id got. A repeated one gets it again for as long as the messages still stand as it left them:
-- delivered so often, and invisible until `visible_at`. Written under the head lock of its lane; rows that are past their five
-- minutes mean nothing, so removing them is tidying. The lane is in the key, so a purge forgets all of them without touching a row.
CREATE TABLE stanchion.fifo_attempt (
  bucket integer,
  lane_id bigint,
  attempt_id text COLLATE "C",
  claimed_at timestamptz NOT NULL,
  visible_at timestamptz NOT NULL,
  seqs bigint[] NOT NULL,
  receive_counts integer[] NOT NULL,
  PRIMARY KEY (bucket, lane_id, attempt_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
CREATE INDEX fifo_attempt_claimed_at ON stanchion.fifo_attempt (bucket, lane_id, claimed_at) WHERE claimed_at > '-infinity';

-- What a claim has taken from a lane so far: one element a message, in order; `sizes` is how many each receive still wants,
-- `groups` which groups were served, `bytes_left` what may still be handed out, and `is_partial` says that the last step left
-- groups that are ready.
CREATE TYPE stanchion.fifo_haul AS (
  receives integer[],
  seqs bigint[],
  receive_counts integer[],
  first_received_at timestamptz[],
  sizes integer[],
  groups text[],
  bytes_left bigint,
  is_partial boolean
);

-- Takes messages from the groups of a lane that are ready, for the receives that still want some. Under the head lock. As much of a group as is visible from its front goes to one receive, then the next group; none is split over two.
-- The order by group and seq is one that only the index of groups has; by seq alone the log would be read across all groups.
-- One pass reads the groups, one statement the messages behind their windows, and one writes the groups back: a group's own
-- statements cost more than its messages.
CREATE FUNCTION stanchion.fifo_take_v1(
  p_haul stanchion.fifo_haul, p_bucket integer, p_lane bigint, p_now timestamptz, p_hides_until timestamptz, p_retention integer,
  p_min_seq bigint
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
         array_agg(r.first ORDER BY r.place, r.seq) FILTER (WHERE r.fits)
  INTO found, bytes, places, receives, seqs, counts, firsts
  FROM (SELECT e.*, sum(e.bytes) OVER w <= haul.bytes_left OR haul.seqs = '{}' AND row_number() OVER w = 1 AS fits
        FROM (SELECT u.place::integer AS place, u.receive, m.seq, 1 AS count, p_now AS first, m.bytes
              FROM unnest(group_ids, receivers, claimed, lasts, fresh) WITH ORDINALITY u(group_id, receive, claimed, last, fresh, place)
              CROSS JOIN LATERAL (SELECT b.seq, octet_length(b.body) AS bytes FROM stanchion.message_log b
                                  WHERE b.bucket = p_bucket AND b.lane_id = p_lane AND b.group_id IS NOT NULL
                                    AND (b.group_id, b.seq) > (u.group_id, u.claimed) AND (b.group_id, b.seq) <= (u.group_id, u.last)
                                    AND b.seq > u.claimed AND b.seq <= u.last
                                  ORDER BY b.group_id, b.seq LIMIT u.fresh) m
              UNION ALL
              SELECT o.place, receivers[o.place], o.seq, o.count + 1, o.first, m.bytes
              FROM unnest(old_places, old_seqs, old_counts, old_firsts) o(place, seq, count, first)
              CROSS JOIN LATERAL (SELECT octet_length(b.body) AS bytes FROM stanchion.message_log b
                                  WHERE b.bucket = p_bucket AND b.lane_id = p_lane AND b.seq = o.seq LIMIT 1) m) e
        WINDOW w AS (ORDER BY e.place, e.seq)) r;
  IF found < total THEN RAISE EXCEPTION 'a group without its messages: their log segment is gone'; END IF;
  IF places IS NULL OR cardinality(places) < found THEN haul.is_partial := true; END IF;
  IF places IS NULL THEN RETURN haul; END IF;

  -- Every row is there: this is an update of many rows by key whose order of joins no planner can turn around.
  INSERT INTO stanchion.fifo_group AS f (bucket, lane_id, group_id, ready_at, claimed_seq, last_seq, pending, seqs, visible_at,
    receive_counts, received_at, first_received_at)
  SELECT p_bucket, p_lane, group_ids[h.place],
         CASE WHEN h.ends_at > p_now THEN least(p_hides_until, h.ends_at) ELSE p_hides_until END,
         h.last_seq, 0, h.fresh, h.seqs, array_fill(p_hides_until, ARRAY[h.taken]), h.counts,
         array_fill(p_now, ARRAY[h.taken]), array_fill(p_now, ARRAY[h.fresh])
  FROM (SELECT o.place, count(*)::integer AS taken, max(o.seq) AS last_seq, array_agg(o.count ORDER BY o.seq) AS counts,
               to_timestamp((min(o.seq) >> 20) / 1000.0) + p_retention * interval '1 second' AS ends_at,
               (count(*) FILTER (WHERE o.count = 1))::integer AS fresh,
               coalesce(array_agg(o.seq ORDER BY o.seq) FILTER (WHERE o.count = 1), '{}') AS seqs
        FROM unnest(places, seqs, counts) o(place, seq, count) GROUP BY o.place) h
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

-- A receive that is made again with its attempt id (G17): hands out what the first one got, with a new timeout, when all of it is
-- still as that left it; otherwise does nothing. Under the head lock.
CREATE FUNCTION stanchion.fifo_retry_v1(
  p_haul stanchion.fifo_haul, p_receive integer, p_attempt text, p_bucket integer, p_lane bigint, p_now timestamptz,
  p_hides_until timestamptz, p_retention integer, p_min_seq bigint, p_lease_seconds_max integer
) RETURNS stanchion.fifo_haul LANGUAGE plpgsql AS $$
DECLARE
  haul stanchion.fifo_haul := p_haul;
  a stanchion.fifo_attempt;
  g stanchion.fifo_group;
  seqs bigint[];
  firsts timestamptz[];
  group_ids text[];
  hides_until timestamptz;
BEGIN
  SELECT f.* INTO a FROM stanchion.fifo_attempt f
  WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.attempt_id = p_attempt AND f.claimed_at > p_now - interval '5 minutes';
  IF NOT FOUND OR a.visible_at <= p_now OR cardinality(a.seqs) > haul.sizes[p_receive] THEN RETURN haul; END IF;
  SELECT array_agg(w.seq ORDER BY u.place), array_agg(w.first ORDER BY u.place), array_agg(DISTINCT m.group_id)
  INTO seqs, firsts, group_ids
  FROM unnest(a.seqs, a.receive_counts) WITH ORDINALITY u(seq, count, place)
  CROSS JOIN LATERAL (SELECT b.group_id FROM stanchion.message_log b
                      WHERE b.bucket = p_bucket AND b.lane_id = p_lane AND b.seq = u.seq AND b.seq >= p_min_seq LIMIT 1) m
  CROSS JOIN LATERAL (SELECT f.* FROM stanchion.fifo_group f
                      WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.group_id = m.group_id LIMIT 1) f
  CROSS JOIN LATERAL (SELECT x.seq, x.first FROM unnest(f.seqs, f.receive_counts, f.first_received_at, f.visible_at)
                        x(seq, count, first, visible_at)
                      WHERE x.seq = u.seq AND x.count = u.count AND x.visible_at = a.visible_at) w;
  IF seqs IS DISTINCT FROM a.seqs THEN RETURN haul; END IF;
  hides_until := least(p_hides_until, a.claimed_at + p_lease_seconds_max * interval '1 second');
  FOR g IN
    SELECT f.* FROM stanchion.fifo_group f WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.group_id = ANY (group_ids)
  LOOP
    FOR n IN 1 .. cardinality(g.seqs) LOOP
      IF g.seqs[n] = ANY (a.seqs) THEN g.visible_at[n] := hides_until; END IF;
    END LOOP;
    PERFORM stanchion.fifo_put_v1(g, p_now, p_retention);
  END LOOP;
  UPDATE stanchion.fifo_attempt f SET visible_at = hides_until
  WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.attempt_id = p_attempt;
  haul.receives := haul.receives || array_fill(p_receive, ARRAY[cardinality(seqs)]);
  haul.seqs := haul.seqs || seqs;
  haul.receive_counts := haul.receive_counts || a.receive_counts;
  haul.first_received_at := haul.first_received_at || firsts;
  haul.sizes[p_receive] := 0;
  RETURN haul;
END $$;

-- Remembers what the receives with an attempt id got, behind the first p_repeated messages of a haul. Under the head lock.
CREATE FUNCTION stanchion.fifo_remember_v1(
  p_haul stanchion.fifo_haul, p_repeated integer, p_attempts text[], p_bucket integer, p_lane bigint, p_now timestamptz,
  p_hides_until timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO stanchion.fifo_attempt (bucket, lane_id, attempt_id, claimed_at, visible_at, seqs, receive_counts)
  SELECT p_bucket, p_lane, a.attempt, p_now, p_hides_until, array_agg(o.seq ORDER BY o.place), array_agg(o.count ORDER BY o.place)
  FROM unnest(p_haul.receives, p_haul.seqs, p_haul.receive_counts) WITH ORDINALITY o(receive, seq, count, place)
  JOIN unnest(p_attempts) WITH ORDINALITY a(attempt, receive) ON a.receive = o.receive
  WHERE o.place > p_repeated AND a.attempt IS NOT NULL GROUP BY a.attempt
  ON CONFLICT (bucket, lane_id, attempt_id) DO UPDATE
  SET claimed_at = excluded.claimed_at, visible_at = excluded.visible_at, seqs = excluded.seqs,
      receive_counts = excluded.receive_counts;
END $$;

-- As fifo_claim_v1, with receives that can be made again, and fewer statements a group.
--   p_attempts            for each receive its attempt id, or null; none stands twice in a lane
--   p_lease_seconds_max   how long one delivery may stay invisible in all, repeated receives included
-- A receive that wants nothing (its caller left while it waited for this statement) gets nothing; p_bytes_max counts every body;
-- `has_more` is true as well when every receive got all it wanted.
CREATE FUNCTION stanchion.fifo_claim_v2(
  p_bucket integer, p_lanes bigint[], p_versions integer[], p_timeouts integer[], p_retentions integer[], p_delays integer[],
  p_size_ends integer[], p_sizes integer[], p_attempts text[], p_lease_seconds_max integer, p_trusted_now timestamptz,
  p_deadline timestamptz, p_bytes_max bigint
) RETURNS TABLE (
  lane_id bigint, stale boolean, receive integer, seq_ms double precision, seq_number integer, receive_count integer,
  first_received_ms double precision, body text, attributes text, group_id text, deduplication_id text,
  now_ms double precision, due_in_ms double precision, has_more boolean
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
    IF NOT stale THEN
      haul := ROW('{}', '{}', '{}', '{}', p_sizes[first_size : p_size_ends[i]], '{}', p_bytes_max, false)::stanchion.fifo_haul;
      attempts := p_attempts[first_size : p_size_ends[i]];
      min_seq := stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - p_retentions[i] * interval '1 second');
      due_seq := stanchion.fifo_due_seq_v1(t, p_delays[i]);
      hides_until := t + p_timeouts[i] * interval '1 second';
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
        haul := stanchion.fifo_take_v1(haul, p_bucket, lane, t, hides_until, p_retentions[i], min_seq);
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
             NULL::double precision, NULL::boolean
      FROM unnest(haul.receives, haul.seqs, haul.receive_counts, haul.first_received_at)
        WITH ORDINALITY o(receive, seq, count, first, place)
      LEFT JOIN LATERAL (SELECT b.* FROM stanchion.message_log b
                         WHERE b.bucket = p_bucket AND b.lane_id = lane AND b.seq = o.seq LIMIT 1) m ON true
      ORDER BY o.receive, o.place;
      IF wanted > 0 THEN
        SELECT least(
          (SELECT f.ready_at FROM stanchion.fifo_group f
           WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.ready_at > t AND f.ready_at < 'infinity' ORDER BY f.ready_at LIMIT 1),
          CASE WHEN is_at_tail AND p_delays[i] > 0 THEN
            (SELECT to_timestamp((m.seq >> 20) / 1000.0) + p_delays[i] * interval '1 second' FROM stanchion.message_log m
             WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.seq > due_seq ORDER BY m.seq LIMIT 1) END)
        INTO due_at;
        due_in_ms := extract(epoch FROM due_at - t)::double precision * 1000;
      END IF;
      has_more := wanted = 0 OR haul.is_partial OR NOT is_at_tail;
    END IF;
    RETURN NEXT;
    first_size := p_size_ends[i] + 1;
  END LOOP;
END $$;

-- Deletes: as fifo_settle_v1 with deliveries that are finished, but one pass over the groups instead of one over the entries.
-- Answers one row an entry with the same outcomes; `opens_in_ms` is when the first of the lane's groups that this touched opens
-- (0 now), on the rows of what was deleted.
CREATE FUNCTION stanchion.fifo_delete_v1(
  p_bucket integer, p_lanes bigint[], p_retentions integer[], p_entry_lanes integer[], p_seqs bigint[], p_counts integer[],
  p_trusted_now timestamptz, p_deadline timestamptz
) RETURNS TABLE (entry integer, outcome smallint, opens_in_ms double precision, now_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  t_ms double precision;
  lane bigint;
  has_lane boolean;
  min_seq bigint;
  places integer[];
  outcomes smallint[];
  seqs bigint[];
  group_ids text[];
  g stanchion.fifo_group;
  kept integer[];
  finished text[];
  opened text[];
  opens_at timestamptz;
BEGIN
  FOR i IN 1 .. cardinality(p_lanes) LOOP
    lane := p_lanes[i];
    PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 2 FOR UPDATE;
    has_lane := FOUND;
    t := stanchion.clock();
    IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
    t_ms := extract(epoch FROM t)::double precision * 1000;
    min_seq := stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - p_retentions[i] * interval '1 second');
    SELECT array_agg(r.place), array_agg(r.outcome), array_agg(r.seq) FILTER (WHERE r.outcome = 0),
           array_agg(DISTINCT r.group_id) FILTER (WHERE r.outcome = 0)
    INTO places, outcomes, seqs, group_ids
    FROM (SELECT u.place::integer AS place, u.seq, m.group_id,
                 CASE WHEN NOT has_lane THEN 3
                      WHEN w.count IS NULL THEN 1
                      WHEN w.count <> u.count THEN 5
                      WHEN w.visible_at <= t THEN 4
                      WHEN row_number() OVER (PARTITION BY u.seq, u.count ORDER BY u.place) > 1 THEN 1
                      ELSE 0 END::smallint AS outcome
          FROM unnest(p_entry_lanes, p_seqs, p_counts) WITH ORDINALITY u(lane_place, seq, count, place)
          LEFT JOIN LATERAL (SELECT b.group_id FROM stanchion.message_log b
                             WHERE b.bucket = p_bucket AND b.lane_id = lane AND b.seq = u.seq AND b.seq >= min_seq LIMIT 1) m ON true
          LEFT JOIN LATERAL (SELECT x.count, x.visible_at FROM stanchion.fifo_group f
                             CROSS JOIN LATERAL unnest(f.seqs, f.receive_counts, f.visible_at) x(seq, count, visible_at)
                             WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.group_id = m.group_id AND x.seq = u.seq
                             LIMIT 1) w ON true
          WHERE u.lane_place = i) r;
    opens_at := NULL;
    IF group_ids IS NOT NULL THEN
      finished := '{}';
      opened := '{}';
      FOR g IN
        SELECT f.* FROM stanchion.fifo_group f WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.group_id = ANY (group_ids)
      LOOP
        kept := '{}';
        FOR n IN 1 .. cardinality(g.seqs) LOOP
          IF g.seqs[n] <> ALL (seqs) THEN kept := kept || n; END IF;
        END LOOP;
        IF kept <> '{}' THEN
          SELECT array_agg(g.seqs[k.n] ORDER BY k.n), array_agg(g.visible_at[k.n] ORDER BY k.n),
                 array_agg(g.receive_counts[k.n] ORDER BY k.n), array_agg(g.received_at[k.n] ORDER BY k.n),
                 array_agg(g.first_received_at[k.n] ORDER BY k.n)
          INTO g.seqs, g.visible_at, g.receive_counts, g.received_at, g.first_received_at
          FROM unnest(kept) k(n);
          opens_at := least(opens_at, stanchion.fifo_put_v1(g, t, p_retentions[i]));
        ELSIF g.pending > 0 THEN
          opened := opened || g.group_id;
        ELSE
          finished := finished || g.group_id;
        END IF;
      END LOOP;
      IF finished <> '{}' THEN
        DELETE FROM stanchion.fifo_group f WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.group_id = ANY (finished);
      END IF;
      IF opened <> '{}' THEN
        opens_at := t;
        UPDATE stanchion.fifo_group f
        SET ready_at = t, seqs = '{}', visible_at = '{}', receive_counts = '{}', received_at = '{}', first_received_at = '{}'
        WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.group_id = ANY (opened);
      END IF;
    END IF;
    RETURN QUERY
    SELECT r.place, r.outcome, CASE WHEN r.outcome = 0 THEN greatest(0, extract(epoch FROM opens_at - t)::double precision * 1000) END, t_ms
    FROM unnest(places, outcomes) r(place, outcome);
  END LOOP;
END $$;

-- As fifo_count_v1, without reading the messages that are not sorted into groups yet: `ord` is dense, so they are a difference.
CREATE FUNCTION stanchion.fifo_count_v2(p_bucket integer, p_lanes bigint[], p_retentions integer[], p_delays integer[], p_trusted_now timestamptz)
RETURNS TABLE (lane_id bigint, visible bigint, in_flight bigint, delayed bigint, oldest_ms double precision, now_ms double precision)
LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
  retention_now timestamptz := stanchion.retention_clock(t, p_trusted_now);
BEGIN
  RETURN QUERY
  SELECT r.lane_id, coalesce(due.ord - head.ord + 1, 0) + coalesce(groups.pending, 0) + coalesce(groups.returned, 0),
         coalesce(groups.leased, 0)::bigint, coalesce(tail.ord - coalesce(due.ord, head.ord - 1), 0),
         (least(head.seq, groups.oldest) >> 20)::double precision, extract(epoch FROM t)::double precision * 1000
  FROM (SELECT u.lane_id, stanchion.seq_at(retention_now - u.retention * interval '1 second') AS min_seq,
               stanchion.fifo_due_seq_v1(t, u.delay) AS due_seq
        FROM unnest(p_lanes, p_retentions, p_delays) u(lane_id, retention, delay)) r
  LEFT JOIN LATERAL (SELECT c.seq FROM stanchion.fifo_cursor c WHERE c.bucket = p_bucket AND c.lane_id = r.lane_id) cursor ON true
  LEFT JOIN LATERAL (SELECT m.seq, m.ord FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
                     AND m.seq >= greatest(coalesce(cursor.seq, 0) + 1, r.min_seq) ORDER BY m.seq LIMIT 1) head ON true
  LEFT JOIN LATERAL (SELECT m.ord FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
                     AND m.seq >= head.seq ORDER BY m.seq DESC LIMIT 1) tail ON true
  LEFT JOIN LATERAL (SELECT m.ord FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
                     AND m.seq >= head.seq AND m.seq <= r.due_seq ORDER BY m.seq DESC LIMIT 1) due ON true
  LEFT JOIN LATERAL (
    SELECT sum(x.pending)::bigint AS pending, sum(x.returned)::bigint AS returned, sum(x.leased)::bigint AS leased, min(x.oldest) AS oldest
    FROM stanchion.fifo_group f
    CROSS JOIN LATERAL (
      SELECT CASE WHEN f.pending = 0 OR f.claimed_seq >= r.min_seq - 1 THEN f.pending ELSE
               (SELECT count(*) FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
                AND m.group_id = f.group_id AND m.seq > f.claimed_seq AND m.seq >= r.min_seq AND m.seq <= f.last_seq) END AS pending,
             (SELECT count(*) FROM unnest(f.seqs, f.visible_at) w(seq, visible_at) WHERE w.seq >= r.min_seq AND w.visible_at <= t) AS returned,
             (SELECT count(*) FROM unnest(f.seqs, f.visible_at) w(seq, visible_at) WHERE w.seq >= r.min_seq AND w.visible_at > t) AS leased,
             coalesce((SELECT min(w.seq) FROM unnest(f.seqs) w(seq) WHERE w.seq >= r.min_seq),
               CASE WHEN f.pending > 0 THEN
                 (SELECT m.seq FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
                  AND m.group_id = f.group_id AND m.seq >= greatest(f.claimed_seq + 1, r.min_seq) AND m.seq <= f.last_seq
                  ORDER BY m.seq LIMIT 1) END) AS oldest) x
    WHERE f.bucket = p_bucket AND f.lane_id = r.lane_id) groups ON true;
END $$;

-- As ready_fifo_lanes_v1.
CREATE FUNCTION stanchion.ready_fifo_lanes_v2(p_bucket integer, p_lanes bigint[]) RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
BEGIN
  RETURN QUERY
  SELECT r.lane_id FROM unnest(p_lanes) r(lane_id)
  LEFT JOIN LATERAL (SELECT q.delay_seconds FROM stanchion.lane l JOIN stanchion.queue q ON q.queue_id = l.queue_id
                     WHERE l.bucket = p_bucket AND l.lane_id = r.lane_id AND l.kind = 2) live ON true
  WHERE live.delay_seconds IS NULL
    OR EXISTS (SELECT 1 FROM stanchion.fifo_group f
               WHERE f.bucket = p_bucket AND f.lane_id = r.lane_id AND f.ready_at <= t AND f.ready_at < 'infinity')
    OR EXISTS (SELECT 1 FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
               AND m.seq > coalesce((SELECT c.seq FROM stanchion.fifo_cursor c
                                     WHERE c.bucket = p_bucket AND c.lane_id = r.lane_id), 0)
               AND m.seq <= stanchion.fifo_due_seq_v1(t, live.delay_seconds));
END $$;

-- As tidy_fifo_lanes_v1, and p_limit attempts a lane that are past their time. All of it belongs to lanes whose head lock was won, so
-- nobody waits in a circle.
CREATE FUNCTION stanchion.tidy_fifo_lanes_v2(p_bucket integer, p_after bigint, p_lanes integer, p_limit integer, p_trusted_now timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  min_seq bigint;
  keys bigint[];
  ids text[];
  r record;
  g stanchion.fifo_group;
  seen integer := 0;
  last_lane bigint;
BEGIN
  FOR r IN
    SELECT l.lane_id, q.retention_seconds FROM stanchion.lane l JOIN stanchion.queue q ON q.queue_id = l.queue_id
    WHERE l.bucket = p_bucket AND l.lane_id > p_after AND l.kind = 2 AND q.is_fifo ORDER BY l.lane_id LIMIT p_lanes
  LOOP
    seen := seen + 1;
    last_lane := r.lane_id;
    PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = r.lane_id AND l.kind = 2 FOR UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    t := stanchion.clock();
    min_seq := stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - r.retention_seconds * interval '1 second');
    FOR g IN
      SELECT f.* FROM stanchion.fifo_group f WHERE f.bucket = p_bucket AND f.lane_id = r.lane_id
        AND coalesce(f.seqs[1], f.claimed_seq + 1) < min_seq LIMIT p_limit
    LOOP
      PERFORM stanchion.fifo_put_v1(stanchion.fifo_expire_v1(g, min_seq), t, r.retention_seconds);
    END LOOP;
    SELECT array_agg(x.seq) INTO keys FROM (SELECT d.seq FROM stanchion.fifo_deduplication d
      WHERE d.bucket = p_bucket AND d.lane_id = r.lane_id AND d.seq > 0 AND d.seq < stanchion.seq_at(t - interval '10 minutes')
      ORDER BY d.seq LIMIT p_limit) x;
    IF keys IS NOT NULL THEN
      DELETE FROM stanchion.fifo_deduplication d
      WHERE d.bucket = p_bucket AND d.lane_id = r.lane_id AND d.seq > 0 AND d.seq = ANY (keys);
    END IF;
    SELECT array_agg(x.attempt_id) INTO ids FROM (SELECT a.attempt_id FROM stanchion.fifo_attempt a
      WHERE a.bucket = p_bucket AND a.lane_id = r.lane_id AND a.claimed_at > '-infinity' AND a.claimed_at < t - interval '10 minutes'
      ORDER BY a.claimed_at LIMIT p_limit) x;
    IF ids IS NOT NULL THEN
      DELETE FROM stanchion.fifo_attempt a WHERE a.bucket = p_bucket AND a.lane_id = r.lane_id AND a.attempt_id = ANY (ids);
    END IF;
  END LOOP;
  RETURN CASE WHEN seen = p_lanes THEN last_lane END;
END $$;

-- As clear_dead_lane_v2, with the attempts.
CREATE FUNCTION stanchion.clear_dead_lane_v3(p_bucket integer, p_lane bigint, p_limit integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  ids text[];
BEGIN
  SELECT array_agg(x.attempt_id) INTO ids FROM (SELECT a.attempt_id FROM stanchion.fifo_attempt a
    WHERE a.bucket = p_bucket AND a.lane_id = p_lane ORDER BY a.attempt_id LIMIT p_limit) x;
  IF ids IS NULL THEN RETURN stanchion.clear_dead_lane_v2(p_bucket, p_lane, p_limit); END IF;
  DELETE FROM stanchion.fifo_attempt a WHERE a.bucket = p_bucket AND a.lane_id = p_lane AND a.attempt_id = ANY (ids);
  RETURN cardinality(ids);
END $$;
