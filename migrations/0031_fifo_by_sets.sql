-- FIFO queues with fewer steps a group: the same functions, which do the same by fewer statements and expressions.
-- Locks: none.
-- breaking: no

-- What was received of a group is looked through by its place in the window, and only a group that keeps some of it is written by itself.
CREATE OR REPLACE FUNCTION stanchion.fifo_delete_v1(
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
  gone bigint[];
  group_ids text[];
  g stanchion.fifo_group;
  finished text[];
  opened text[];
  others text[];
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
    INTO places, outcomes, gone, group_ids
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
          LEFT JOIN LATERAL (SELECT x.receive_counts[array_position(x.seqs, u.seq)] AS count,
                                    x.visible_at[array_position(x.seqs, u.seq)] AS visible_at
                             FROM stanchion.fifo_group x
                             WHERE x.bucket = p_bucket AND x.lane_id = lane AND x.group_id = m.group_id LIMIT 1) w ON true
          WHERE u.lane_place = i) r;
    opens_at := NULL;
    IF group_ids IS NOT NULL THEN
      -- Most often all that was received of a group goes at once.
      SELECT array_agg(r.group_id) FILTER (WHERE r.is_over AND r.pending = 0), array_agg(r.group_id) FILTER (WHERE r.is_over AND r.pending > 0),
             array_agg(r.group_id) FILTER (WHERE NOT r.is_over)
      INTO finished, opened, others
      FROM (SELECT f.group_id, f.pending, f.seqs <@ gone AS is_over FROM stanchion.fifo_group f
            WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.group_id = ANY (group_ids)) r;
      FOR g IN
        SELECT f.* FROM stanchion.fifo_group f WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.group_id = ANY (others)
      LOOP
        SELECT array_agg(w.seq ORDER BY w.n), array_agg(w.visible_at ORDER BY w.n), array_agg(w.receive_count ORDER BY w.n),
               array_agg(w.received_at ORDER BY w.n), array_agg(w.first_received_at ORDER BY w.n)
        INTO g.seqs, g.visible_at, g.receive_counts, g.received_at, g.first_received_at
        FROM unnest(g.seqs, g.visible_at, g.receive_counts, g.received_at, g.first_received_at)
          WITH ORDINALITY w(seq, visible_at, receive_count, received_at, first_received_at, n)
        WHERE w.seq <> ALL (gone);
        opens_at := least(opens_at, stanchion.fifo_put_v1(g, t, p_retentions[i]));
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

-- Groups of which nothing was received before are read at once.
CREATE OR REPLACE FUNCTION stanchion.fifo_take_v2(
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
  pendings integer[];
  is_plain boolean;
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
  -- Most often nothing of them was received before: they are read at once, and only shared out one by one.
  SELECT array_agg(r.group_id), array_agg(r.claimed_seq), array_agg(r.last_seq), array_agg(r.pending), bool_and(r.is_plain)
  INTO group_ids, claimed, lasts, pendings, is_plain
  FROM (SELECT f.group_id, f.claimed_seq, f.last_seq, f.pending, f.seqs = '{}' AND f.claimed_seq + 1 >= p_min_seq AS is_plain
        FROM stanchion.fifo_group f
        WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.ready_at <= p_now AND f.ready_at < 'infinity'
          AND f.group_id <> ALL (haul.groups)
        ORDER BY f.ready_at, f.claimed_seq LIMIT wanted) r;
  IF is_plain THEN
    FOR n IN 1 .. cardinality(pendings) LOOP
      WHILE room = 0 LOOP
        receiver := receiver + 1;
        room := haul.sizes[receiver];
      END LOOP;
      EXIT WHEN room IS NULL;
      taken := least(room, pendings[n]);
      receivers := receivers || receiver;
      fresh := fresh || taken;
      total := total + taken;
      room := room - taken;
    END LOOP;
    group_ids := group_ids[: cardinality(fresh)];
    claimed := claimed[: cardinality(fresh)];
    lasts := lasts[: cardinality(fresh)];
  ELSE
    group_ids := '{}';
    claimed := '{}';
    lasts := '{}';
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
  END IF;
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
      seqs = CASE WHEN is_plain THEN excluded.seqs ELSE f.seqs || excluded.seqs END,
      visible_at = CASE WHEN is_plain THEN excluded.visible_at ELSE excluded.visible_at || f.visible_at[cardinality(excluded.visible_at) + 1 :] END,
      receive_counts = CASE WHEN is_plain THEN excluded.receive_counts ELSE excluded.receive_counts || f.receive_counts[cardinality(excluded.visible_at) + 1 :] END,
      received_at = CASE WHEN is_plain THEN excluded.received_at ELSE excluded.received_at || f.received_at[cardinality(excluded.visible_at) + 1 :] END,
      first_received_at = CASE WHEN is_plain THEN excluded.first_received_at ELSE f.first_received_at || excluded.first_received_at END;
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
