-- FIFO queues: fewer statements and fewer look-ups in a send, a claim and a delete, and answers a row a lane (decision 0036).
-- Locks: none.
-- breaking: no

-- What it computes with intervals is stable. While it said that it was immutable, Postgres could not inline it, and each call took 4 us
-- instead of a tenth of one.
ALTER FUNCTION stanchion.fifo_due_seq_v1(timestamptz, integer) STABLE;

-- As fifo_send_v1, but the caller has taken out what repeats an id of the same statement.
--   p_ends   lane i's entries are those up to p_ends[i], and no two of them have one key
-- Answers one row a lane: its new messages have the numbers from first_seq on, in order; `known_places` (from 1 within the lane) are not
-- among them, their ids belong to the messages of known_seqs. A lane without a row is gone or has another version, and nothing was
-- stored for it.
CREATE FUNCTION stanchion.fifo_send_v2(
  p_bucket integer, p_lanes bigint[], p_versions integer[], p_ends integer[], p_bodies text[], p_attributes text[],
  p_groups text[], p_deduplication_ids text[], p_keys bytea[], p_deadline timestamptz
) RETURNS TABLE (lane_id bigint, first_seq bigint, known_places integer[], known_seqs bigint[], now_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  lane bigint;
  lane_version integer;
  tail_seq bigint;
  tail_ord bigint;
  since_seq bigint;
  first_entry integer := 1;
  last_entry integer;
BEGIN
  FOR i IN 1 .. cardinality(p_lanes) LOOP
    lane := p_lanes[i];
    last_entry := p_ends[i];
    SELECT l.version INTO lane_version FROM stanchion.lane l
    WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 1 FOR UPDATE;
    t := stanchion.clock();
    IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
    IF lane_version = p_versions[i] THEN
      SELECT m.seq, m.ord INTO tail_seq, tail_ord FROM stanchion.message_log m
      WHERE m.bucket = p_bucket AND m.lane_id = lane ORDER BY m.seq DESC LIMIT 1;
      IF NOT FOUND THEN
        -- Every segment of the lane is gone; its cursor and its memory still know how far the numbers went.
        SELECT greatest(
          (SELECT c.seq FROM stanchion.fifo_cursor c WHERE c.bucket = p_bucket AND c.lane_id = lane),
          (SELECT max(d.seq) FROM stanchion.fifo_deduplication d WHERE d.bucket = p_bucket AND d.lane_id = lane))
        INTO tail_seq;
        tail_ord := 0;
      END IF;
      first_seq := greatest(coalesce(tail_seq, 0) + 1, stanchion.seq_at(t));
      since_seq := stanchion.seq_at(t - interval '5 minutes');
      SELECT coalesce(array_agg(u.place), '{}'), coalesce(array_agg(d.seq), '{}') INTO known_places, known_seqs
      FROM unnest(p_keys[first_entry : last_entry]) WITH ORDINALITY u(key, place)
      CROSS JOIN LATERAL (SELECT k.seq FROM stanchion.fifo_deduplication k
                          WHERE k.bucket = p_bucket AND k.lane_id = lane AND k.key = u.key AND k.seq >= since_seq
                          ORDER BY k.seq DESC LIMIT 1) d;
      INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, attributes, body, group_id, deduplication_id)
      SELECT p_bucket, lane, first_seq + e.number - 1, tail_ord + e.number, e.attributes, e.body, e.group_id, e.deduplication_id
      FROM (SELECT u.*, row_number() OVER (ORDER BY u.place) AS number
            FROM unnest(p_bodies[first_entry : last_entry], p_attributes[first_entry : last_entry], p_groups[first_entry : last_entry],
              p_deduplication_ids[first_entry : last_entry]) WITH ORDINALITY u(body, attributes, group_id, deduplication_id, place)
            WHERE u.place <> ALL (known_places)) e;
      INSERT INTO stanchion.fifo_deduplication (bucket, lane_id, key, seq)
      SELECT p_bucket, lane, e.key, first_seq + e.number - 1
      FROM (SELECT u.key, row_number() OVER (ORDER BY u.place) AS number
            FROM unnest(p_keys[first_entry : last_entry]) WITH ORDINALITY u(key, place) WHERE u.place <> ALL (known_places)) e;
      lane_id := lane;
      now_ms := extract(epoch FROM t)::double precision * 1000;
      RETURN NEXT;
    END IF;
    first_entry := last_entry + 1;
  END LOOP;
END $$;

-- As fifo_delete_v1, but groups of which everything that was handed out is deleted, and nothing else, take no turn each.
--   p_ends   lane i's entries are those up to p_ends[i]
-- Answers one row a lane: whether it is gone, which entries (places from 1 in the statement) have another outcome than 0, and when the
-- first group that this opened can be received from.
CREATE FUNCTION stanchion.fifo_delete_v2(
  p_bucket integer, p_lanes bigint[], p_retentions integer[], p_ends integer[], p_seqs bigint[], p_counts integer[],
  p_trusted_now timestamptz, p_deadline timestamptz
) RETURNS TABLE (
  lane_id bigint, stale boolean, places integer[], outcomes smallint[], opens_in_ms double precision, now_ms double precision
) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  lane bigint;
  min_seq bigint;
  first_entry integer := 1;
  last_entry integer;
  finished text[];
  opened text[];
  others text;
  places_left integer[];
BEGIN
  FOR i IN 1 .. cardinality(p_lanes) LOOP
    lane := p_lanes[i];
    last_entry := p_ends[i];
    PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 2 FOR UPDATE;
    stale := NOT FOUND;
    t := stanchion.clock();
    IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
    lane_id := lane;
    places := NULL;
    outcomes := NULL;
    opens_in_ms := NULL;
    now_ms := extract(epoch FROM t)::double precision * 1000;
    IF NOT stale THEN
      -- Most deletes are of all that was handed out of a group: then the entries of the group are its window.
      min_seq := stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - p_retentions[i] * interval '1 second');
      SELECT array_agg(g.group_id) FILTER (WHERE g.is_whole AND g.pending = 0), array_agg(g.group_id) FILTER (WHERE g.is_whole AND g.pending > 0),
             string_agg(g.places, ',') FILTER (WHERE g.is_whole IS NOT TRUE)
      INTO finished, opened, others
      FROM (SELECT e.group_id, e.places, f.pending, f.seqs = e.seqs AND f.receive_counts = e.counts AND t < ALL (f.visible_at) AS is_whole
            FROM (SELECT m.group_id, array_agg(u.seq ORDER BY u.seq) AS seqs, array_agg(u.count ORDER BY u.seq) AS counts,
                         string_agg(u.place::text, ',') AS places
                  FROM unnest(p_seqs[first_entry : last_entry], p_counts[first_entry : last_entry]) WITH ORDINALITY u(seq, count, place)
                  LEFT JOIN LATERAL (SELECT b.group_id FROM stanchion.message_log b
                                     WHERE b.bucket = p_bucket AND b.lane_id = lane AND b.seq = u.seq AND b.seq >= min_seq LIMIT 1) m ON true
                  GROUP BY m.group_id) e
            LEFT JOIN LATERAL (SELECT f.* FROM stanchion.fifo_group f
                               WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.group_id = e.group_id LIMIT 1) f ON true) g;
      IF finished IS NOT NULL THEN
        DELETE FROM stanchion.fifo_group f WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.group_id = ANY (finished);
      END IF;
      IF opened IS NOT NULL THEN
        opens_in_ms := 0;
        UPDATE stanchion.fifo_group f
        SET ready_at = t, seqs = '{}', visible_at = '{}', receive_counts = '{}', received_at = '{}', first_received_at = '{}'
        WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.group_id = ANY (opened);
      END IF;
      IF others IS NOT NULL THEN
        places_left := ARRAY(SELECT e.place::integer FROM string_to_table(others, ',') e(place) ORDER BY e.place::integer);
        SELECT array_agg(first_entry - 1 + places_left[d.entry]) FILTER (WHERE d.outcome <> 0), array_agg(d.outcome) FILTER (WHERE d.outcome <> 0),
               least(fifo_delete_v2.opens_in_ms, min(d.opens_in_ms))
        INTO places, outcomes, opens_in_ms
        FROM (SELECT array_agg(p_seqs[first_entry - 1 + e.place] ORDER BY e.number) AS seqs,
                     array_agg(p_counts[first_entry - 1 + e.place] ORDER BY e.number) AS counts
              FROM unnest(places_left) WITH ORDINALITY e(place, number)) l
        CROSS JOIN LATERAL stanchion.fifo_delete_v1(p_bucket, ARRAY[lane], ARRAY[p_retentions[i]],
          array_fill(1, ARRAY[cardinality(places_left)]), l.seqs, l.counts, p_trusted_now, 'infinity') d;
      END IF;
    END IF;
    RETURN NEXT;
    first_entry := last_entry + 1;
  END LOOP;
END $$;

-- Groups that a claim has sorted out of the log and that are not written yet: the messages of each, in order, and the bytes of their bodies.
CREATE TYPE stanchion.fifo_arrival AS (
  group_id text,
  seqs bigint[],
  bytes bigint
);

-- What a claim has sorted: how many messages, those of groups that are there included, and whether more were there and looked at.
CREATE TYPE stanchion.fifo_sorted AS (
  size integer,
  is_cut boolean,
  arrivals stanchion.fifo_arrival[]
);

-- As fifo_sort_v1, but a group is looked up once and not with each of its messages, and which messages arrived is answered, so that
-- nobody has to look for them again.
CREATE FUNCTION stanchion.fifo_sort_v2(
  p_bucket integer, p_lane bigint, p_min_seq bigint, p_due_seq bigint, p_count integer, p_wanted integer, p_now timestamptz
) RETURNS stanchion.fifo_sorted LANGUAGE plpgsql AS $$
DECLARE
  sorted stanchion.fifo_sorted;
  first_seq bigint;
  run_last bigint;
  old_groups text[];
  old_lasts bigint[];
  old_pendings integer[];
BEGIN
  sorted := ROW(0, false, '{}')::stanchion.fifo_sorted;
  SELECT l.seq INTO first_seq FROM stanchion.message_log l
  WHERE l.bucket = p_bucket AND l.lane_id = p_lane AND l.seq >= p_min_seq AND l.seq <= p_due_seq
    AND l.seq > coalesce((SELECT c.seq FROM stanchion.fifo_cursor c WHERE c.bucket = p_bucket AND c.lane_id = p_lane), 0)
  ORDER BY l.seq LIMIT 1;
  IF first_seq IS NULL THEN RETURN sorted; END IF;
  SELECT coalesce(sum(cardinality(g.seqs)), 0), max(g.seqs[cardinality(g.seqs)]), bool_or(g.cut_seq IS NOT NULL),
         coalesce(array_agg(ROW(g.group_id, g.seqs, g.bytes)::stanchion.fifo_arrival) FILTER (WHERE g.is_there IS NULL AND g.seqs <> '{}'), '{}'),
         array_agg(g.group_id) FILTER (WHERE g.is_there AND g.seqs <> '{}'),
         array_agg(g.seqs[cardinality(g.seqs)]) FILTER (WHERE g.is_there AND g.seqs <> '{}'),
         array_agg(cardinality(g.seqs)) FILTER (WHERE g.is_there AND g.seqs <> '{}')
  INTO sorted.size, run_last, sorted.is_cut, sorted.arrivals, old_groups, old_lasts, old_pendings
  FROM (SELECT c.group_id, c.bytes, c.is_there, c.cut_seq,
               CASE WHEN c.cut_seq IS NULL THEN c.seqs
                    ELSE (SELECT coalesce(array_agg(s.seq ORDER BY s.seq), '{}') FROM unnest(c.seqs) s(seq) WHERE s.seq < c.cut_seq) END AS seqs
        FROM (SELECT n.*, min(n.seqs[1]) FILTER (WHERE n.is_there IS NULL AND n.arrived > (
                  SELECT p_wanted - count(*)
                  FROM (SELECT 1 FROM stanchion.fifo_group f
                        WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.ready_at < stanchion.fifo_ready_at_v1(first_seq, p_now)
                          AND f.ready_at < 'infinity'
                        ORDER BY f.ready_at, f.claimed_seq LIMIT p_wanted) r)) OVER () AS cut_seq
              FROM (SELECT m.*, x.is_there, count(*) FILTER (WHERE x.is_there IS NULL) OVER (ORDER BY m.seqs[1]) AS arrived
                    FROM (SELECT r.group_id, array_agg(r.seq ORDER BY r.seq) AS seqs, sum(r.bytes) AS bytes
                          FROM (SELECT l.group_id, l.seq, octet_length(l.body) AS bytes FROM stanchion.message_log l
                                WHERE l.bucket = p_bucket AND l.lane_id = p_lane AND l.seq >= first_seq AND l.seq <= p_due_seq
                                ORDER BY l.seq LIMIT p_count) r
                          GROUP BY r.group_id) m
                    LEFT JOIN LATERAL (SELECT true AS is_there FROM stanchion.fifo_group f
                                       WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.group_id = m.group_id LIMIT 1) x ON true) n) c
        -- Not folded into the ten places that ask for seqs, each with a sub-select of its own.
        OFFSET 0) g;
  IF sorted.size = 0 THEN RETURN sorted; END IF;
  IF old_groups IS NOT NULL THEN
    -- Every row is there, and keeps its ready_at: a new message never opens a group (G12).
    INSERT INTO stanchion.fifo_group AS f (bucket, lane_id, group_id, ready_at, claimed_seq, last_seq, pending)
    SELECT p_bucket, p_lane, o.group_id, p_now, 0, o.last, o.pending FROM unnest(old_groups, old_lasts, old_pendings) o(group_id, last, pending)
    ON CONFLICT (bucket, lane_id, group_id) DO UPDATE SET last_seq = excluded.last_seq, pending = f.pending + excluded.pending;
  END IF;
  INSERT INTO stanchion.fifo_cursor (bucket, lane_id, seq) VALUES (p_bucket, p_lane, run_last)
  ON CONFLICT (bucket, lane_id) DO UPDATE SET seq = excluded.seq;
  RETURN sorted;
END $$;

-- As fifo_take_v3, but of a group that has just arrived it knows the messages and looks for none. The caller makes sure that none of
-- these has been received before in another queue.
CREATE FUNCTION stanchion.fifo_take_v4(
  p_haul stanchion.fifo_haul, p_arrivals stanchion.fifo_arrival[], p_bucket integer, p_lane bigint, p_now timestamptz,
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
  -- One element an arrival: how much of it is handed out.
  taken_of integer[] := array_fill(0, ARRAY[cardinality(p_arrivals)]);
  arrived_bytes bigint := 0;
  -- One element a message of an arrival that is handed out.
  arrived_receives integer[] := '{}';
  arrived_seqs bigint[] := '{}';
  -- One element a message that was received before, with the place of its group in group_ids.
  old_places integer[] := '{}';
  old_seqs bigint[] := '{}';
  old_counts integer[] := '{}';
  old_firsts timestamptz[] := '{}';
  -- One element a message of those groups that is handed out; `found` is how many were looked at.
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
            NULL::bigint AS bytes, NULL::integer AS arrival
     FROM stanchion.fifo_group f
     WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.ready_at <= p_now AND f.ready_at < 'infinity'
       AND f.group_id <> ALL (haul.groups)
     ORDER BY f.ready_at, f.claimed_seq LIMIT wanted)
    UNION ALL
    SELECT n.group_id, stanchion.fifo_ready_at_v1(n.seqs[1], p_now), n.seqs[1] - 1, NULL, NULL, n.seqs, NULL, NULL, NULL, n.bytes, n.place::integer
    FROM unnest(p_arrivals) WITH ORDINALITY n(group_id, seqs, bytes, place)
    ORDER BY ready_at, claimed_seq LIMIT wanted
  LOOP
    WHILE room = 0 LOOP
      receiver := receiver + 1;
      room := haul.sizes[receiver];
    END LOOP;
    EXIT WHEN room IS NULL;
    IF g.arrival IS NOT NULL THEN
      taken := least(room, cardinality(g.seqs));
      IF arrived_bytes + g.bytes > haul.bytes_left / 2 THEN
        -- Half of the bytes are for arrivals, so that they never keep those out which were there before. One message always goes.
        haul.is_partial := true;
        EXIT WHEN total > 0 OR arrived_seqs <> '{}' OR haul.seqs <> '{}';
        taken := 1;
      END IF;
      arrived_bytes := arrived_bytes + g.bytes;
      taken_of[g.arrival] := taken;
      haul.groups := haul.groups || g.group_id;
      arrived_receives := arrived_receives || array_fill(receiver, ARRAY[taken]);
      arrived_seqs := arrived_seqs || g.seqs[1 : taken];
      room := room - taken;
      EXIT WHEN arrived_bytes > haul.bytes_left / 2;
      CONTINUE;
    END IF;
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
  IF total > 0 THEN
    SELECT count(*), sum(r.bytes) FILTER (WHERE r.fits), array_agg(r.place ORDER BY r.place, r.seq) FILTER (WHERE r.fits),
           array_agg(r.receive ORDER BY r.place, r.seq) FILTER (WHERE r.fits),
           array_agg(r.seq ORDER BY r.place, r.seq) FILTER (WHERE r.fits),
           array_agg(r.count ORDER BY r.place, r.seq) FILTER (WHERE r.fits),
           array_agg(r.first ORDER BY r.place, r.seq) FILTER (WHERE r.fits),
           array_agg(r.is_fresh ORDER BY r.place, r.seq) FILTER (WHERE r.fits), bool_or(r.has_spilled)
    INTO found, bytes, places, receives, seqs, counts, firsts, are_fresh, has_spilled
    FROM (SELECT s.*, NOT s.has_spilled AND NOT coalesce(bool_or(s.is_dead) OVER (PARTITION BY s.place ORDER BY s.seq), false) AS fits
     FROM (SELECT e.*, NOT (sum(e.bytes) OVER w <= haul.bytes_left - arrived_bytes OR haul.seqs = '{}' AND row_number() OVER w = 1) AS has_spilled
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
    IF places IS NOT NULL THEN
      -- Every row is there: this is an update of many rows by key whose order of joins no planner can turn around.
      INSERT INTO stanchion.fifo_group AS f (bucket, lane_id, group_id, ready_at, claimed_seq, last_seq, pending, seqs, visible_at,
        receive_counts, received_at, first_received_at)
      SELECT p_bucket, p_lane, group_ids[h.place],
             CASE WHEN h.ends_at > p_now THEN least(p_hides_until, h.ends_at) ELSE p_hides_until END,
             h.last_seq, lasts[h.place], -h.fresh, h.seqs, array_fill(p_hides_until, ARRAY[h.taken]), h.counts,
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
    END IF;
  END IF;
  IF p_arrivals <> '{}' THEN
    -- Written for the first time, with what is left of them.
    INSERT INTO stanchion.fifo_group (bucket, lane_id, group_id, ready_at, claimed_seq, last_seq, pending, seqs, visible_at,
      receive_counts, received_at, first_received_at)
    SELECT p_bucket, p_lane, n.group_id,
           CASE WHEN n.taken = 0 THEN stanchion.fifo_ready_at_v1(n.seqs[1], p_now)
                WHEN n.ends_at > p_now THEN least(p_hides_until, n.ends_at) ELSE p_hides_until END,
           coalesce(n.seqs[n.taken], n.seqs[1] - 1), n.seqs[cardinality(n.seqs)], cardinality(n.seqs) - n.taken, n.seqs[1 : n.taken],
           array_fill(p_hides_until, ARRAY[n.taken]), array_fill(1, ARRAY[n.taken]), array_fill(p_now, ARRAY[n.taken]),
           array_fill(p_now, ARRAY[n.taken])
    FROM (SELECT a.*, to_timestamp((a.seqs[1] >> 20) / 1000.0) + p_retention * interval '1 second' AS ends_at
          FROM ROWS FROM (unnest(p_arrivals), unnest(taken_of)) a(group_id, seqs, bytes, taken)) n;
    sizes := haul.sizes;
    FOREACH receiver IN ARRAY arrived_receives LOOP
      sizes[receiver] := sizes[receiver] - 1;
    END LOOP;
    haul.sizes := sizes;
    haul.bytes_left := haul.bytes_left - arrived_bytes;
    haul.receives := haul.receives || arrived_receives;
    haul.seqs := haul.seqs || arrived_seqs;
    haul.receive_counts := haul.receive_counts || array_fill(1, ARRAY[cardinality(arrived_seqs)]);
    haul.first_received_at := haul.first_received_at || array_fill(p_now, ARRAY[cardinality(arrived_seqs)]);
  END IF;
  RETURN haul;
END $$;

-- As fifo_claim_v4, by fifo_sort_v2 and fifo_take_v4. A lane that holds dead letters sorts its groups in first, because their
-- counts are elsewhere.
CREATE FUNCTION stanchion.fifo_claim_v5(
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
  sorted stanchion.fifo_sorted;
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
        IF dead_lane > 0 OR has_dead THEN
          -- What is moved is looked for in the groups themselves, and what was moved here has been received before.
          run := stanchion.fifo_index_v1(p_bucket, lane, min_seq, due_seq, chunk, t);
          sorted := ROW(run, false, '{}')::stanchion.fifo_sorted;
        ELSE
          sorted := stanchion.fifo_sort_v2(p_bucket, lane, min_seq, due_seq, chunk, wanted, t);
          run := sorted.size;
        END IF;
        is_at_tail := run < chunk AND NOT sorted.is_cut;
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
        haul := stanchion.fifo_take_v4(haul, sorted.arrivals, p_bucket, lane, t, hides_until, p_retentions[i], min_seq,
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
