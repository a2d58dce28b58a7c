-- The statements of the hot path, as versioned functions: a changed function gets a new number, so that nodes of two
-- releases can run side by side.
-- Locks: none.
-- breaking: no

-- Milliseconds of the epoch << 20: the smallest seq that a message sent at that moment can have.
CREATE FUNCTION stanchion.seq_at(p_time timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE
AS 'SELECT (extract(epoch FROM p_time) * 1000)::bigint << 20';

-- The time by which retention is judged: the clock's, unless it is so far ahead of what the node trusts that it must have
-- jumped (G11).
CREATE FUNCTION stanchion.retention_clock(p_now timestamptz, p_trusted_now timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE
AS $$ SELECT CASE WHEN p_now > p_trusted_now + interval '60 seconds' THEN p_trusted_now ELSE p_now END $$;

-- Send: appends entries to the tails of one or many lanes of a bucket, all or nothing.
--   p_lanes, p_versions     distinct lanes in ascending order, with the queue version the node worked with
--   p_entry_lanes           for each entry the place of its lane in p_lanes, from 1
--   p_entry_numbers         its number within that lane, from 1 without gaps
--   p_delays                seconds until the entry becomes visible; read for delay lanes (negative) only
--   p_deadline              SQLSTATE ST001 when it has passed: nothing was done (G24)
-- Answers a row for each lane it wrote to; a lane that is missing in the answer is gone or has another version, and
-- nothing was stored for it.
-- Holds the tail lock of every lane until commit, so commit order is seq order and a claim cannot step over a message
-- that commits late. Each statement of a volatile function has a snapshot of its own, so the tail is read after the lock.
-- One small statement after the other for each lane: with the joins of a set-based form the fixed cost of a call was three
-- times as high, and it did not pay off below some fifty lanes.
CREATE FUNCTION stanchion.send_v1(
  p_bucket integer, p_lanes bigint[], p_versions integer[],
  p_entry_lanes integer[], p_entry_numbers integer[], p_bodies text[], p_attributes text[], p_delays integer[],
  p_deadline timestamptz
) RETURNS TABLE (lane_id bigint, first_seq bigint, now_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  lane bigint;
  lane_version integer;
  tail_seq bigint;
  tail_ord bigint;
  seqs bigint[];
  ords bigint[];
BEGIN
  FOR i IN 1 .. cardinality(p_lanes) LOOP
    lane := p_lanes[i];
    SELECT l.version INTO lane_version FROM stanchion.lane l
    WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 1 FOR UPDATE;
    t := stanchion.clock();
    IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
    CONTINUE WHEN lane_version IS DISTINCT FROM p_versions[i];
    SELECT m.seq, m.ord INTO tail_seq, tail_ord FROM stanchion.message_log m
    WHERE m.bucket = p_bucket AND m.lane_id = lane ORDER BY m.seq DESC LIMIT 1;
    IF NOT FOUND THEN
      SELECT c.last_seq, c.last_ord INTO tail_seq, tail_ord FROM stanchion.lease c
      WHERE c.bucket = p_bucket AND c.lane_id = lane ORDER BY c.last_seq DESC LIMIT 1;
    END IF;
    seqs[i] := greatest(coalesce(tail_seq, 0) + 1, stanchion.seq_at(t));
    ords[i] := coalesce(tail_ord, 0);
    lane_id := lane;
    first_seq := seqs[i];
    now_ms := extract(epoch FROM t)::double precision * 1000;
    RETURN NEXT;
  END LOOP;

  INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, attributes, body)
  SELECT p_bucket, p_lanes[e.lane], seqs[e.lane] + e.number - 1, ords[e.lane] + e.number, e.attributes, e.body
  FROM unnest(p_entry_lanes, p_entry_numbers, p_attributes, p_bodies) e(lane, number, attributes, body)
  WHERE seqs[e.lane] IS NOT NULL;

  IF p_lanes[1] < 0 THEN
    INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count)
    SELECT p_bucket, p_lanes[e.lane], seqs[e.lane] + e.number - 1, t + e.delay * interval '1 second', 0
    FROM unnest(p_entry_lanes, p_entry_numbers, p_delays) e(lane, number, delay)
    WHERE p_lanes[e.lane] < 0 AND seqs[e.lane] IS NOT NULL;
  END IF;
END $$;

-- Turns overdue leases of a lane into parked messages that are visible now. The receive count is raised by the next
-- claim, not here: until then the old handle may still delete.
--   p_floor   no overdue lease is older; spares the scan dead index entries
--   p_limit   leases at most
-- Answers how many leases it ended, and how many messages came back. Skips leases that somebody else is working on.
CREATE FUNCTION stanchion.end_leases_v1(
  p_bucket integer, p_lane bigint, p_now timestamptz, p_floor timestamptz, p_limit integer,
  OUT ended integer, OUT returned integer
) LANGUAGE plpgsql AS $$
DECLARE
  r record;
BEGIN
  ended := 0;
  returned := 0;
  FOR r IN
    SELECT c.last_seq, c.first_seq, c.last_ord - c.size + 1 AS first_ord, c.remaining, c.claimed_at, c.done
    FROM stanchion.lease c
    WHERE c.bucket = p_bucket AND c.lane_id = p_lane AND c.visible_at <= p_now AND c.visible_at >= p_floor
    ORDER BY c.visible_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  LOOP
    IF r.remaining > 0 THEN
      INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count, received_at, first_received_at)
      SELECT p_bucket, p_lane, m.seq, p_now, 1, r.claimed_at, r.claimed_at
      FROM stanchion.message_log m
      WHERE m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq >= r.first_seq AND m.seq <= r.last_seq
        AND get_bit(r.done, (m.ord - r.first_ord)::integer) = 0;
    END IF;
    IF EXISTS (SELECT 1 FROM stanchion.lease n
               WHERE n.bucket = p_bucket AND n.lane_id = p_lane AND n.last_seq > r.last_seq) THEN
      DELETE FROM stanchion.lease d WHERE d.bucket = p_bucket AND d.lane_id = p_lane AND d.last_seq = r.last_seq;
    ELSE
      UPDATE stanchion.lease k SET remaining = 0, visible_at = 'infinity', done = ~(r.done & ~r.done)
      WHERE k.bucket = p_bucket AND k.lane_id = p_lane AND k.last_seq = r.last_seq;
    END IF;
    ended := ended + 1;
    returned := returned + r.remaining;
  END LOOP;
END $$;

-- Claims up to p_count parked messages of one lane or delay stream that are due, and answers their seqs. What the same call
-- claimed a moment ago for no time at all (timeout 0) is due again, but not for this call.
CREATE FUNCTION stanchion.claim_parked_v1(
  p_bucket integer, p_lane bigint, p_count integer, p_timeout integer, p_min_seq bigint, p_now timestamptz,
  p_floor timestamptz
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
  seqs bigint[];
BEGIN
  SELECT array_agg(d.seq) INTO seqs
  FROM (SELECT p.seq FROM stanchion.parked_message p
        WHERE p.bucket = p_bucket AND p.lane_id = p_lane AND p.visible_at <= p_now AND p.visible_at >= p_floor
          AND p.seq >= p_min_seq AND p.received_at IS DISTINCT FROM p_now
        ORDER BY p.visible_at LIMIT p_count FOR UPDATE SKIP LOCKED) d;
  IF seqs IS NULL THEN RETURN '{}'; END IF;
  UPDATE stanchion.parked_message p
  SET visible_at = p_now + p_timeout * interval '1 second', receive_count = p.receive_count + 1, received_at = p_now,
      first_received_at = coalesce(p.first_received_at, p_now)
  WHERE p.bucket = p_bucket AND p.lane_id = p_lane AND p.seq = ANY (seqs);
  RETURN seqs;
END $$;

-- Claim: hands out up to p_counts[i] messages of lane p_lanes[i] for p_timeouts[i] seconds.
--   p_lanes          distinct, ascending; p_versions as in send
--   p_retentions     seconds; messages sent earlier are passed over
--   p_floors         lower bounds of what can be due, see end_leases
--   p_wait           wait for the head lock of a lane, instead of passing over a lane that somebody is claiming from
--   p_trusted_now    what the node holds for the time, see retention_clock
--   p_bytes_max      stop a lane's run of first deliveries when its bodies exceed this
-- Answers, for each lane that was there and not passed over, one row with `seq_ms` null; it says whether the lane has another
-- version than the node thought (then nothing was done), when fewer messages than asked were found, in how many milliseconds
-- the next one becomes due, and whether nothing due is left above the floor. Besides, one row for every message.
-- Order: messages that came back take up to half of the room, so neither they nor the log can starve the other.
CREATE FUNCTION stanchion.claim_v1(
  p_bucket integer, p_lanes bigint[], p_versions integer[], p_counts integer[], p_timeouts integer[],
  p_retentions integer[], p_floors timestamptz[], p_wait boolean, p_trusted_now timestamptz, p_deadline timestamptz,
  p_bytes_max integer
) RETURNS TABLE (
  lane_id bigint, stale boolean, message_lane bigint, seq_ms double precision, seq_number integer, lease_seq bigint,
  lease_index integer, receive_count integer, first_received_ms double precision, body text, attributes text,
  now_ms double precision, due_in_ms double precision, nothing_due boolean
) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  t_ms double precision;
  lane bigint;
  lane_version integer;
  min_seq bigint;
  wanted integer;
  room integer;
  stream bigint;
  found_seqs bigint[];
  parked_lanes bigint[];
  parked_seqs bigint[];
  has_leases boolean;
  has_parked boolean;
  ended integer;
  returned integer;
  found_count integer;
  cursor_seq bigint;
  cursor_remaining integer;
  run_first bigint;
  run_last bigint;
  run_ord bigint;
  run_size integer;
  run_bytes bigint;
  due_at timestamptz;
BEGIN
  FOR i IN 1 .. cardinality(p_lanes) LOOP
    lane := p_lanes[i];
    IF p_wait THEN
      SELECT l.version INTO lane_version FROM stanchion.lane l
      WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 2 FOR UPDATE;
    ELSE
      SELECT l.version INTO lane_version FROM stanchion.lane l
      WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 2 FOR UPDATE SKIP LOCKED;
    END IF;
    t := stanchion.clock();
    IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
    CONTINUE WHEN lane_version IS NULL;
    t_ms := extract(epoch FROM t)::double precision * 1000;
    due_at := NULL;
    wanted := p_counts[i];

    IF lane_version = p_versions[i] THEN
      min_seq := stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - p_retentions[i] * interval '1 second');

      -- Overdue leases and due parked messages are the exception: one probe decides whether to look closer.
      SELECT EXISTS (SELECT 1 FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = lane
                     AND c.visible_at <= t AND c.visible_at >= p_floors[i]),
             EXISTS (SELECT 1 FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = lane
                     AND p.visible_at <= t AND p.visible_at >= p_floors[i])
          OR EXISTS (SELECT 1 FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = -lane
                     AND p.visible_at <= t AND p.visible_at >= p_floors[i])
      INTO has_leases, has_parked;
      IF has_leases THEN
        found_count := 0;
        LOOP
          SELECT e.ended, e.returned INTO ended, returned
          FROM stanchion.end_leases_v1(p_bucket, lane, t, p_floors[i], 20) e;
          found_count := found_count + returned;
          EXIT WHEN ended < 20 OR found_count >= wanted;
        END LOOP;
        has_parked := true;
      END IF;
      IF has_parked THEN
        parked_lanes := '{}';
        parked_seqs := '{}';
        -- A receive of one message cannot be halved: three times of four it looks here first.
        room := CASE WHEN wanted = 1 THEN least(1, extract(microseconds FROM t)::integer & 3) ELSE (wanted + 1) / 2 END;
        FOREACH stream IN ARRAY ARRAY[lane, -lane] LOOP
          IF room > 0 THEN
            found_seqs := stanchion.claim_parked_v1(p_bucket, stream, room, p_timeouts[i], min_seq, t, p_floors[i]);
            parked_lanes := parked_lanes || array_fill(stream, ARRAY[cardinality(found_seqs)]);
            parked_seqs := parked_seqs || found_seqs;
            room := room - cardinality(found_seqs);
            wanted := wanted - cardinality(found_seqs);
          END IF;
        END LOOP;
      END IF;

      -- First deliveries: the run of the log behind the cursor becomes one lease.
      IF wanted > 0 THEN
        SELECT c.last_seq, c.remaining INTO cursor_seq, cursor_remaining FROM stanchion.lease c
        WHERE c.bucket = p_bucket AND c.lane_id = lane ORDER BY c.last_seq DESC LIMIT 1;
        min_seq := greatest(coalesce(cursor_seq, 0) + 1, min_seq);
        SELECT min(m.seq), max(m.seq), min(m.ord), count(*), sum(octet_length(m.body))
        INTO run_first, run_last, run_ord, run_size, run_bytes
        FROM (SELECT m.seq, m.ord, m.body FROM stanchion.message_log m
              WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.seq >= min_seq ORDER BY m.seq LIMIT wanted) m;
        IF run_bytes > p_bytes_max THEN
          -- As many as fit; a first message that is larger than that goes alone.
          SELECT max(b.seq), count(*) INTO run_last, run_size
          FROM (SELECT m.seq, sum(octet_length(m.body)) OVER (ROWS UNBOUNDED PRECEDING) AS bytes
                FROM (SELECT m.seq, m.body FROM stanchion.message_log m
                      WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.seq >= min_seq
                      ORDER BY m.seq LIMIT wanted) m) b
          WHERE b.bytes <= p_bytes_max OR b.seq = run_first;
        END IF;
        IF run_size > 0 THEN
          INSERT INTO stanchion.lease
            (bucket, lane_id, last_seq, first_seq, last_ord, size, remaining, visible_at, claimed_at, done)
          VALUES (p_bucket, lane, run_last, run_first, run_ord + run_size - 1, run_size, run_size,
                  t + p_timeouts[i] * interval '1 second', t, repeat('0', run_size)::bit varying);
          -- The former cursor is no longer needed once all its messages are gone.
          IF cursor_remaining = 0 THEN
            DELETE FROM stanchion.lease d
            WHERE d.bucket = p_bucket AND d.lane_id = lane AND d.last_seq = cursor_seq AND d.remaining = 0;
          END IF;
          RETURN QUERY
          SELECT lane, false, lane, (m.seq >> 20)::double precision, (m.seq & 1048575)::integer, run_last,
                 (m.ord - run_ord)::integer, 1, t_ms, m.body, m.attributes, t_ms, NULL::double precision, NULL::boolean
          FROM stanchion.message_log m
          WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.seq >= run_first AND m.seq <= run_last
          ORDER BY m.seq;
          wanted := wanted - run_size;
        END IF;
      END IF;

      IF has_parked THEN
        -- The log left room: messages that came back may fill it all.
        FOREACH stream IN ARRAY ARRAY[lane, -lane] LOOP
          IF wanted > 0 THEN
            found_seqs := stanchion.claim_parked_v1(p_bucket, stream, wanted, p_timeouts[i],
              stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - p_retentions[i] * interval '1 second'), t, p_floors[i]);
            parked_lanes := parked_lanes || array_fill(stream, ARRAY[cardinality(found_seqs)]);
            parked_seqs := parked_seqs || found_seqs;
            wanted := wanted - cardinality(found_seqs);
          END IF;
        END LOOP;
        RETURN QUERY
        SELECT lane, false, k.lane_id, (k.seq >> 20)::double precision, (k.seq & 1048575)::integer, 0::bigint, 0,
               p.receive_count, extract(epoch FROM p.first_received_at)::double precision * 1000,
               coalesce(m.body, b.body), coalesce(m.attributes, b.attributes), t_ms, NULL::double precision, NULL::boolean
        FROM unnest(parked_lanes, parked_seqs) k(lane_id, seq)
        CROSS JOIN LATERAL (SELECT p.receive_count, p.first_received_at FROM stanchion.parked_message p
                            WHERE p.bucket = p_bucket AND p.lane_id = k.lane_id AND p.seq = k.seq LIMIT 1) p
        LEFT JOIN LATERAL (SELECT m.body, m.attributes FROM stanchion.message_log m
                           WHERE m.bucket = p_bucket AND m.lane_id = k.lane_id AND m.seq = k.seq LIMIT 1) m ON true
        LEFT JOIN LATERAL (SELECT b.body, b.attributes FROM stanchion.parked_body b
                           WHERE b.bucket = p_bucket AND b.lane_id = k.lane_id AND b.seq = k.seq LIMIT 1) b ON true;
      END IF;

      IF wanted > 0 THEN
        SELECT least(
          (SELECT c.visible_at FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = lane
           AND c.visible_at > t AND c.visible_at < 'infinity' ORDER BY c.visible_at LIMIT 1),
          (SELECT p.visible_at FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = lane
           AND p.visible_at > t ORDER BY p.visible_at LIMIT 1),
          (SELECT p.visible_at FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = -lane
           AND p.visible_at > t ORDER BY p.visible_at LIMIT 1))
        INTO due_at;
      END IF;
    END IF;

    lane_id := lane;
    stale := lane_version <> p_versions[i];
    seq_ms := NULL;
    now_ms := t_ms;
    due_in_ms := extract(epoch FROM due_at - t)::double precision * 1000;
    nothing_due := wanted > 0 OR NOT (has_leases OR has_parked);
    RETURN NEXT;
  END LOOP;
END $$;

-- Delete: removes the messages of many handles, of any mix of lanes of a bucket.
--   p_queue_lanes                        the (positive) lanes that must still exist
--   p_lease_lanes, p_leases, p_ends      distinct leases in ascending order; p_ends[i] is where its part of the
--   p_indexes, p_seqs                    flat lists of message indexes and seqs ends
--   p_parked_lanes, p_parked_seqs, p_parked_counts   handles of parked messages, ascending, with their receive counts
-- A message of a lease whose bit is set already, or whose lease is gone, is looked for among the parked ones: it may have
-- been moved there and not delivered again. A handle that was superseded matches nothing and changes nothing.
-- Answers one row for each lane of p_queue_lanes that is live, with the number of messages that this call removed.
-- Lock order: leases, then parked messages, each ascending; so two deletes cannot deadlock.
CREATE FUNCTION stanchion.delete_v1(
  p_bucket integer, p_queue_lanes bigint[], p_lease_lanes bigint[], p_leases bigint[], p_ends integer[],
  p_indexes integer[], p_seqs bigint[], p_parked_lanes bigint[], p_parked_seqs bigint[], p_parked_counts integer[],
  p_deadline timestamptz
) RETURNS TABLE (lane_id bigint, removed integer, now_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
  t_ms double precision := extract(epoch FROM t)::double precision * 1000;
  lane bigint;
  lease_done bit varying;
  lease_remaining integer;
  left_over integer;
  removed_lanes bigint[] := '{}';
  removed_counts integer[] := '{}';
  parked_lanes bigint[] := p_parked_lanes;
  parked_seqs bigint[] := p_parked_seqs;
  parked_counts integer[] := p_parked_counts;
  start_at integer := 1;
BEGIN
  IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
  FOR i IN 1 .. cardinality(p_leases) LOOP
    lane := p_lease_lanes[i];
    SELECT c.done, c.remaining INTO lease_done, lease_remaining FROM stanchion.lease c
    WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i] FOR UPDATE;
    left_over := lease_remaining;
    FOR position IN start_at .. p_ends[i] LOOP
      IF get_bit(lease_done, p_indexes[position]) = 0 THEN
        lease_done := set_bit(lease_done, p_indexes[position], 1);
        left_over := left_over - 1;
      ELSE
        parked_lanes := parked_lanes || lane;
        parked_seqs := parked_seqs || p_seqs[position];
        parked_counts := parked_counts || 1;
      END IF;
    END LOOP;
    start_at := p_ends[i] + 1;
    IF left_over < lease_remaining THEN
      removed_lanes := removed_lanes || lane;
      removed_counts := removed_counts || (lease_remaining - left_over);
      IF left_over = 0 AND EXISTS (SELECT 1 FROM stanchion.lease n WHERE n.bucket = p_bucket AND n.lane_id = lane
                                   AND n.last_seq > p_leases[i] LIMIT 1) THEN
        DELETE FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i];
      ELSE
        UPDATE stanchion.lease c SET done = lease_done, remaining = left_over
        WHERE c.bucket = p_bucket AND c.lane_id = lane AND c.last_seq = p_leases[i];
      END IF;
    END IF;
  END LOOP;

  FOR i IN 1 .. cardinality(parked_seqs) LOOP
    lane := parked_lanes[i];
    DELETE FROM stanchion.parked_message p
    WHERE p.bucket = p_bucket AND p.lane_id = lane AND p.seq = parked_seqs[i] AND p.receive_count = parked_counts[i];
    IF FOUND THEN
      removed_lanes := removed_lanes || abs(lane);
      removed_counts := removed_counts || 1;
    END IF;
  END LOOP;

  FOR lane_id IN SELECT l.lane_id FROM stanchion.lane l
                 WHERE l.bucket = p_bucket AND l.lane_id = ANY (p_queue_lanes) AND l.kind = 2
  LOOP
    removed := 0;
    FOR i IN 1 .. cardinality(removed_lanes) LOOP
      IF removed_lanes[i] = lane_id THEN removed := removed + removed_counts[i]; END IF;
    END LOOP;
    now_ms := t_ms;
    RETURN NEXT;
  END LOOP;
END $$;

-- Change visibility: gives each handle's message a new timeout, counted from now; 0 makes it visible at once.
-- Entries stand in ascending order of lane, lease, seq. p_leases[i] = 0 means a parked message.
--   p_lease_seconds_max   how long one delivery may stay invisible in all, counted from its claim
-- Answers one row an entry: 0 done, 1 no such delivery (deleted, expired, delivered again), 2 too long, 3 lane gone.
CREATE FUNCTION stanchion.change_visibility_v1(
  p_bucket integer, p_queue_lanes bigint[], p_lanes bigint[], p_leases bigint[], p_indexes integer[], p_seqs bigint[],
  p_counts integer[], p_timeouts integer[], p_retentions integer[], p_lease_seconds_max integer,
  p_trusted_now timestamptz, p_deadline timestamptz
) RETURNS TABLE (number integer, outcome smallint, now_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
  c record;
  p record;
  live bigint[];
  result smallint;
  retention_now timestamptz := stanchion.retention_clock(t, p_trusted_now);
  claimed timestamptz;
  new_visible_at timestamptz;
  i integer;
BEGIN
  IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
  SELECT array_agg(l.lane_id) INTO live FROM stanchion.lane l
  WHERE l.bucket = p_bucket AND l.lane_id = ANY (p_queue_lanes) AND l.kind = 2;
  FOR i IN 1 .. cardinality(p_lanes) LOOP
    new_visible_at := t + p_timeouts[i] * interval '1 second';
    result := 1;
    IF live IS NULL OR NOT abs(p_lanes[i]) = ANY (live) THEN
      result := 3;
    ELSIF p_seqs[i] >= stanchion.seq_at(retention_now - p_retentions[i] * interval '1 second') THEN
      claimed := NULL;
      IF p_leases[i] > 0 THEN
        SELECT k.done, k.remaining, k.claimed_at INTO c FROM stanchion.lease k
        WHERE k.bucket = p_bucket AND k.lane_id = p_lanes[i] AND k.last_seq = p_leases[i] FOR UPDATE;
        IF FOUND AND get_bit(c.done, p_indexes[i]) = 0 THEN claimed := c.claimed_at; END IF;
      END IF;
      IF claimed IS NOT NULL THEN
        IF new_visible_at > claimed + p_lease_seconds_max * interval '1 second' THEN
          result := 2;
        ELSE
          INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count, received_at, first_received_at)
          VALUES (p_bucket, p_lanes[i], p_seqs[i], new_visible_at, 1, claimed, claimed);
          IF c.remaining = 1 AND EXISTS (SELECT 1 FROM stanchion.lease n WHERE n.bucket = p_bucket
                                         AND n.lane_id = p_lanes[i] AND n.last_seq > p_leases[i]) THEN
            DELETE FROM stanchion.lease k
            WHERE k.bucket = p_bucket AND k.lane_id = p_lanes[i] AND k.last_seq = p_leases[i];
          ELSE
            UPDATE stanchion.lease k SET done = set_bit(k.done, p_indexes[i], 1), remaining = k.remaining - 1
            WHERE k.bucket = p_bucket AND k.lane_id = p_lanes[i] AND k.last_seq = p_leases[i];
          END IF;
          result := 0;
        END IF;
      ELSE
        SELECT m.received_at INTO p FROM stanchion.parked_message m
        WHERE m.bucket = p_bucket AND m.lane_id = p_lanes[i] AND m.seq = p_seqs[i] AND m.receive_count = p_counts[i] FOR UPDATE;
        IF FOUND THEN
          IF new_visible_at > p.received_at + p_lease_seconds_max * interval '1 second' THEN
            result := 2;
          ELSE
            UPDATE stanchion.parked_message m SET visible_at = new_visible_at
            WHERE m.bucket = p_bucket AND m.lane_id = p_lanes[i] AND m.seq = p_seqs[i];
            result := 0;
          END IF;
        END IF;
      END IF;
    END IF;
    number := i;
    outcome := result;
    now_ms := extract(epoch FROM t)::double precision * 1000;
    RETURN NEXT;
  END LOOP;
END $$;

-- Counts, exact at the instant of its one snapshot. `oldest_ms` is the send time of the oldest stored message.
CREATE FUNCTION stanchion.count_v1(p_bucket integer, p_lanes bigint[], p_retentions integer[], p_trusted_now timestamptz)
RETURNS TABLE (lane_id bigint, visible bigint, in_flight bigint, delayed bigint, oldest_ms double precision, now_ms double precision)
LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
  retention_now timestamptz := stanchion.retention_clock(t, p_trusted_now);
BEGIN
  RETURN QUERY
  SELECT r.lane_id,
         coalesce(tail.ord - head.ord + 1, 0) + coalesce(leased.overdue, 0) + coalesce(returned.due, 0) + coalesce(later.due, 0),
         coalesce(leased.running, 0) + coalesce(returned.hidden, 0) + coalesce(later.hidden, 0),
         coalesce(later.delayed, 0),
         (least(head.seq, leased.oldest, returned.oldest, later.oldest) >> 20)::double precision,
         extract(epoch FROM t)::double precision * 1000
  FROM (SELECT u.lane_id, stanchion.seq_at(retention_now - u.retention * interval '1 second') AS min_seq
        FROM unnest(p_lanes, p_retentions) u(lane_id, retention)) r
  LEFT JOIN LATERAL (SELECT c.last_seq FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = r.lane_id
                     ORDER BY c.last_seq DESC LIMIT 1) cursor ON true
  LEFT JOIN LATERAL (SELECT m.seq, m.ord FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
                     AND m.seq >= greatest(coalesce(cursor.last_seq, 0) + 1, r.min_seq) ORDER BY m.seq LIMIT 1) head ON true
  LEFT JOIN LATERAL (SELECT m.ord FROM stanchion.message_log m WHERE head.seq IS NOT NULL AND m.bucket = p_bucket
                     AND m.lane_id = r.lane_id ORDER BY m.seq DESC LIMIT 1) tail ON true
  LEFT JOIN LATERAL (
    SELECT sum(x.remaining) FILTER (WHERE c.visible_at <= t)::bigint AS overdue,
           sum(x.remaining) FILTER (WHERE c.visible_at > t)::bigint AS running, min(x.oldest) AS oldest
    FROM stanchion.lease c
    CROSS JOIN LATERAL (
      -- The oldest message still in the lease, and how many of them have not outlived their retention.
      SELECT CASE WHEN c.first_seq >= r.min_seq THEN c.remaining ELSE
               (SELECT count(*)::integer FROM stanchion.message_log m
                WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id AND m.seq >= r.min_seq AND m.seq <= c.last_seq
                  AND get_bit(c.done, (m.ord - c.last_ord + c.size - 1)::integer) = 0) END AS remaining,
             (SELECT m.seq FROM stanchion.message_log m
              WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id AND m.seq >= greatest(c.first_seq, r.min_seq)
                AND m.seq <= c.last_seq AND get_bit(c.done, (m.ord - c.last_ord + c.size - 1)::integer) = 0
              ORDER BY m.seq LIMIT 1) AS oldest) x
    WHERE c.bucket = p_bucket AND c.lane_id = r.lane_id AND c.remaining > 0 AND c.last_seq >= r.min_seq) leased ON true
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE p.visible_at <= t) AS due, count(*) FILTER (WHERE p.visible_at > t) AS hidden,
           min(p.seq) AS oldest
    FROM stanchion.parked_message p
    WHERE p.bucket = p_bucket AND p.lane_id = r.lane_id AND p.seq >= r.min_seq) returned ON true
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE p.visible_at <= t) AS due,
           count(*) FILTER (WHERE p.visible_at > t AND p.receive_count > 0) AS hidden,
           count(*) FILTER (WHERE p.visible_at > t AND p.receive_count = 0) AS delayed, min(p.seq) AS oldest
    FROM stanchion.parked_message p
    WHERE p.bucket = p_bucket AND p.lane_id = -r.lane_id AND p.seq >= r.min_seq) later ON true;
END $$;

-- Which of these lanes have something to hand out now? The safety tick of a node asks for all lanes that it waits on.
CREATE FUNCTION stanchion.ready_lanes_v1(p_bucket integer, p_lanes bigint[]) RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
BEGIN
  RETURN QUERY
  SELECT r.lane_id FROM unnest(p_lanes) r(lane_id)
  LEFT JOIN LATERAL (SELECT c.last_seq FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = r.lane_id
                     ORDER BY c.last_seq DESC LIMIT 1) cursor ON true
  LEFT JOIN LATERAL (SELECT 1 AS found FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
                     AND m.seq > coalesce(cursor.last_seq, 0) ORDER BY m.seq LIMIT 1) head ON true
  LEFT JOIN LATERAL (SELECT 1 AS found FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = r.lane_id
                     AND c.visible_at <= t AND c.remaining > 0 LIMIT 1) overdue ON true
  LEFT JOIN LATERAL (SELECT 1 AS found FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = r.lane_id
                     AND p.visible_at <= t LIMIT 1) returned ON true
  LEFT JOIN LATERAL (SELECT 1 AS found FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = -r.lane_id
                     AND p.visible_at <= t LIMIT 1) later ON true
  -- A lane that is gone counts as ready: whoever waits on it has to be told.
  LEFT JOIN LATERAL (SELECT 1 AS found FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = r.lane_id
                     AND l.kind = 2) live ON true
  WHERE coalesce(head.found, overdue.found, returned.found, later.found) IS NOT NULL OR live.found IS NULL;
END $$;
