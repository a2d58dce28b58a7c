-- Queues are measured when something may have changed, also where there are ten thousand of them (decision 0020).
-- Locks: lane, for as long as it takes to index its rows, two a lane.
-- breaking: no

-- The lanes of a queue. Without it each look at a queue read all lanes of its bucket. As in 0019, the condition holds for every row
-- and keeps the index away from statements that do not name the queue.
CREATE INDEX lane_queue ON stanchion.lane (bucket, queue_id) WHERE queue_id IS NOT NULL;

-- As queues_to_measure_v1, and one that could not be measured is left alone for its time as well.
CREATE FUNCTION stanchion.queues_to_measure_v2(p_limit integer) RETURNS SETOF integer LANGUAGE sql AS $$
  SELECT q.queue_id FROM stanchion.queue q
  LEFT JOIN stanchion.queue_statistics s ON s.bucket = q.bucket AND s.queue_id = q.queue_id
  WHERE coalesce(s.not_before, '-infinity') <= stanchion.clock()
    AND (s.measured_at IS NULL OR s.due_at <= stanchion.clock() OR s.active_at >= s.measured_at)
  ORDER BY s.measured_at NULLS FIRST LIMIT p_limit
$$;

-- As keep_depths_v1, but time alone changes a queue only while something is leased or delayed, and when its oldest message has
-- outlived the retention.
CREATE FUNCTION stanchion.keep_depths_v2(
  p_bucket integer, p_queues integer[], p_visible bigint[], p_in_flight bigint[], p_delayed bigint[], p_ages double precision[],
  p_started_at timestamptz, p_cost double precision
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
BEGIN
  INSERT INTO stanchion.queue_statistics AS s
    (bucket, queue_id, visible, in_flight, delayed, oldest_sent_at, measured_at, due_at, not_before)
  SELECT p_bucket, u.queue_id, u.visible, u.in_flight, u.delayed, t - u.age * interval '1 second', p_started_at,
         greatest(t + 20 * p_cost * interval '1 second',
                  t + interval '1 second' * CASE WHEN u.in_flight + u.delayed > 0 THEN 10
                                                 ELSE greatest(10, least(300, coalesce(q.retention_seconds - u.age, 300))) END),
         t + 20 * p_cost * interval '1 second'
  FROM unnest(p_queues, p_visible, p_in_flight, p_delayed, p_ages) u(queue_id, visible, in_flight, delayed, age)
  JOIN stanchion.queue q ON q.queue_id = u.queue_id
  ORDER BY u.queue_id
  ON CONFLICT (bucket, queue_id) DO UPDATE SET
    visible = excluded.visible, in_flight = excluded.in_flight, delayed = excluded.delayed, oldest_sent_at = excluded.oldest_sent_at,
    measured_at = excluded.measured_at, due_at = excluded.due_at, not_before = excluded.not_before;
END $$;

-- A queue that could not be measured keeps its numbers, and is left alone for so many seconds.
CREATE FUNCTION stanchion.put_off_measuring_v1(p_bucket integer, p_queue integer, p_seconds double precision) RETURNS void LANGUAGE sql AS $$
  INSERT INTO stanchion.queue_statistics AS s (bucket, queue_id, not_before)
  SELECT q.bucket, q.queue_id, stanchion.clock() + p_seconds * interval '1 second'
  FROM stanchion.queue q WHERE q.bucket = p_bucket AND q.queue_id = p_queue
  ON CONFLICT (bucket, queue_id) DO UPDATE SET not_before = excluded.not_before
$$;
