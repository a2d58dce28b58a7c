-- Duties over many queues look at them by sets, and the numbers of a queue are counted and kept by one statement (decision 0037).
-- Locks: none.
-- breaking: no

-- As queues_to_measure_v2, a row for each bucket and kind of queue.
CREATE FUNCTION stanchion.queues_to_measure_v3(p_limit integer) RETURNS TABLE (bucket integer, is_fifo boolean, queue_ids integer[]) LANGUAGE sql AS $$
  SELECT d.bucket, d.is_fifo, array_agg(d.queue_id ORDER BY d.measured_at NULLS FIRST)
  FROM (SELECT q.bucket, q.is_fifo, q.queue_id, s.measured_at FROM stanchion.queue q
        LEFT JOIN stanchion.queue_statistics s ON s.bucket = q.bucket AND s.queue_id = q.queue_id
        WHERE coalesce(s.not_before, '-infinity') <= stanchion.clock()
          AND (s.measured_at IS NULL OR s.due_at <= stanchion.clock() OR s.active_at >= s.measured_at)
        ORDER BY s.measured_at NULLS FIRST LIMIT p_limit) d
  GROUP BY d.bucket, d.is_fifo
$$;

-- Counts queues of one bucket and kind, and keeps what it finds as keep_depths_v2 does.
CREATE FUNCTION stanchion.measure_queues_v1(p_bucket integer, p_is_fifo boolean, p_queues integer[], p_trusted_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  -- Before the first message is counted: what is reported from now on may be missing in the counts.
  t timestamptz := stanchion.clock();
  began timestamptz := clock_timestamp();
  lanes bigint[];
  queues integer[];
  retentions integer[];
  delays integer[];
  rest interval;
BEGIN
  -- Without `OFFSET 0` a plan that was made while the tables were empty could begin with all lanes of the bucket.
  SELECT array_agg(l.lane_id), array_agg(q.queue_id), array_agg(q.retention_seconds), array_agg(q.delay_seconds)
  INTO lanes, queues, retentions, delays
  FROM unnest(p_queues) u(queue_id)
  CROSS JOIN LATERAL (SELECT x.queue_id, x.retention_seconds, x.delay_seconds FROM stanchion.queue x
                      WHERE x.queue_id = u.queue_id OFFSET 0) q
  CROSS JOIN LATERAL (SELECT x.lane_id, x.kind FROM stanchion.lane x
                      WHERE x.bucket = p_bucket AND x.queue_id = u.queue_id OFFSET 0) l
  WHERE l.kind = 2;

  -- In the order of their ids, so that two nodes never wait for each other in a circle.
  INSERT INTO stanchion.queue_statistics AS s
    (bucket, queue_id, visible, in_flight, delayed, oldest_sent_at, measured_at, due_at, not_before)
  SELECT p_bucket, n.queue_id, n.visible, n.in_flight, n.delayed, n.oldest_sent_at, t,
         t + interval '1 second' * CASE WHEN n.in_flight + n.delayed > 0 THEN 10
           ELSE greatest(10, least(300, coalesce(n.retention - extract(epoch FROM t - n.oldest_sent_at), 300))) END,
         '-infinity'
  FROM (SELECT queues[c.place] AS queue_id, max(retentions[c.place]) AS retention, sum(c.visible) AS visible,
               sum(c.in_flight) AS in_flight, sum(c.delayed) AS delayed, to_timestamp(min(c.oldest_ms) / 1000) AS oldest_sent_at
        FROM (SELECT x.*, array_position(lanes, x.lane_id) AS place
              FROM (SELECT * FROM stanchion.count_v1(p_bucket, lanes, retentions, p_trusted_now) WHERE NOT p_is_fifo
                    UNION ALL
                    SELECT * FROM stanchion.fifo_count_v2(p_bucket, lanes, retentions, delays, p_trusted_now) WHERE p_is_fifo) x) c
        GROUP BY 1 ORDER BY 1) n
  ON CONFLICT (bucket, queue_id) DO UPDATE SET
    visible = excluded.visible, in_flight = excluded.in_flight, delayed = excluded.delayed, oldest_sent_at = excluded.oldest_sent_at,
    measured_at = excluded.measured_at, due_at = excluded.due_at, not_before = excluded.not_before;

  -- Queues that are slow to count are left alone for twenty times as long; for others that is over before anybody asks.
  rest := 20 * (clock_timestamp() - began) / cardinality(p_queues);
  IF rest > interval '1 second' THEN
    UPDATE stanchion.queue_statistics s SET not_before = t + rest WHERE s.bucket = p_bucket AND s.queue_id = ANY (p_queues);
  END IF;
END $$;

-- As end_overdue_leases_v1, but lanes without any are found out in one statement, and a lease with nothing left in it is left alone:
-- as the cursor of its lane it stays whatever its time is.
CREATE FUNCTION stanchion.end_overdue_leases_v2(p_bucket integer, p_after bigint, p_lanes integer)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
  r record;
  seen integer := 0;
  last_lane bigint;
BEGIN
  FOR r IN
    SELECT l.lane_id, (SELECT true FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = l.lane_id
                       AND c.visible_at <= t AND c.remaining > 0 LIMIT 1) AS has_overdue
    FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id > p_after AND l.kind = 2 ORDER BY l.lane_id LIMIT p_lanes
  LOOP
    seen := seen + 1;
    last_lane := r.lane_id;
    IF r.has_overdue THEN PERFORM stanchion.end_leases_v1(p_bucket, r.lane_id, t, '-infinity', 50); END IF;
  END LOOP;
  RETURN CASE WHEN seen = p_lanes THEN last_lane END;
END $$;

-- As expire_lanes_v1, but lanes of which nothing has outlived its retention are found out in one statement.
CREATE FUNCTION stanchion.expire_lanes_v2(p_bucket integer, p_after bigint, p_lanes integer, p_limit integer, p_trusted_now timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  retention_now timestamptz := stanchion.retention_clock(stanchion.clock(), p_trusted_now);
  r record;
  seen integer := 0;
  last_lane bigint;
BEGIN
  FOR r IN
    SELECT l.lane_id, l.min_seq, coalesce(
      (SELECT true FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = l.lane_id AND p.seq < l.min_seq LIMIT 1),
      (SELECT true FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = -l.lane_id AND p.seq < l.min_seq LIMIT 1),
      -- The newest lease stays, as the cursor.
      (SELECT true FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = l.lane_id AND c.last_seq < l.min_seq
         AND c.last_seq < (SELECT n.last_seq FROM stanchion.lease n WHERE n.bucket = p_bucket AND n.lane_id = l.lane_id
                           ORDER BY n.last_seq DESC LIMIT 1) LIMIT 1),
      (SELECT true FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = l.lane_id AND m.seq < l.min_seq
         AND m.seq > greatest(
           (SELECT n.last_seq FROM stanchion.lease n WHERE n.bucket = p_bucket AND n.lane_id = l.lane_id ORDER BY n.last_seq DESC LIMIT 1),
           (SELECT e.seq FROM stanchion.lane_expiry e WHERE e.bucket = p_bucket AND e.lane_id = l.lane_id), 0) LIMIT 1)) AS has_expired
    FROM (SELECT x.lane_id, stanchion.seq_at(retention_now - q.retention_seconds * interval '1 second') AS min_seq
          FROM stanchion.lane x JOIN stanchion.queue q ON q.queue_id = x.queue_id
          WHERE x.bucket = p_bucket AND x.lane_id > p_after AND x.kind = 2 AND NOT q.is_fifo ORDER BY x.lane_id LIMIT p_lanes) l
  LOOP
    seen := seen + 1;
    last_lane := r.lane_id;
    IF r.has_expired THEN PERFORM stanchion.expire_lane_v1(p_bucket, r.lane_id, r.min_seq, p_limit); END IF;
  END LOOP;
  RETURN CASE WHEN seen = p_lanes THEN last_lane END;
END $$;
