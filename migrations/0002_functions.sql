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

-- Raises when the work has come too late (G24); SQLSTATE ST001 tells the node that nothing happened.
CREATE FUNCTION stanchion.check_deadline(p_now timestamptz, p_deadline timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_now > p_deadline THEN
    RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001';
  END IF;
END $$;

-- Send: appends entries to the tails of one or many lanes of a bucket, all or nothing.
--   p_lanes, p_versions     distinct lanes in ascending order, with the queue version the node worked with
--   p_entry_lanes           the lane of each entry, with
--   p_entry_numbers         its number within that lane, from 1 without gaps
--   p_delays                seconds until the entry becomes visible; read for delay lanes (negative) only
-- Answers a row for each lane it wrote to; a lane that is missing in the answer is gone or has another version, and
-- nothing was stored for it.
-- Holds the tail lock of every lane until commit, so commit order is seq order and a claim cannot step over a message
-- that commits late. The first statement only locks: what follows reads with a fresh snapshot.
CREATE FUNCTION stanchion.send_v1(
  p_bucket integer, p_lanes bigint[], p_versions integer[],
  p_entry_lanes bigint[], p_entry_numbers integer[], p_bodies text[], p_attributes text[], p_delays integer[],
  p_deadline timestamptz
) RETURNS TABLE (lane_id bigint, first_seq bigint, now_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  time_seq bigint;
  live bigint[];
  seqs bigint[];
  ords bigint[];
BEGIN
  SELECT array_agg(l.lane_id) INTO live
  FROM (SELECT l.lane_id, l.version FROM stanchion.lane l
        WHERE l.bucket = p_bucket AND l.lane_id = ANY (p_lanes) AND l.kind = 1 FOR UPDATE) l
  JOIN unnest(p_lanes, p_versions) v(lane_id, version) ON v.lane_id = l.lane_id AND v.version = l.version;

  t := stanchion.clock();
  PERFORM stanchion.check_deadline(t, p_deadline);
  time_seq := stanchion.seq_at(t);

  SELECT array_agg(l.lane_id), array_agg(greatest(coalesce(tail.seq, cursor.last_seq, 0) + 1, time_seq)),
         array_agg(coalesce(tail.ord, cursor.last_ord, 0))
  INTO live, seqs, ords
  FROM unnest(live) l(lane_id)
  LEFT JOIN LATERAL (SELECT m.seq, m.ord FROM stanchion.message_log m
                     WHERE m.bucket = p_bucket AND m.lane_id = l.lane_id ORDER BY m.seq DESC LIMIT 1) tail ON true
  LEFT JOIN LATERAL (SELECT c.last_seq, c.last_ord FROM stanchion.lease c
                     WHERE c.bucket = p_bucket AND c.lane_id = l.lane_id AND tail.seq IS NULL
                     ORDER BY c.last_seq DESC LIMIT 1) cursor ON true;

  INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, attributes, body)
  SELECT p_bucket, l.lane_id, l.seq + e.number - 1, l.ord + e.number, e.attributes, e.body
  FROM unnest(p_entry_lanes, p_entry_numbers, p_attributes, p_bodies) e(lane_id, number, attributes, body)
  JOIN unnest(live, seqs, ords) l(lane_id, seq, ord) ON l.lane_id = e.lane_id;

  IF p_lanes[1] < 0 THEN
    INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count)
    SELECT p_bucket, l.lane_id, l.seq + e.number - 1, t + e.delay * interval '1 second', 0
    FROM unnest(p_entry_lanes, p_entry_numbers, p_delays) e(lane_id, number, delay)
    JOIN unnest(live, seqs) l(lane_id, seq) ON l.lane_id = e.lane_id
    WHERE e.lane_id < 0;
  END IF;

  RETURN QUERY SELECT l.lane_id, l.seq, extract(epoch FROM t)::double precision * 1000
               FROM unnest(live, seqs) l(lane_id, seq);
END $$;

-- Turns overdue leases of a lane into parked messages that are visible now. The receive count is raised by the next
-- claim, not here: until then the old handle may still delete.
--   p_floor   no overdue lease is older; spares the scan dead index entries
--   p_limit   leases at most
-- Answers how many leases it ended. Skips leases that somebody else is working on.
CREATE FUNCTION stanchion.end_leases_v1(
  p_bucket integer, p_lane bigint, p_now timestamptz, p_floor timestamptz, p_limit integer
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  r record;
  ended integer := 0;
BEGIN
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
  END LOOP;
  RETURN ended;
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
--   p_trusted_now    what the node holds for the time; retention is judged by it where the clock jumped ahead (G11)
--   p_bytes_max      stop a lane's run of first deliveries when its bodies exceed this
-- Answers, for each lane that was live and not passed over, one row with `seq_ms` null that says when the next message
-- becomes due (when fewer than asked were found), and one row for every message. A lane without such a row is gone, has
-- another version, or, with p_wait off, is being claimed from.
-- Order: messages that came back take up to half of the room, so neither they nor the log can starve the other.
CREATE FUNCTION stanchion.claim_v1(
  p_bucket integer, p_lanes bigint[], p_versions integer[], p_counts integer[], p_timeouts integer[],
  p_retentions integer[], p_floors timestamptz[], p_wait boolean, p_trusted_now timestamptz, p_deadline timestamptz,
  p_bytes_max integer
) RETURNS TABLE (
  lane_id bigint, stale boolean, message_lane bigint, seq_ms double precision, seq_number integer, lease_seq bigint,
  lease_index integer, receive_count integer, first_received_ms double precision, body text, attributes text,
  now_ms double precision, due_in_ms double precision
) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  t_ms double precision;
  retention_now timestamptz;
  locked_lanes bigint[];
  locked_versions integer[];
  lanes bigint[];
  counts integer[];
  timeouts integer[];
  min_seqs bigint[];
  floors timestamptz[];
  parked_lanes bigint[] := '{}';
  parked_seqs bigint[] := '{}';
  found bigint[];
  stream bigint;
  wanted integer;
  room integer;
  i integer;
  has_leases boolean;
  has_parked boolean;
  claimed_lanes bigint[];
  claimed_leases bigint[];
  prior_leases bigint[];
  claimed_sizes integer[];
BEGIN
  IF p_wait THEN
    SELECT array_agg(l.lane_id), array_agg(l.version) INTO locked_lanes, locked_versions
    FROM (SELECT l.lane_id, l.version FROM stanchion.lane l
          WHERE l.bucket = p_bucket AND l.lane_id = ANY (p_lanes) AND l.kind = 2 FOR UPDATE) l;
  ELSE
    SELECT array_agg(l.lane_id), array_agg(l.version) INTO locked_lanes, locked_versions
    FROM (SELECT l.lane_id, l.version FROM stanchion.lane l
          WHERE l.bucket = p_bucket AND l.lane_id = ANY (p_lanes) AND l.kind = 2 FOR UPDATE SKIP LOCKED) l;
  END IF;

  t := stanchion.clock();
  t_ms := extract(epoch FROM t)::double precision * 1000;
  PERFORM stanchion.check_deadline(t, p_deadline);
  retention_now := stanchion.retention_clock(t, p_trusted_now);

  SELECT array_agg(r.lane_id), array_agg(r.count), array_agg(r.timeout), array_agg(r.floor),
         array_agg(stanchion.seq_at(retention_now - r.retention * interval '1 second'))
  INTO lanes, counts, timeouts, floors, min_seqs
  FROM unnest(p_lanes, p_versions, p_counts, p_timeouts, p_retentions, p_floors)
       r(lane_id, version, count, timeout, retention, floor)
  JOIN unnest(locked_lanes, locked_versions) l(lane_id, version) ON l.lane_id = r.lane_id AND l.version = r.version;

  IF lanes IS NOT NULL THEN
    -- Overdue leases and due parked messages are the exception, so two probes decide whether to look closer.
    SELECT EXISTS (SELECT 1 FROM unnest(lanes, floors) r(lane_id, floor)
                   CROSS JOIN LATERAL (SELECT 1 FROM stanchion.lease c
                     WHERE c.bucket = p_bucket AND c.lane_id = r.lane_id AND c.visible_at <= t AND c.visible_at >= r.floor
                     LIMIT 1) x)
    INTO has_leases;
    IF has_leases THEN
      FOR i IN 1 .. cardinality(lanes) LOOP
        PERFORM stanchion.end_leases_v1(p_bucket, lanes[i], t, floors[i], 20);
      END LOOP;
    END IF;
    SELECT EXISTS (SELECT 1 FROM unnest(lanes, floors) r(lane_id, floor)
                   CROSS JOIN LATERAL (SELECT 1 FROM stanchion.parked_message p
                     WHERE p.bucket = p_bucket AND p.lane_id = r.lane_id AND p.visible_at <= t AND p.visible_at >= r.floor
                     LIMIT 1) x)
        OR EXISTS (SELECT 1 FROM unnest(lanes, floors) r(lane_id, floor)
                   CROSS JOIN LATERAL (SELECT 1 FROM stanchion.parked_message p
                     WHERE p.bucket = p_bucket AND p.lane_id = -r.lane_id AND p.visible_at <= t AND p.visible_at >= r.floor
                     LIMIT 1) x)
    INTO has_parked;
    IF has_parked THEN
      FOR i IN 1 .. cardinality(lanes) LOOP
        wanted := counts[i];
        -- A receive of one message cannot be halved: three times of four it looks here first.
        room := CASE WHEN wanted = 1 THEN least(1, extract(microseconds FROM t)::integer & 3) ELSE (wanted + 1) / 2 END;
        FOREACH stream IN ARRAY ARRAY[lanes[i], -lanes[i]] LOOP
          IF room > 0 THEN
            found := stanchion.claim_parked_v1(p_bucket, stream, room, timeouts[i], min_seqs[i], t, floors[i]);
            parked_lanes := parked_lanes || array_fill(stream, ARRAY[cardinality(found)]);
            parked_seqs := parked_seqs || found;
            room := room - cardinality(found);
            wanted := wanted - cardinality(found);
          END IF;
        END LOOP;
        counts[i] := wanted;
      END LOOP;
    END IF;

    -- First deliveries: the run of the log behind the cursor, one lease each.
    SELECT array_agg(r.lane_id), array_agg(run.last_seq), array_agg(cursor.last_seq), array_agg(run.size)
    INTO claimed_lanes, claimed_leases, prior_leases, claimed_sizes
    FROM unnest(lanes, counts, min_seqs) r(lane_id, count, min_seq)
    LEFT JOIN LATERAL (SELECT c.last_seq FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = r.lane_id
                       ORDER BY c.last_seq DESC LIMIT 1) cursor ON true
    CROSS JOIN LATERAL (
      SELECT max(b.seq) AS last_seq, count(*)::integer AS size
      FROM (SELECT m.seq, sum(octet_length(m.body)) OVER (ORDER BY m.seq ROWS UNBOUNDED PRECEDING) AS bytes,
                   row_number() OVER (ORDER BY m.seq ROWS UNBOUNDED PRECEDING) AS number
            FROM (SELECT m.seq, m.body FROM stanchion.message_log m
                  WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
                    AND m.seq >= greatest(coalesce(cursor.last_seq, 0) + 1, r.min_seq)
                  ORDER BY m.seq LIMIT r.count) m) b
      WHERE b.bytes <= p_bytes_max OR b.number = 1) run
    WHERE r.count > 0 AND run.size > 0;

    IF claimed_lanes IS NOT NULL THEN
      INSERT INTO stanchion.lease
        (bucket, lane_id, last_seq, first_seq, last_ord, size, remaining, visible_at, claimed_at, done)
      SELECT p_bucket, k.lane_id, k.last_seq, head.seq, head.ord + k.size - 1, k.size, k.size,
             t + r.timeout * interval '1 second', t, repeat('0', k.size)::bit varying
      FROM unnest(claimed_lanes, claimed_leases, prior_leases, claimed_sizes) k(lane_id, last_seq, prior_seq, size)
      JOIN unnest(lanes, timeouts, min_seqs) r(lane_id, timeout, min_seq) ON r.lane_id = k.lane_id
      CROSS JOIN LATERAL (SELECT m.seq, m.ord FROM stanchion.message_log m
                          WHERE m.bucket = p_bucket AND m.lane_id = k.lane_id
                            AND m.seq >= greatest(coalesce(k.prior_seq, 0) + 1, r.min_seq)
                          ORDER BY m.seq LIMIT 1) head;
      -- The former cursor is no longer needed once all its messages are gone.
      DELETE FROM stanchion.lease d USING unnest(claimed_lanes, prior_leases) k(lane_id, last_seq)
      WHERE d.bucket = p_bucket AND d.lane_id = k.lane_id AND d.last_seq = k.last_seq AND d.remaining = 0;

      RETURN QUERY
      SELECT k.lane_id, false, k.lane_id, (m.seq >> 20)::double precision, (m.seq & 1048575)::integer, c.last_seq,
             (m.ord - c.first_ord)::integer, 1, t_ms, m.body, m.attributes, t_ms, NULL::double precision
      FROM unnest(claimed_lanes, claimed_leases) k(lane_id, last_seq)
      CROSS JOIN LATERAL (SELECT c.last_seq, c.first_seq, c.last_ord - c.size + 1 AS first_ord FROM stanchion.lease c
                          WHERE c.bucket = p_bucket AND c.lane_id = k.lane_id AND c.last_seq = k.last_seq LIMIT 1) c
      CROSS JOIN LATERAL (SELECT m.seq, m.ord, m.body, m.attributes FROM stanchion.message_log m
                          WHERE m.bucket = p_bucket AND m.lane_id = k.lane_id
                            AND m.seq >= c.first_seq AND m.seq <= c.last_seq
                          ORDER BY m.seq) m;
      FOR i IN 1 .. cardinality(lanes) LOOP
        stream := lanes[i];
        counts[i] := counts[i] - coalesce((SELECT k.size FROM unnest(claimed_lanes, claimed_sizes) k(lane_id, size)
                                           WHERE k.lane_id = stream), 0);
      END LOOP;
    END IF;

    -- The log left room: messages that came back may fill it all.
    IF has_parked THEN
      FOR i IN 1 .. cardinality(lanes) LOOP
        FOREACH stream IN ARRAY ARRAY[lanes[i], -lanes[i]] LOOP
          IF counts[i] > 0 THEN
            found := stanchion.claim_parked_v1(p_bucket, stream, counts[i], timeouts[i], min_seqs[i], t, floors[i]);
            parked_lanes := parked_lanes || array_fill(stream, ARRAY[cardinality(found)]);
            parked_seqs := parked_seqs || found;
            counts[i] := counts[i] - cardinality(found);
          END IF;
        END LOOP;
      END LOOP;
      RETURN QUERY
      SELECT abs(k.lane_id), false, k.lane_id, (k.seq >> 20)::double precision, (k.seq & 1048575)::integer, 0::bigint, 0,
             p.receive_count, extract(epoch FROM p.first_received_at)::double precision * 1000,
             coalesce(m.body, b.body), coalesce(m.attributes, b.attributes), t_ms, NULL::double precision
      FROM unnest(parked_lanes, parked_seqs) k(lane_id, seq)
      CROSS JOIN LATERAL (SELECT p.receive_count, p.first_received_at FROM stanchion.parked_message p
                          WHERE p.bucket = p_bucket AND p.lane_id = k.lane_id AND p.seq = k.seq LIMIT 1) p
      LEFT JOIN LATERAL (SELECT m.body, m.attributes FROM stanchion.message_log m
                         WHERE m.bucket = p_bucket AND m.lane_id = k.lane_id AND m.seq = k.seq LIMIT 1) m ON true
      LEFT JOIN LATERAL (SELECT b.body, b.attributes FROM stanchion.parked_body b
                         WHERE b.bucket = p_bucket AND b.lane_id = k.lane_id AND b.seq = k.seq LIMIT 1) b ON true;
    END IF;
  END IF;

  RETURN QUERY
  SELECT l.lane_id, r.lane_id IS NULL, NULL::bigint, NULL::double precision, 0, 0::bigint, 0, 0, 0::double precision,
         NULL::text, NULL::text, t_ms,
         CASE WHEN r.left_over > 0 THEN extract(epoch FROM least(lease_due.at, parked_due.at, delayed_due.at) - t)::double precision * 1000 END
  FROM unnest(locked_lanes) l(lane_id)
  LEFT JOIN unnest(lanes, counts) r(lane_id, left_over) ON r.lane_id = l.lane_id
  LEFT JOIN LATERAL (SELECT c.visible_at AS at FROM stanchion.lease c WHERE r.left_over > 0 AND c.bucket = p_bucket
                     AND c.lane_id = l.lane_id AND c.visible_at > t AND c.visible_at < 'infinity'
                     ORDER BY c.visible_at LIMIT 1) lease_due ON true
  LEFT JOIN LATERAL (SELECT p.visible_at AS at FROM stanchion.parked_message p WHERE r.left_over > 0 AND p.bucket = p_bucket
                     AND p.lane_id = l.lane_id AND p.visible_at > t ORDER BY p.visible_at LIMIT 1) parked_due ON true
  LEFT JOIN LATERAL (SELECT p.visible_at AS at FROM stanchion.parked_message p WHERE r.left_over > 0 AND p.bucket = p_bucket
                     AND p.lane_id = -l.lane_id AND p.visible_at > t ORDER BY p.visible_at LIMIT 1) delayed_due ON true;
END $$;

-- Delete: removes the messages of many handles, of any mix of lanes of a bucket.
--   p_queue_lanes                        the (positive) lanes that must still exist
--   p_lease_lanes, p_leases, p_ends      distinct leases in ascending order; p_ends[i] is where its part of the
--   p_indexes, p_lease_seqs_of           flat list of message indexes (and their seqs) ends
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
  r record;
  t timestamptz := stanchion.clock();
  bits bit varying;
  left_over integer;
  position integer;
  handled integer := 0;
  gone_lanes bigint[] := '{}';
  gone_leases bigint[] := '{}';
  kept_lanes bigint[] := '{}';
  kept_leases bigint[] := '{}';
  kept_done bit varying[] := '{}';
  kept_remaining integer[] := '{}';
  removed_lanes bigint[] := '{}';
  parked_lanes bigint[] := p_parked_lanes;
  parked_seqs bigint[] := p_parked_seqs;
  parked_counts integer[] := p_parked_counts;
BEGIN
  PERFORM stanchion.check_deadline(t, p_deadline);
  FOR r IN
    SELECT u.number, u.lane_id, u.last_seq, c.done, c.remaining,
           EXISTS (SELECT 1 FROM stanchion.lease n
                   WHERE n.bucket = p_bucket AND n.lane_id = u.lane_id AND n.last_seq > u.last_seq) AS superseded
    FROM unnest(p_lease_lanes, p_leases) WITH ORDINALITY u(lane_id, last_seq, number)
    CROSS JOIN LATERAL (SELECT c.done, c.remaining FROM stanchion.lease c
                        WHERE c.bucket = p_bucket AND c.lane_id = u.lane_id AND c.last_seq = u.last_seq
                        LIMIT 1 FOR UPDATE) c
  LOOP
    -- Leases that are gone are passed over by the join: their messages can only be parked.
    WHILE handled < r.number - 1 LOOP
      handled := handled + 1;
      FOR position IN coalesce(p_ends[handled - 1], 0) + 1 .. p_ends[handled] LOOP
        parked_lanes := parked_lanes || p_lease_lanes[handled];
        parked_seqs := parked_seqs || p_seqs[position];
        parked_counts := parked_counts || 1;
      END LOOP;
    END LOOP;
    handled := r.number;
    bits := r.done;
    left_over := r.remaining;
    FOR position IN coalesce(p_ends[handled - 1], 0) + 1 .. p_ends[handled] LOOP
      IF get_bit(bits, p_indexes[position]) = 0 THEN
        bits := set_bit(bits, p_indexes[position], 1);
        left_over := left_over - 1;
        removed_lanes := removed_lanes || r.lane_id;
      ELSE
        parked_lanes := parked_lanes || r.lane_id;
        parked_seqs := parked_seqs || p_seqs[position];
        parked_counts := parked_counts || 1;
      END IF;
    END LOOP;
    IF left_over = 0 AND r.superseded THEN
      gone_lanes := gone_lanes || r.lane_id;
      gone_leases := gone_leases || r.last_seq;
    ELSIF left_over < r.remaining THEN
      kept_lanes := kept_lanes || r.lane_id;
      kept_leases := kept_leases || r.last_seq;
      kept_done := kept_done || bits;
      kept_remaining := kept_remaining || left_over;
    END IF;
  END LOOP;
  WHILE handled < cardinality(p_leases) LOOP
    handled := handled + 1;
    FOR position IN coalesce(p_ends[handled - 1], 0) + 1 .. p_ends[handled] LOOP
      parked_lanes := parked_lanes || p_lease_lanes[handled];
      parked_seqs := parked_seqs || p_seqs[position];
      parked_counts := parked_counts || 1;
    END LOOP;
  END LOOP;

  IF cardinality(gone_leases) > 0 THEN
    DELETE FROM stanchion.lease c USING unnest(gone_lanes, gone_leases) g(lane_id, last_seq)
    WHERE c.bucket = p_bucket AND c.lane_id = g.lane_id AND c.last_seq = g.last_seq;
  END IF;
  IF cardinality(kept_leases) > 0 THEN
    UPDATE stanchion.lease c SET done = k.done, remaining = k.remaining
    FROM unnest(kept_lanes, kept_leases, kept_done, kept_remaining) k(lane_id, last_seq, done, remaining)
    WHERE c.bucket = p_bucket AND c.lane_id = k.lane_id AND c.last_seq = k.last_seq;
  END IF;
  IF cardinality(parked_seqs) > 0 THEN
    FOR r IN
      SELECT k.lane_id, k.seq FROM unnest(parked_lanes, parked_seqs, parked_counts) k(lane_id, seq, count)
      CROSS JOIN LATERAL (SELECT 1 FROM stanchion.parked_message p
                          WHERE p.bucket = p_bucket AND p.lane_id = k.lane_id AND p.seq = k.seq AND p.receive_count = k.count
                          LIMIT 1 FOR UPDATE) p
    LOOP
      DELETE FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = r.lane_id AND p.seq = r.seq;
      removed_lanes := removed_lanes || abs(r.lane_id);
    END LOOP;
  END IF;

  RETURN QUERY
  SELECT l.lane_id, (SELECT count(*)::integer FROM unnest(removed_lanes) x(lane_id) WHERE x.lane_id = l.lane_id),
         extract(epoch FROM t)::double precision * 1000
  FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = ANY (p_queue_lanes) AND l.kind = 2;
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
  PERFORM stanchion.check_deadline(t, p_deadline);
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
