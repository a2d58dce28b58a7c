-- What the queues did and how deep they are, kept so that dashboards, autoscaling and the console read it without counting a
-- message (decision 0020).
-- Locks: none that matter, everything is new; two functions of the retention duty are replaced by ones that also note what they remove.
-- breaking: no

-- One row a queue: what was done to it since it was created, by all nodes, and how deep it was when it was last measured.
-- A queue without a row has done nothing and was never measured.
CREATE TABLE stanchion.queue_statistics (
  bucket integer,
  queue_id integer,
  sent bigint NOT NULL DEFAULT 0,
  received bigint NOT NULL DEFAULT 0,
  deleted bigint NOT NULL DEFAULT 0,
  dead_lettered bigint NOT NULL DEFAULT 0,
  moved bigint NOT NULL DEFAULT 0,
  expired bigint NOT NULL DEFAULT 0,
  empty_receives bigint NOT NULL DEFAULT 0,
  redelivered bigint NOT NULL DEFAULT 0,
  released bigint NOT NULL DEFAULT 0,
  leases_expired bigint NOT NULL DEFAULT 0,
  duplicates_refused bigint NOT NULL DEFAULT 0,
  -- When a node last reported something; what was measured before that is out of date.
  active_at timestamptz NOT NULL DEFAULT '-infinity',
  visible bigint NOT NULL DEFAULT 0,
  in_flight bigint NOT NULL DEFAULT 0,
  delayed bigint NOT NULL DEFAULT 0,
  oldest_sent_at timestamptz,
  measured_at timestamptz,
  -- When it is measured next although nobody reported anything: time alone ends delays, leases and retention.
  due_at timestamptz NOT NULL DEFAULT '-infinity',
  -- A queue that is slow to measure is left alone until then.
  not_before timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (bucket, queue_id)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);

-- The last report of each node: a report whose outcome was not known is made again and counts once.
CREATE TABLE stanchion.statistics_report (
  bucket integer,
  node_id uuid,
  number integer NOT NULL,
  reported_at timestamptz NOT NULL,
  PRIMARY KEY (bucket, node_id)
);

-- Up to where what a lane's retention outlived has been counted, for lanes where that ever happened.
CREATE TABLE stanchion.lane_expiry (
  bucket integer,
  lane_id bigint,
  seq bigint NOT NULL,
  PRIMARY KEY (bucket, lane_id)
);

-- Adds what a node did to queues of one bucket, one element a queue. A queue that is gone is passed over.
CREATE FUNCTION stanchion.report_activity_v1(
  p_bucket integer, p_node uuid, p_number integer, p_queues integer[], p_sent integer[], p_received integer[], p_deleted integer[],
  p_dead_lettered integer[], p_moved integer[], p_empty_receives integer[], p_redelivered integer[], p_released integer[],
  p_duplicates_refused integer[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
BEGIN
  INSERT INTO stanchion.statistics_report AS r VALUES (p_bucket, p_node, p_number, t)
  ON CONFLICT (bucket, node_id) DO UPDATE SET number = p_number, reported_at = t WHERE r.number < p_number;
  IF NOT FOUND THEN RETURN; END IF;
  -- In the order of their ids, so that two nodes never wait for each other in a circle.
  INSERT INTO stanchion.queue_statistics AS s (bucket, queue_id, sent, received, deleted, dead_lettered, moved, empty_receives,
    redelivered, released, leases_expired, duplicates_refused, active_at)
  SELECT p_bucket, u.queue_id, u.sent, u.received, u.deleted, u.dead_lettered, u.moved, u.empty_receives, u.redelivered, u.released,
         greatest(0, u.redelivered + u.dead_lettered - u.released), u.duplicates_refused, t
  FROM unnest(p_queues, p_sent, p_received, p_deleted, p_dead_lettered, p_moved, p_empty_receives, p_redelivered, p_released,
              p_duplicates_refused)
    u(queue_id, sent, received, deleted, dead_lettered, moved, empty_receives, redelivered, released, duplicates_refused)
  JOIN stanchion.queue q ON q.queue_id = u.queue_id
  ORDER BY u.queue_id
  ON CONFLICT (bucket, queue_id) DO UPDATE SET
    sent = s.sent + excluded.sent, received = s.received + excluded.received, deleted = s.deleted + excluded.deleted,
    dead_lettered = s.dead_lettered + excluded.dead_lettered, moved = s.moved + excluded.moved,
    empty_receives = s.empty_receives + excluded.empty_receives, redelivered = s.redelivered + excluded.redelivered,
    released = s.released + excluded.released,
    -- A lease has ended by itself when its message comes again, or goes to the dead letters, without a release. The
    -- greatest, because a release is reported before the message comes again.
    leases_expired = greatest(s.leases_expired,
      s.redelivered + excluded.redelivered + s.dead_lettered + excluded.dead_lettered - s.released - excluded.released),
    duplicates_refused = s.duplicates_refused + excluded.duplicates_refused, active_at = t;
END $$;

-- Says that something happened to queues whose numbers somebody else reports, or nobody: their depth is out of date.
CREATE FUNCTION stanchion.touch_queues_v1(p_queues integer[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO stanchion.queue_statistics AS s (bucket, queue_id, active_at)
  SELECT q.bucket, q.queue_id, stanchion.clock() FROM stanchion.queue q WHERE q.queue_id = ANY (p_queues) ORDER BY q.bucket, q.queue_id
  ON CONFLICT (bucket, queue_id) DO UPDATE SET active_at = excluded.active_at
$$;

-- Which queues are to be measured: those out of date, and those whose time has come; the longest unmeasured first.
CREATE FUNCTION stanchion.queues_to_measure_v1(p_limit integer) RETURNS SETOF integer LANGUAGE sql AS $$
  SELECT q.queue_id FROM stanchion.queue q
  LEFT JOIN stanchion.queue_statistics s ON s.bucket = q.bucket AND s.queue_id = q.queue_id
  WHERE s.measured_at IS NULL OR s.due_at <= stanchion.clock() OR (s.active_at >= s.measured_at AND s.not_before <= stanchion.clock())
  ORDER BY s.measured_at NULLS FIRST LIMIT p_limit
$$;

-- Keeps what was measured of queues of one bucket, one element a queue.
--   p_started_at   before the first message was counted
--   p_cost         seconds that a queue took; it is left alone for twenty times as long
CREATE FUNCTION stanchion.keep_depths_v1(
  p_bucket integer, p_queues integer[], p_visible bigint[], p_in_flight bigint[], p_delayed bigint[], p_ages double precision[],
  p_started_at timestamptz, p_cost double precision
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
BEGIN
  INSERT INTO stanchion.queue_statistics AS s
    (bucket, queue_id, visible, in_flight, delayed, oldest_sent_at, measured_at, due_at, not_before)
  SELECT p_bucket, u.queue_id, u.visible, u.in_flight, u.delayed, t - u.age * interval '1 second', p_started_at,
         greatest(t + CASE WHEN u.age IS NULL THEN interval '5 minutes' ELSE interval '10 seconds' END,
                  t + 20 * p_cost * interval '1 second'),
         t + 20 * p_cost * interval '1 second'
  FROM unnest(p_queues, p_visible, p_in_flight, p_delayed, p_ages) u(queue_id, visible, in_flight, delayed, age)
  JOIN stanchion.queue q ON q.queue_id = u.queue_id
  ORDER BY u.queue_id
  ON CONFLICT (bucket, queue_id) DO UPDATE SET
    visible = excluded.visible, in_flight = excluded.in_flight, delayed = excluded.delayed, oldest_sent_at = excluded.oldest_sent_at,
    measured_at = excluded.measured_at, due_at = excluded.due_at, not_before = excluded.not_before;
END $$;

-- Removes what belongs to queues and nodes that are gone.
CREATE FUNCTION stanchion.tidy_statistics_v1() RETURNS void LANGUAGE sql AS $$
  DELETE FROM stanchion.queue_statistics s
  WHERE NOT EXISTS (SELECT 1 FROM stanchion.queue q WHERE q.queue_id = s.queue_id);
  DELETE FROM stanchion.lane_expiry e
  WHERE NOT EXISTS (SELECT 1 FROM stanchion.lane l WHERE l.bucket = e.bucket AND l.lane_id = e.lane_id);
  DELETE FROM stanchion.statistics_report r WHERE r.reported_at < stanchion.clock() - interval '1 day'
$$;

-- What the retention duty found to have expired and nobody has added up yet. Only ever inserted into and emptied, so that no duty
-- waits for a row of the statistics.
CREATE TABLE stanchion.expiry_note (
  bucket integer NOT NULL,
  lane_id bigint NOT NULL,
  expired bigint NOT NULL
);

-- How many messages of a lane that nobody has ever claimed have outlived its retention since this was last asked. They stand behind
-- the cursor without a gap in their ordinals. What a claim has passed over meanwhile is not seen.
--   p_cursor   the last message that was claimed, or sorted into its group
CREATE FUNCTION stanchion.count_passed_v1(p_bucket integer, p_lane bigint, p_cursor bigint, p_min_seq bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  floor_seq bigint;
  first_seq bigint;
  first_ord bigint;
  next_ord bigint;
BEGIN
  SELECT greatest(coalesce(p_cursor, 0), coalesce(max(e.seq), 0)) INTO floor_seq
  FROM stanchion.lane_expiry e WHERE e.bucket = p_bucket AND e.lane_id = p_lane;
  SELECT m.seq, m.ord INTO first_seq, first_ord FROM stanchion.message_log m
  WHERE m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq > floor_seq ORDER BY m.seq LIMIT 1;
  IF first_seq IS NULL OR first_seq >= p_min_seq THEN RETURN 0; END IF;
  SELECT m.ord INTO next_ord FROM stanchion.message_log m
  WHERE m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq >= p_min_seq ORDER BY m.seq LIMIT 1;
  IF next_ord IS NULL THEN
    SELECT m.ord + 1 INTO next_ord FROM stanchion.message_log m
    WHERE m.bucket = p_bucket AND m.lane_id = p_lane ORDER BY m.seq DESC LIMIT 1;
  END IF;
  INSERT INTO stanchion.lane_expiry AS e VALUES (p_bucket, p_lane, p_min_seq - 1)
  ON CONFLICT (bucket, lane_id) DO UPDATE SET seq = greatest(e.seq, excluded.seq);
  RETURN next_ord - first_ord;
END $$;

-- As before, and notes how many messages went.
CREATE OR REPLACE FUNCTION stanchion.expire_lane_v1(p_bucket integer, p_lane bigint, p_min_seq bigint, p_limit integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  stream bigint;
  seqs bigint[];
  left_over bigint;
  cursor_seq bigint;
  removed integer := 0;
  expired bigint := 0;
BEGIN
  FOREACH stream IN ARRAY ARRAY[p_lane, -p_lane] LOOP
    SELECT array_agg(x.seq) INTO seqs
    FROM (SELECT p.seq FROM stanchion.parked_message p
          WHERE p.bucket = p_bucket AND p.lane_id = stream AND p.seq < p_min_seq
          ORDER BY p.seq LIMIT p_limit FOR UPDATE SKIP LOCKED) x;
    IF seqs IS NOT NULL THEN
      DELETE FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = stream AND p.seq = ANY (seqs);
      removed := removed + cardinality(seqs);
      expired := expired + cardinality(seqs);
    END IF;
  END LOOP;
  SELECT array_agg(x.last_seq), sum(x.remaining) INTO seqs, left_over
  FROM (SELECT c.last_seq, c.remaining FROM stanchion.lease c
        WHERE c.bucket = p_bucket AND c.lane_id = p_lane AND c.last_seq < p_min_seq
          AND EXISTS (SELECT 1 FROM stanchion.lease n
                      WHERE n.bucket = p_bucket AND n.lane_id = p_lane AND n.last_seq > c.last_seq)
        ORDER BY c.last_seq LIMIT p_limit FOR UPDATE SKIP LOCKED) x;
  IF seqs IS NOT NULL THEN
    DELETE FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = p_lane AND c.last_seq = ANY (seqs);
    removed := removed + cardinality(seqs);
    expired := expired + left_over;
  END IF;
  SELECT c.last_seq INTO cursor_seq FROM stanchion.lease c
  WHERE c.bucket = p_bucket AND c.lane_id = p_lane ORDER BY c.last_seq DESC LIMIT 1;
  expired := expired + stanchion.count_passed_v1(p_bucket, p_lane, cursor_seq, p_min_seq);
  IF expired > 0 THEN INSERT INTO stanchion.expiry_note VALUES (p_bucket, p_lane, expired); END IF;
  RETURN removed;
END $$;

-- As before, without the lanes of FIFO queues, which have a duty of their own.
CREATE OR REPLACE FUNCTION stanchion.expire_lanes_v1(p_bucket integer, p_after bigint, p_lanes integer, p_limit integer, p_trusted_now timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  retention_now timestamptz := stanchion.retention_clock(stanchion.clock(), p_trusted_now);
  r record;
  seen integer := 0;
  last_lane bigint;
BEGIN
  FOR r IN
    SELECT l.lane_id, q.retention_seconds FROM stanchion.lane l JOIN stanchion.queue q ON q.queue_id = l.queue_id
    WHERE l.bucket = p_bucket AND l.lane_id > p_after AND l.kind = 2 AND NOT q.is_fifo ORDER BY l.lane_id LIMIT p_lanes
  LOOP
    seen := seen + 1;
    last_lane := r.lane_id;
    PERFORM stanchion.expire_lane_v1(p_bucket, r.lane_id,
      stanchion.seq_at(retention_now - r.retention_seconds * interval '1 second'), p_limit);
  END LOOP;
  RETURN CASE WHEN seen = p_lanes THEN last_lane END;
END $$;

-- As tidy_fifo_lanes_v2, and notes how many messages went.
CREATE FUNCTION stanchion.tidy_fifo_lanes_v3(p_bucket integer, p_after bigint, p_lanes integer, p_limit integer, p_trusted_now timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  min_seq bigint;
  cursor_seq bigint;
  expired bigint;
  keys bigint[];
  ids text[];
  r record;
  g stanchion.fifo_group;
  rest stanchion.fifo_group;
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
    expired := 0;
    FOR g IN
      SELECT f.* FROM stanchion.fifo_group f WHERE f.bucket = p_bucket AND f.lane_id = r.lane_id
        AND coalesce(f.seqs[1], f.claimed_seq + 1) < min_seq LIMIT p_limit
    LOOP
      rest := stanchion.fifo_expire_v1(g, min_seq);
      expired := expired + g.pending + cardinality(g.seqs) - rest.pending - cardinality(rest.seqs);
      PERFORM stanchion.fifo_put_v1(rest, t, r.retention_seconds);
    END LOOP;
    SELECT c.seq INTO cursor_seq FROM stanchion.fifo_cursor c WHERE c.bucket = p_bucket AND c.lane_id = r.lane_id;
    expired := expired + stanchion.count_passed_v1(p_bucket, r.lane_id, cursor_seq, min_seq);
    IF expired > 0 THEN INSERT INTO stanchion.expiry_note VALUES (p_bucket, r.lane_id, expired); END IF;
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

-- Adds up the notes. What belongs to lanes that are gone, of purged and deleted queues, is dropped.
CREATE FUNCTION stanchion.sum_expired_v1() RETURNS void LANGUAGE sql AS $$
  WITH noted AS (DELETE FROM stanchion.expiry_note RETURNING bucket, lane_id, expired)
  INSERT INTO stanchion.queue_statistics AS s (bucket, queue_id, expired, active_at)
  SELECT l.bucket, l.queue_id, sum(n.expired), stanchion.clock()
  FROM noted n JOIN stanchion.lane l ON l.bucket = n.bucket AND l.lane_id = n.lane_id AND l.kind = 2
  GROUP BY l.bucket, l.queue_id ORDER BY l.bucket, l.queue_id
  ON CONFLICT (bucket, queue_id) DO UPDATE SET expired = s.expired + excluded.expired, active_at = excluded.active_at
$$;
