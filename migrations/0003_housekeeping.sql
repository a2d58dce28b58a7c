-- The statements of the background duties. They work in small steps and pass over what somebody else holds.
-- Locks: none.
-- breaking: no

-- An operator says that the database clock is right although it jumped ahead; retention then follows it (G11).
CREATE FUNCTION stanchion.confirm_clock() RETURNS void LANGUAGE sql
AS 'INSERT INTO stanchion.clock_confirmation VALUES (stanchion.clock()) ON CONFLICT DO NOTHING';

-- Ends overdue leases of the lanes behind p_after, up to p_lanes of them. Claims end the leases of their own lane; this is
-- for lanes that nobody receives from. Answers the lane to go on from, or null at the end.
CREATE FUNCTION stanchion.end_overdue_leases_v1(p_bucket integer, p_after bigint, p_lanes integer)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
  lane bigint := p_after;
BEGIN
  FOR i IN 1 .. p_lanes LOOP
    SELECT c.lane_id INTO lane FROM stanchion.lease c
    WHERE c.bucket = p_bucket AND c.lane_id > lane ORDER BY c.bucket, c.lane_id LIMIT 1;
    IF lane IS NULL THEN RETURN NULL; END IF;
    PERFORM stanchion.end_leases_v1(p_bucket, lane, t, '-infinity', 50);
  END LOOP;
  RETURN lane;
END $$;

-- Removes what a lane's retention has outlived: parked messages, and leases of which nothing is left. Rows of the log need
-- no removal, since claims pass over them. Answers how many rows went.
CREATE FUNCTION stanchion.expire_lane_v1(p_bucket integer, p_lane bigint, p_min_seq bigint, p_limit integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  stream bigint;
  seqs bigint[];
  removed integer := 0;
BEGIN
  FOREACH stream IN ARRAY ARRAY[p_lane, -p_lane] LOOP
    SELECT array_agg(x.seq) INTO seqs
    FROM (SELECT p.seq FROM stanchion.parked_message p
          WHERE p.bucket = p_bucket AND p.lane_id = stream AND p.seq < p_min_seq
          ORDER BY p.seq LIMIT p_limit FOR UPDATE SKIP LOCKED) x;
    IF seqs IS NOT NULL THEN
      DELETE FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = stream AND p.seq = ANY (seqs);
      removed := removed + cardinality(seqs);
    END IF;
  END LOOP;
  SELECT array_agg(x.last_seq) INTO seqs
  FROM (SELECT c.last_seq FROM stanchion.lease c
        WHERE c.bucket = p_bucket AND c.lane_id = p_lane AND c.last_seq < p_min_seq
          AND EXISTS (SELECT 1 FROM stanchion.lease n
                      WHERE n.bucket = p_bucket AND n.lane_id = p_lane AND n.last_seq > c.last_seq)
        ORDER BY c.last_seq LIMIT p_limit FOR UPDATE SKIP LOCKED) x;
  IF seqs IS NOT NULL THEN
    DELETE FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = p_lane AND c.last_seq = ANY (seqs);
    removed := removed + cardinality(seqs);
  END IF;
  RETURN removed;
END $$;

-- The same for the lanes behind p_after, up to p_lanes of them, p_limit rows a table and lane at most. Retention is judged
-- by the time that is trusted (G11). Answers the lane to go on from, or null at the end.
CREATE FUNCTION stanchion.expire_lanes_v1(p_bucket integer, p_after bigint, p_lanes integer, p_limit integer, p_trusted_now timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  retention_now timestamptz := stanchion.retention_clock(stanchion.clock(), p_trusted_now);
  r record;
  seen integer := 0;
  last_lane bigint;
BEGIN
  FOR r IN
    SELECT l.lane_id, q.retention_seconds FROM stanchion.lane l JOIN stanchion.queue q ON q.queue_id = l.queue_id
    WHERE l.bucket = p_bucket AND l.lane_id > p_after AND l.kind = 2 ORDER BY l.lane_id LIMIT p_lanes
  LOOP
    seen := seen + 1;
    last_lane := r.lane_id;
    PERFORM stanchion.expire_lane_v1(p_bucket, r.lane_id,
      stanchion.seq_at(retention_now - r.retention_seconds * interval '1 second'), p_limit);
  END LOOP;
  RETURN CASE WHEN seen = p_lanes THEN last_lane END;
END $$;

-- Empties a lane that a purge or a deletion left behind, p_limit rows a table at most. Answers how many rows went.
CREATE FUNCTION stanchion.clear_dead_lane_v1(p_bucket integer, p_lane bigint, p_limit integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  keys bigint[];
  removed integer := 0;
BEGIN
  SELECT array_agg(x.last_seq) INTO keys FROM (SELECT c.last_seq FROM stanchion.lease c
    WHERE c.bucket = p_bucket AND c.lane_id = p_lane ORDER BY c.last_seq LIMIT p_limit) x;
  IF keys IS NOT NULL THEN
    DELETE FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = p_lane AND c.last_seq = ANY (keys);
    removed := removed + cardinality(keys);
  END IF;
  SELECT array_agg(x.seq) INTO keys FROM (SELECT p.seq FROM stanchion.parked_message p
    WHERE p.bucket = p_bucket AND p.lane_id = p_lane ORDER BY p.seq LIMIT p_limit) x;
  IF keys IS NOT NULL THEN
    DELETE FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = p_lane AND p.seq = ANY (keys);
    removed := removed + cardinality(keys);
  END IF;
  SELECT array_agg(x.seq) INTO keys FROM (SELECT b.seq FROM stanchion.parked_body b
    WHERE b.bucket = p_bucket AND b.lane_id = p_lane ORDER BY b.seq LIMIT p_limit) x;
  IF keys IS NOT NULL THEN
    DELETE FROM stanchion.parked_body b WHERE b.bucket = p_bucket AND b.lane_id = p_lane AND b.seq = ANY (keys);
    removed := removed + cardinality(keys);
  END IF;
  IF removed = 0 THEN
    DELETE FROM stanchion.dead_lane d WHERE d.bucket = p_bucket AND d.lane_id = p_lane;
  END IF;
  RETURN removed;
END $$;

-- Removes bodies whose parked message is gone, looking at p_limit of them behind the given key. Answers the key to go on
-- from, or no row at the end.
CREATE FUNCTION stanchion.remove_orphaned_bodies_v1(p_bucket integer, p_lane bigint, p_seq bigint, p_limit integer)
RETURNS TABLE (bucket integer, lane_id bigint, seq bigint) LANGUAGE plpgsql AS $$
DECLARE
  r record;
  seen integer := 0;
BEGIN
  FOR r IN
    SELECT b.bucket, b.lane_id, b.seq,
           EXISTS (SELECT 1 FROM stanchion.parked_message p
                   WHERE p.bucket = b.bucket AND p.lane_id = b.lane_id AND p.seq = b.seq) AS is_needed
    FROM stanchion.parked_body b WHERE (b.bucket, b.lane_id, b.seq) > (p_bucket, p_lane, p_seq)
    ORDER BY b.bucket, b.lane_id, b.seq LIMIT p_limit
  LOOP
    seen := seen + 1;
    bucket := r.bucket;
    lane_id := r.lane_id;
    seq := r.seq;
    IF NOT r.is_needed THEN
      DELETE FROM stanchion.parked_body b WHERE b.bucket = r.bucket AND b.lane_id = r.lane_id AND b.seq = r.seq;
    END IF;
  END LOOP;
  IF seen = p_limit THEN RETURN NEXT; END IF;
END $$;

-- Which lanes still need a segment of the log? Looks at up to p_lanes lanes that have rows in it, behind the given key, and
-- answers for each how many of its messages there are unfinished: not delivered yet, leased, or parked with their body
-- still in the log. Lanes of no queue, and messages that outlived their retention, need nothing.
-- What is finished stays finished: no statement can make a message of a finished range deliverable again.
CREATE FUNCTION stanchion.unfinished_lanes_v1(
  p_lower bigint, p_upper bigint, p_bucket integer, p_lane bigint, p_lanes integer, p_trusted_now timestamptz
) RETURNS TABLE (bucket integer, lane_id bigint, unfinished bigint) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
  retention_now timestamptz := stanchion.retention_clock(t, p_trusted_now);
  next_bucket integer := p_bucket;
  next_lane bigint := p_lane;
  min_seq bigint;
  cursor_seq bigint;
BEGIN
  FOR i IN 1 .. p_lanes LOOP
    SELECT m.bucket, m.lane_id INTO next_bucket, next_lane FROM stanchion.message_log m
    WHERE m.seq >= p_lower AND m.seq < p_upper AND (m.bucket, m.lane_id) > (next_bucket, next_lane)
    ORDER BY m.bucket, m.lane_id LIMIT 1;
    IF next_bucket IS NULL THEN RETURN; END IF;
    bucket := next_bucket;
    lane_id := next_lane;
    unfinished := 0;
    SELECT greatest(p_lower, stanchion.seq_at(retention_now - q.retention_seconds * interval '1 second')) INTO min_seq
    FROM stanchion.lane l JOIN stanchion.queue q ON q.queue_id = l.queue_id
    WHERE l.bucket = next_bucket AND l.lane_id = abs(next_lane) AND l.kind = 2;
    IF min_seq IS NOT NULL THEN
      SELECT count(*) INTO unfinished FROM stanchion.parked_message p
      WHERE p.bucket = next_bucket AND p.lane_id = next_lane AND p.seq >= min_seq AND p.seq < p_upper
        AND NOT EXISTS (SELECT 1 FROM stanchion.parked_body b
                        WHERE b.bucket = next_bucket AND b.lane_id = next_lane AND b.seq = p.seq);
      IF next_lane > 0 THEN
        SELECT c.last_seq INTO cursor_seq FROM stanchion.lease c
        WHERE c.bucket = next_bucket AND c.lane_id = next_lane ORDER BY c.last_seq DESC LIMIT 1;
        unfinished := unfinished
          + (SELECT count(*) FROM (SELECT 1 FROM stanchion.message_log m
               WHERE m.bucket = next_bucket AND m.lane_id = next_lane AND m.seq >= greatest(coalesce(cursor_seq, 0) + 1, min_seq)
                 AND m.seq < p_upper LIMIT 100000) x)
          + coalesce((SELECT sum(c.remaining) FROM stanchion.lease c
               WHERE c.bucket = next_bucket AND c.lane_id = next_lane AND c.last_seq >= min_seq AND c.first_seq < p_upper), 0);
      END IF;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;

-- Frees a segment from the few messages of a lane that are still needed: they are parked, with a copy of their bodies.
-- Under the lane's head lock, so no claim reads in between. Answers how many bodies were copied.
CREATE FUNCTION stanchion.copy_forward_v1(p_bucket integer, p_lane bigint, p_lower bigint, p_upper bigint, p_trusted_now timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  min_seq bigint;
  cursor_seq bigint;
  last record;
  r record;
  moved integer;
  copied integer;
BEGIN
  PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = abs(p_lane) AND l.kind = 2 FOR UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  t := stanchion.clock();
  SELECT greatest(p_lower, stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - q.retention_seconds * interval '1 second'))
  INTO min_seq
  FROM stanchion.lane l JOIN stanchion.queue q ON q.queue_id = l.queue_id
  WHERE l.bucket = p_bucket AND l.lane_id = abs(p_lane) AND l.kind = 2;

  IF p_lane > 0 THEN
    -- Leased messages go their own way, under the lease's own end; their handles find them there.
    FOR r IN
      SELECT c.last_seq, c.first_seq, c.last_ord - c.size + 1 AS first_ord, c.done, c.remaining, c.visible_at, c.claimed_at,
             EXISTS (SELECT 1 FROM stanchion.lease n
                     WHERE n.bucket = p_bucket AND n.lane_id = p_lane AND n.last_seq > c.last_seq) AS superseded
      FROM stanchion.lease c
      WHERE c.bucket = p_bucket AND c.lane_id = p_lane AND c.last_seq >= min_seq AND c.first_seq < p_upper AND c.remaining > 0
      ORDER BY c.last_seq FOR UPDATE
    LOOP
      moved := 0;
      FOR last IN
        SELECT m.seq, (m.ord - r.first_ord)::integer AS index FROM stanchion.message_log m
        WHERE m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq >= greatest(r.first_seq, min_seq)
          AND m.seq <= r.last_seq AND m.seq < p_upper AND get_bit(r.done, (m.ord - r.first_ord)::integer) = 0
      LOOP
        INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count, received_at, first_received_at)
        VALUES (p_bucket, p_lane, last.seq, r.visible_at, 1, r.claimed_at, r.claimed_at);
        r.done := set_bit(r.done, last.index, 1);
        moved := moved + 1;
      END LOOP;
      IF moved = r.remaining AND r.superseded THEN
        DELETE FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = p_lane AND c.last_seq = r.last_seq;
      ELSIF moved > 0 THEN
        UPDATE stanchion.lease c SET done = r.done, remaining = r.remaining - moved
        WHERE c.bucket = p_bucket AND c.lane_id = p_lane AND c.last_seq = r.last_seq;
      END IF;
    END LOOP;
    -- Messages that nobody has received yet become parked ones that are visible, and the cursor moves behind them.
    SELECT c.last_seq INTO cursor_seq FROM stanchion.lease c
    WHERE c.bucket = p_bucket AND c.lane_id = p_lane ORDER BY c.last_seq DESC LIMIT 1;
    INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count)
    SELECT p_bucket, p_lane, m.seq, t, 0 FROM stanchion.message_log m
    WHERE m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq >= greatest(coalesce(cursor_seq, 0) + 1, min_seq) AND m.seq < p_upper;
    SELECT m.seq, m.ord INTO last FROM stanchion.message_log m
    WHERE m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq < p_upper ORDER BY m.seq DESC LIMIT 1;
    IF last.seq > coalesce(cursor_seq, 0) THEN
      INSERT INTO stanchion.lease (bucket, lane_id, last_seq, first_seq, last_ord, size, remaining, visible_at, claimed_at, done)
      VALUES (p_bucket, p_lane, last.seq, last.seq, last.ord, 1, 0, 'infinity', t, B'1');
      DELETE FROM stanchion.lease c
      WHERE c.bucket = p_bucket AND c.lane_id = p_lane AND c.last_seq = cursor_seq AND c.remaining = 0;
    END IF;
  END IF;

  INSERT INTO stanchion.parked_body (bucket, lane_id, seq, attributes, body)
  SELECT p_bucket, p_lane, p.seq, m.attributes, m.body
  FROM stanchion.parked_message p
  JOIN stanchion.message_log m ON m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq = p.seq
  WHERE p.bucket = p_bucket AND p.lane_id = p_lane AND p.seq >= min_seq AND p.seq < p_upper
    AND m.seq >= p_lower AND m.seq < p_upper
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS copied = ROW_COUNT;
  RETURN copied;
END $$;
