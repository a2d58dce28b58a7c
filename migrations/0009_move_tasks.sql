-- Move tasks: everything visible in a dead-letter queue goes back to where it came from, or to one other queue (decision 0017).
-- Locks: none that matter, everything is new.
-- breaking: no

-- One row a task. Whoever holds its lock does its next step, or ends it. A task belongs to its source queue for as long as that
-- is there. `messages_max` is what the source held when the task started: a task moves that many and no more, so it ends even if
-- what it moves comes straight back. `next_at` is when the next step may be done.
CREATE TABLE stanchion.move_task (
  task_id uuid PRIMARY KEY,
  account_id text COLLATE "C" NOT NULL,
  source_queue_id integer NOT NULL,
  destination text COLLATE "C",
  messages_per_second_max integer,
  status text NOT NULL CHECK (status IN ('running', 'completed', 'cancelled', 'failed')),
  failure text CHECK (failure IN ('destinationNotFound', 'sourceUnknown', 'timedOut')),
  messages_moved bigint NOT NULL,
  messages_to_move bigint NOT NULL,
  messages_max bigint NOT NULL,
  next_at timestamptz NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  CHECK ((status = 'failed') = (failure IS NOT NULL)),
  CHECK ((status = 'running') = (ended_at IS NULL))
);
-- One running task a source, whatever two nodes do at once.
CREATE UNIQUE INDEX move_task_running ON stanchion.move_task (source_queue_id) WHERE status = 'running';
CREATE INDEX move_task_next_at ON stanchion.move_task (next_at, task_id) WHERE status = 'running';
CREATE INDEX move_task_source ON stanchion.move_task (source_queue_id, started_at, task_id);

-- A message on its way: its place and delivery in the source, what it holds, and the name of the queue it goes to.
CREATE TYPE stanchion.moving_message AS (
  lane_id bigint, seq bigint, lease_seq bigint, lease_index integer, receive_count integer, body text, attributes text,
  group_id text, deduplication_id text, goal text
);

-- A queue that takes messages of a step: `lane_id` is the tail that takes them, that of its delay stream where it delays.
CREATE TYPE stanchion.move_destination AS (
  name text, queue_id integer, is_fifo boolean, bucket integer, lane_id bigint, version integer, delay_seconds integer
);

-- Locks the tails of those queues of p_names that there are, in order, and answers them. Raises ST002 when one was changed meanwhile.
CREATE FUNCTION stanchion.lock_destinations_v1(p_account text, p_names text[]) RETURNS stanchion.move_destination[]
LANGUAGE plpgsql AS $$
DECLARE
  destinations stanchion.move_destination[];
  d stanchion.move_destination;
BEGIN
  SELECT coalesce(array_agg((x.name, x.queue_id, x.is_fifo, x.bucket, x.lane_id, x.version, x.delay_seconds)::stanchion.move_destination
                            ORDER BY x.bucket, x.lane_id), '{}')
  INTO destinations
  FROM (SELECT q.name, q.queue_id, q.is_fifo, q.bucket,
               CASE WHEN q.is_fifo OR q.delay_seconds = 0 THEN l.lane_id ELSE -l.lane_id END AS lane_id, q.version, q.delay_seconds
        FROM stanchion.queue q
        CROSS JOIN LATERAL (SELECT n.lane_id FROM stanchion.lane n
                            WHERE n.bucket = q.bucket AND n.queue_id = q.queue_id AND n.kind = 2
                            ORDER BY n.lane_id LIMIT 1) l
        WHERE q.account_id = p_account AND q.name = ANY (p_names)) x;
  FOREACH d IN ARRAY destinations LOOP
    PERFORM 1 FROM stanchion.lane l
    WHERE l.bucket = d.bucket AND l.lane_id = d.lane_id AND l.kind = 1 AND l.version = d.version FOR UPDATE;
    IF NOT FOUND THEN RAISE EXCEPTION 'a destination was changed meanwhile' USING ERRCODE = 'ST002'; END IF;
  END LOOP;
  RETURN destinations;
END $$;

-- Claims up to p_count visible messages of a queue, in order. `is_exhausted` says that there was nothing else to claim.
CREATE FUNCTION stanchion.take_messages_v1(
  p_source stanchion.queue, p_count integer, p_bytes_max integer, p_trusted_now timestamptz, p_deadline timestamptz,
  OUT taken stanchion.moving_message[], OUT is_exhausted boolean
) LANGUAGE plpgsql AS $$
DECLARE
  lane record;
  more stanchion.moving_message[];
  is_done boolean;
BEGIN
  taken := '{}';
  is_exhausted := true;
  FOR lane IN
    SELECT l.lane_id, l.version FROM stanchion.lane l
    WHERE l.bucket = p_source.bucket AND l.queue_id = p_source.queue_id AND l.kind = 2 ORDER BY l.lane_id
  LOOP
    IF p_source.is_fifo THEN
      SELECT array_agg((lane.lane_id, (c.seq_ms::bigint << 20) | c.seq_number, 0, 0, c.receive_count, c.body, c.attributes,
                        c.group_id, c.deduplication_id, NULL)::stanchion.moving_message ORDER BY c.place)
               FILTER (WHERE c.seq_ms IS NOT NULL),
             bool_and(NOT c.stale AND NOT c.has_more) FILTER (WHERE c.seq_ms IS NULL)
      INTO more, is_done
      FROM stanchion.fifo_claim_v1(p_source.bucket, ARRAY[lane.lane_id], ARRAY[lane.version], ARRAY[30],
        ARRAY[p_source.retention_seconds], ARRAY[p_source.delay_seconds], ARRAY[1], ARRAY[p_count], p_trusted_now, p_deadline,
        p_bytes_max) WITH ORDINALITY
        c(lane_id, stale, receive, seq_ms, seq_number, receive_count, first_received_ms, body, attributes, group_id,
          deduplication_id, now_ms, due_in_ms, has_more, place);
    ELSE
      SELECT array_agg((c.message_lane, (c.seq_ms::bigint << 20) | c.seq_number, c.lease_seq, c.lease_index, c.receive_count,
                        c.body, c.attributes, NULL, NULL, NULL)::stanchion.moving_message ORDER BY c.seq_ms, c.seq_number)
               FILTER (WHERE c.seq_ms IS NOT NULL),
             bool_and(NOT c.stale) FILTER (WHERE c.seq_ms IS NULL)
      INTO more, is_done
      FROM stanchion.claim_v1(p_source.bucket, ARRAY[lane.lane_id], ARRAY[lane.version], ARRAY[p_count - cardinality(taken)],
        ARRAY[30], ARRAY[p_source.retention_seconds], ARRAY['-infinity'::timestamptz], true, p_trusted_now, p_deadline,
        p_bytes_max) c;
    END IF;
    taken := taken || more;
    -- A lane without any answer was retired a moment ago.
    is_exhausted := is_exhausted AND coalesce(is_done, false);
    EXIT WHEN cardinality(taken) = p_count;
  END LOOP;
  SELECT coalesce(array_agg((m.lane_id, m.seq, m.lease_seq, m.lease_index, m.receive_count, m.body, m.attributes, m.group_id,
                             m.deduplication_id, d.source_queue)::stanchion.moving_message ORDER BY m.place), '{}')
  INTO taken
  FROM unnest(taken) WITH ORDINALITY
    m(lane_id, seq, lease_seq, lease_index, receive_count, body, attributes, group_id, deduplication_id, goal, place)
  LEFT JOIN LATERAL (SELECT x.source_queue FROM stanchion.dead_letter x
                     WHERE x.bucket = p_source.bucket AND x.lane_id = m.lane_id AND x.seq = m.seq) d ON true;
END $$;

-- Deletes what this transaction has claimed.
CREATE FUNCTION stanchion.remove_taken_v1(
  p_source stanchion.queue, p_taken stanchion.moving_message[], p_trusted_now timestamptz, p_deadline timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  queue_lanes bigint[];
  removed integer;
BEGIN
  SELECT array_agg(DISTINCT abs(m.lane_id)) INTO queue_lanes FROM unnest(p_taken) m;
  IF p_source.is_fifo THEN
    SELECT count(*) FILTER (WHERE s.outcome = 0) INTO removed
    FROM stanchion.fifo_settle_v1(p_source.bucket, queue_lanes, ARRAY[p_source.retention_seconds],
      array_fill(1, ARRAY[cardinality(p_taken)]), ARRAY(SELECT m.seq FROM unnest(p_taken) m),
      ARRAY(SELECT m.receive_count FROM unnest(p_taken) m), array_fill(NULL::integer, ARRAY[cardinality(p_taken)]), 0,
      p_trusted_now, p_deadline) s;
  ELSE
    SELECT sum(r.removed) INTO removed
    FROM (SELECT array_agg(l.lane_id ORDER BY l.lane_id) AS lanes, array_agg(l.lease_seq ORDER BY l.lane_id) AS leases,
                 array_agg(l.ends::integer ORDER BY l.lane_id) AS ends
          FROM (SELECT m.lane_id, m.lease_seq, sum(count(*)) OVER (ORDER BY m.lane_id) AS ends
                FROM unnest(p_taken) m WHERE m.lease_seq > 0 GROUP BY m.lane_id, m.lease_seq) l) a
    CROSS JOIN LATERAL stanchion.delete_v1(p_source.bucket, queue_lanes, coalesce(a.lanes, '{}'), coalesce(a.leases, '{}'),
      coalesce(a.ends, '{}'),
      ARRAY(SELECT m.lease_index FROM unnest(p_taken) m WHERE m.lease_seq > 0 ORDER BY m.lane_id, m.seq),
      ARRAY(SELECT m.seq FROM unnest(p_taken) m WHERE m.lease_seq > 0 ORDER BY m.lane_id, m.seq),
      ARRAY(SELECT m.lane_id FROM unnest(p_taken) m WHERE m.lease_seq = 0 ORDER BY m.lane_id, m.seq),
      ARRAY(SELECT m.seq FROM unnest(p_taken) m WHERE m.lease_seq = 0 ORDER BY m.lane_id, m.seq),
      ARRAY(SELECT m.receive_count FROM unnest(p_taken) m WHERE m.lease_seq = 0 ORDER BY m.lane_id, m.seq), p_deadline) r;
  END IF;
  IF removed IS DISTINCT FROM cardinality(p_taken) THEN
    RAISE EXCEPTION 'claimed % messages to move and removed %', cardinality(p_taken), removed;
  END IF;
END $$;

-- Sends new messages to a destination whose tail is locked, in order.
-- On FIFO queues a message is never a duplicate: the key of its deduplication, with two spaces, is one that no client's id can have.
CREATE FUNCTION stanchion.give_messages_v1(
  p_destination stanchion.move_destination, p_messages stanchion.moving_message[], p_deadline timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  size integer := cardinality(p_messages);
  all_first integer[] := array_fill(1, ARRAY[size]);
  bodies text[] := ARRAY(SELECT m.body FROM unnest(p_messages) m);
  attribute_texts text[] := ARRAY(SELECT m.attributes FROM unnest(p_messages) m);
  stored integer;
BEGIN
  IF p_destination.is_fifo THEN
    SELECT count(*) FILTER (WHERE NOT s.is_duplicate) INTO stored
    FROM stanchion.fifo_send_v1(p_destination.bucket, ARRAY[p_destination.lane_id], ARRAY[p_destination.version], all_first,
      bodies, attribute_texts, ARRAY(SELECT m.group_id FROM unnest(p_messages) m),
      ARRAY(SELECT m.deduplication_id FROM unnest(p_messages) m),
      ARRAY(SELECT substring(sha256(convert_to(format('moved  %s %s', m.lane_id, m.seq), 'UTF8')) FOR 16) FROM unnest(p_messages) m),
      p_deadline) s;
  ELSE
    SELECT CASE WHEN count(*) = 1 THEN size ELSE 0 END INTO stored
    FROM stanchion.send_v1(p_destination.bucket, ARRAY[p_destination.lane_id], ARRAY[p_destination.version], all_first,
      ARRAY(SELECT generate_series(1, size)), bodies, attribute_texts, array_fill(p_destination.delay_seconds, ARRAY[size]), p_deadline);
  END IF;
  IF stored <> size THEN RAISE EXCEPTION 'stored % of % messages to move', stored, size; END IF;
END $$;

-- One step of a task: moves up to p_count visible messages of its source, all in the transaction that also raises its progress.
-- A crash therefore moves a message or does not (G19).
--   p_bytes_max      bodies of first deliveries that a lane gives; one message always goes
--   p_trusted_now, p_deadline   as in claim
-- Answers no row when the task has ended, rests, or is worked on by somebody else; else one row with what was done, what its
-- bodies weigh, the task's status afterwards, and which queues have something new in how many seconds.
-- Taking a message is a claim and a delete, giving it away a send, by the functions of the hot path: a consumer can no more get a
-- message that moves than one that another consumer got.
-- Lock order: the task, tails of destinations, heads of the source, each ascending, as in a tick. Where a message goes is known
-- only when it is claimed. What is claimed for a destination whose tail is not locked yet is therefore given back (the inner block
-- is a savepoint), and claimed again behind the lock of that tail.
CREATE FUNCTION stanchion.move_step_v1(
  p_task uuid, p_count integer, p_bytes_max integer, p_trusted_now timestamptz, p_deadline timestamptz
) RETURNS TABLE (
  account_id text, source_name text, status text, moved integer, bytes bigint, destination_ids integer[],
  destination_delays integer[], now_ms double precision
) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  task stanchion.move_task;
  source stanchion.queue;
  names text[] := '{}';
  destinations stanchion.move_destination[];
  destination stanchion.move_destination;
  taken stanchion.moving_message[];
  is_exhausted boolean := true;
  room integer;
  reason text;
BEGIN
  SELECT m.* INTO task FROM stanchion.move_task m WHERE m.task_id = p_task AND m.status = 'running' FOR UPDATE SKIP LOCKED;
  t := stanchion.clock();
  IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
  IF task.task_id IS NULL OR task.next_at > t THEN RETURN; END IF;
  SELECT q.* INTO source FROM stanchion.queue q WHERE q.queue_id = task.source_queue_id;
  IF NOT FOUND THEN
    DELETE FROM stanchion.move_task m WHERE m.task_id = p_task;
    RETURN;
  END IF;
  account_id := task.account_id;
  source_name := source.name;
  status := 'running';
  moved := 0;
  bytes := 0;
  destination_ids := '{}';
  destination_delays := '{}';
  now_ms := extract(epoch FROM t)::double precision * 1000;
  -- A tenth of what a second allows, so that messages flow evenly.
  room := least(p_count, task.messages_max - task.messages_moved,
    CASE WHEN task.messages_per_second_max IS NOT NULL THEN greatest(1, task.messages_per_second_max / 10) END);
  IF task.destination IS NOT NULL THEN names := ARRAY[task.destination]; END IF;
  IF t > task.started_at + interval '36 hours' THEN reason := 'timedOut'; END IF;

  WHILE room > 0 AND reason IS NULL LOOP
    BEGIN
      destinations := stanchion.lock_destinations_v1(task.account_id, names);
      SELECT s.taken, s.is_exhausted INTO taken, is_exhausted
      FROM stanchion.take_messages_v1(source, room, p_bytes_max, p_trusted_now, p_deadline) s;
      IF task.destination IS NOT NULL THEN
        SELECT coalesce(array_agg((m.lane_id, m.seq, m.lease_seq, m.lease_index, m.receive_count, m.body, m.attributes, m.group_id,
                                   m.deduplication_id, task.destination)::stanchion.moving_message ORDER BY m.place), '{}')
        INTO taken
        FROM unnest(taken) WITH ORDINALITY
          m(lane_id, seq, lease_seq, lease_index, receive_count, body, attributes, group_id, deduplication_id, goal, place);
      END IF;
      IF EXISTS (SELECT 1 FROM unnest(taken) m WHERE m.goal <> ALL (names)) THEN
        SELECT names || array_agg(DISTINCT m.goal) INTO names FROM unnest(taken) m WHERE m.goal <> ALL (names);
        RAISE EXCEPTION 'further destinations' USING ERRCODE = 'ST002';
      END IF;
      -- What cannot go anywhere ends the task, after all that was taken before it has moved.
      SELECT CASE WHEN m.goal IS NULL THEN 'sourceUnknown' ELSE 'destinationNotFound' END INTO reason
      FROM unnest(taken) m
      WHERE m.goal IS NULL OR NOT EXISTS (SELECT 1 FROM unnest(destinations) d WHERE d.name = m.goal) LIMIT 1;
      IF reason IS NOT NULL THEN
        IF room > 1 THEN reason := NULL; END IF;
        room := room / 2;
        RAISE EXCEPTION 'fewer messages' USING ERRCODE = 'ST002';
      END IF;
      IF taken <> '{}' THEN
        PERFORM stanchion.remove_taken_v1(source, taken, p_trusted_now, p_deadline);
        FOREACH destination IN ARRAY destinations LOOP
          IF EXISTS (SELECT 1 FROM unnest(taken) m WHERE m.goal = destination.name) THEN
            PERFORM stanchion.give_messages_v1(destination,
              ARRAY(SELECT m::stanchion.moving_message FROM unnest(taken) m WHERE m.goal = destination.name), p_deadline);
            destination_ids := destination_ids || destination.queue_id;
            destination_delays := destination_delays || destination.delay_seconds;
          END IF;
        END LOOP;
        moved := cardinality(taken);
        SELECT sum(octet_length(m.body)) INTO bytes FROM unnest(taken) m;
      END IF;
      EXIT;
    EXCEPTION WHEN SQLSTATE 'ST002' THEN
      NULL;
    END;
  END LOOP;

  IF reason IS NOT NULL THEN status := 'failed';
  ELSIF task.messages_moved + moved >= task.messages_max OR (moved = 0 AND is_exhausted) THEN status := 'completed';
  END IF;
  UPDATE stanchion.move_task m
  SET status = move_step_v1.status, failure = reason, messages_moved = m.messages_moved + moved,
      next_at = t + coalesce(moved::double precision / task.messages_per_second_max, 0) * interval '1 second',
      ended_at = CASE WHEN move_step_v1.status <> 'running' THEN t END
  WHERE m.task_id = p_task;
  RETURN NEXT;
END $$;
