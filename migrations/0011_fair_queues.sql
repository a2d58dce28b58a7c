-- Fair queues: messages of a standard queue that name a group wait in the lane of a level, by how far back in their group they
-- stand (decision 0018).
-- Locks: stanchion.lane for an instant: columns with constant defaults rewrite nothing.
-- breaking: no

-- An ordinary lane has level 0. The lanes of its deeper levels name it as their root; they are made when a group first needs
-- them, and are ordinary lanes in every other way.
ALTER TABLE stanchion.lane
  ADD COLUMN level smallint NOT NULL DEFAULT 0,
  ADD COLUMN root_lane_id bigint;

-- On standard queues this column is free, and one of its own would make every row of every queue eight bytes longer.
COMMENT ON COLUMN stanchion.message_log.deduplication_id IS
  'of a message of a FIFO queue its deduplication id; of a message of a standard queue with a group, its number in that group and lane';

-- How far back in its group would the next message of a group stand? The numbers of the waiting messages of a lane follow
-- each other, so two probes of the index message_log_group count them.
--   p_lanes, p_cursors   the lanes of a family by level, and up to where each was handed out
--   p_place_ends         the last place of every level but the deepest
-- Answers the place of the group's last waiting message, 0 when none waits. Only the deepest level that holds one counts: all
-- that came before it went ahead. `numbers` holds the last number of the group in each lane (odd places) and its delay stream
-- (even places), 0 where none waits.
CREATE FUNCTION stanchion.group_place_v1(
  p_bucket integer, p_lanes bigint[], p_cursors bigint[], p_place_ends bigint[], p_group text, p_now timestamptz,
  OUT place bigint, OUT numbers bigint[]
) LANGUAGE plpgsql AS $$
DECLARE
  lane bigint;
  first_number bigint;
  last_number bigint;
  last_seq bigint;
  due_at timestamptz;
  waiting bigint;
BEGIN
  place := 0;
  numbers := array_fill(0::bigint, ARRAY[2 * cardinality(p_lanes)]);
  FOR depth IN REVERSE cardinality(p_lanes) .. 1 LOOP
    lane := p_lanes[depth];
    waiting := 0;
    SELECT m.deduplication_id::bigint INTO last_number FROM stanchion.message_log m
    WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.group_id = p_group AND m.seq > p_cursors[depth]
    ORDER BY m.seq DESC LIMIT 1;
    IF FOUND THEN
      SELECT m.deduplication_id::bigint INTO first_number FROM stanchion.message_log m
      WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.group_id = p_group AND m.seq > p_cursors[depth]
      ORDER BY m.seq LIMIT 1;
      numbers[2 * depth - 1] := coalesce(last_number, 0);
      waiting := greatest(1, coalesce(last_number - first_number, 0) + 1);
    END IF;
    -- Delayed messages have no cursor. The last one says whether any wait, and its delay since when: what was sent within
    -- that time is still hidden. It is exact for a group whose delays are equal, and near enough for others.
    SELECT m.seq, m.deduplication_id::bigint INTO last_seq, last_number FROM stanchion.message_log m
    WHERE m.bucket = p_bucket AND m.lane_id = -lane AND m.group_id = p_group ORDER BY m.seq DESC LIMIT 1;
    IF FOUND THEN
      SELECT p.visible_at INTO due_at FROM stanchion.parked_message p
      WHERE p.bucket = p_bucket AND p.lane_id = -lane AND p.seq = last_seq AND p.receive_count = 0;
      IF FOUND THEN
        SELECT m.deduplication_id::bigint INTO first_number FROM stanchion.message_log m
        WHERE m.bucket = p_bucket AND m.lane_id = -lane AND m.group_id = p_group
          AND m.seq >= stanchion.seq_at(p_now - (due_at - to_timestamp((last_seq >> 20) / 1000.0)))
        ORDER BY m.seq LIMIT 1;
        numbers[2 * depth] := coalesce(last_number, 0);
        waiting := waiting + greatest(1, coalesce(last_number - first_number, 0) + 1);
      END IF;
    END IF;
    IF waiting > 0 THEN
      place := waiting + CASE WHEN depth = 1 THEN 0 ELSE p_place_ends[depth - 1] END;
      RETURN;
    END IF;
  END LOOP;
END $$;

-- Send with groups: appends entries to the lanes of one or many families of a bucket, each entry to the level of its place.
--   p_lanes, p_lane_ends       the lanes of each family by level; family i's are those up to p_lane_ends[i]
--   p_versions                 the queue version the node worked with, for each family; families in ascending order of their
--                              roots
--   p_tails                    the lanes and delay streams that may be written, ascending
--   p_groups, p_group_ends     the distinct groups of each family
--   p_entry_ends               where the entries of each family end
--   p_entry_groups             for each entry the place of its group in p_groups, from 1
--   p_entry_numbers            its number in that group within this call, from 1 without gaps
--   p_delays                   seconds; above 0 it goes to the delay stream of its lane
--   p_place_ends               the last place of every level but the deepest there can be
-- Answers a row for each entry. A family that lacks the lane of a level answers one row without an entry, with the level, and
-- nothing was stored for it; one without a row is gone or has another version.
-- All tails are locked before anything is read, as in send, so a group has one place at a time. The entries of a family are
-- numbered through all its lanes, so that which of two is older can be told across levels.
CREATE FUNCTION stanchion.fair_send_v1(
  p_bucket integer, p_lanes bigint[], p_lane_ends integer[], p_versions integer[], p_tails bigint[],
  p_groups text[], p_group_ends integer[], p_entry_ends integer[], p_entry_groups integer[], p_entry_numbers integer[],
  p_bodies text[], p_attributes text[], p_delays integer[], p_place_ends bigint[], p_deadline timestamptz
) RETURNS TABLE (entry integer, lane_id bigint, seq bigint, level integer, now_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  family_lanes bigint[];
  lane_version integer;
  cursors bigint[];
  places bigint[];
  numbers bigint[];
  width integer;
  g record;
  tail_seq bigint;
  tail_ord bigint;
  first_seq bigint;
  ords bigint[];
  deepest integer;
  streams integer[];
  stream_numbers integer[];
  group_numbers bigint[];
  first_lane integer := 1;
  first_group integer := 1;
  first_entry integer := 1;
BEGIN
  PERFORM 1 FROM stanchion.lane l
  WHERE l.bucket = p_bucket AND l.lane_id = ANY (p_tails) AND l.kind = 1 ORDER BY l.lane_id FOR UPDATE;
  t := stanchion.clock();
  IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;

  FOR i IN 1 .. cardinality(p_lane_ends) LOOP
    family_lanes := p_lanes[first_lane : p_lane_ends[i]];
    width := cardinality(family_lanes);
    SELECT l.version INTO lane_version FROM stanchion.lane l
    WHERE l.bucket = p_bucket AND l.lane_id = family_lanes[1] AND l.kind = 1;
    IF lane_version = p_versions[i] THEN
      cursors := '{}';
      FOR depth IN 1 .. width LOOP
        SELECT c.last_seq INTO tail_seq FROM stanchion.lease c
        WHERE c.bucket = p_bucket AND c.lane_id = family_lanes[depth] ORDER BY c.last_seq DESC LIMIT 1;
        cursors[depth] := coalesce(tail_seq, 0);
      END LOOP;
      places := '{}';
      numbers := '{}';
      FOR n IN first_group .. p_group_ends[i] LOOP
        SELECT x.place, x.numbers INTO g
        FROM stanchion.group_place_v1(p_bucket, family_lanes, cursors, p_place_ends, p_groups[n], t) x;
        places := places || g.place;
        numbers := numbers || g.numbers;
      END LOOP;

      -- Stream 2d - 1 is the lane of depth d (level d - 1), stream 2d its delay stream.
      SELECT max((x.stream + 1) / 2), array_agg(x.stream ORDER BY x.entry), array_agg(x.stream_number ORDER BY x.entry),
             array_agg(numbers[(x.grp - 1) * 2 * width + x.stream] + x.group_number ORDER BY x.entry)
      INTO deepest, streams, stream_numbers, group_numbers
      FROM (SELECT s.*, (row_number() OVER (PARTITION BY s.stream ORDER BY s.entry))::integer AS stream_number,
                   row_number() OVER (PARTITION BY s.grp, s.stream ORDER BY s.entry) AS group_number
            FROM (SELECT e.entry, e.grp - first_group + 1 AS grp,
                         2 * width_bucket(places[e.grp - first_group + 1] + e.number - 1, p_place_ends)
                           + CASE WHEN e.delay > 0 THEN 2 ELSE 1 END AS stream
                  FROM unnest(p_entry_groups[first_entry : p_entry_ends[i]], p_entry_numbers[first_entry : p_entry_ends[i]],
                              p_delays[first_entry : p_entry_ends[i]]) WITH ORDINALITY e(grp, number, delay, entry)) s) x;
      IF deepest > width THEN
        entry := NULL;
        lane_id := family_lanes[1];
        seq := NULL;
        level := deepest - 1;
        now_ms := extract(epoch FROM t)::double precision * 1000;
        RETURN NEXT;
      ELSE
        first_seq := stanchion.seq_at(t);
        FOR stream IN 1 .. 2 * width LOOP
          IF stream = ANY (streams) THEN
            lane_id := CASE WHEN stream % 2 = 1 THEN family_lanes[(stream + 1) / 2] ELSE -family_lanes[stream / 2] END;
            SELECT m.seq, m.ord INTO tail_seq, tail_ord FROM stanchion.message_log m
            WHERE m.bucket = p_bucket AND m.lane_id = fair_send_v1.lane_id ORDER BY m.seq DESC LIMIT 1;
            IF NOT FOUND THEN
              SELECT c.last_seq, c.last_ord INTO tail_seq, tail_ord FROM stanchion.lease c
              WHERE c.bucket = p_bucket AND c.lane_id = fair_send_v1.lane_id ORDER BY c.last_seq DESC LIMIT 1;
            END IF;
            first_seq := greatest(first_seq, coalesce(tail_seq, 0) + 1);
            ords[stream] := coalesce(tail_ord, 0);
          END IF;
        END LOOP;
        INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, attributes, body, group_id, deduplication_id)
        SELECT p_bucket, CASE WHEN e.stream % 2 = 1 THEN family_lanes[(e.stream + 1) / 2] ELSE -family_lanes[e.stream / 2] END,
               first_seq + e.entry - 1, ords[e.stream] + e.number, p_attributes[first_entry + e.entry - 1],
               p_bodies[first_entry + e.entry - 1], p_groups[p_entry_groups[first_entry + e.entry - 1]], e.group_number::text
        FROM unnest(streams, stream_numbers, group_numbers) WITH ORDINALITY e(stream, number, group_number, entry);
        INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count)
        SELECT p_bucket, -family_lanes[e.stream / 2], first_seq + e.entry - 1,
               t + p_delays[first_entry + e.entry - 1] * interval '1 second', 0
        FROM unnest(streams) WITH ORDINALITY e(stream, entry) WHERE e.stream % 2 = 0;
        RETURN QUERY
        SELECT (first_entry + e.entry - 1)::integer,
               CASE WHEN e.stream % 2 = 1 THEN family_lanes[(e.stream + 1) / 2] ELSE -family_lanes[e.stream / 2] END,
               first_seq + e.entry - 1, (e.stream + 1) / 2 - 1, extract(epoch FROM t)::double precision * 1000
        FROM unnest(streams) WITH ORDINALITY e(stream, entry);
      END IF;
    END IF;
    first_lane := p_lane_ends[i] + 1;
    first_group := p_group_ends[i] + 1;
    first_entry := p_entry_ends[i] + 1;
  END LOOP;
END $$;

-- Since when has the oldest message that a lane could hand out now been waiting? As a seq, which is a time; null when there is
-- none. A message that came back waits since it became visible.
CREATE FUNCTION stanchion.waiting_since_v1(p_bucket integer, p_lane bigint, p_min_seq bigint, p_now timestamptz, p_floor timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  cursor_seq bigint;
  since bigint;
BEGIN
  SELECT c.last_seq INTO cursor_seq FROM stanchion.lease c
  WHERE c.bucket = p_bucket AND c.lane_id = p_lane ORDER BY c.last_seq DESC LIMIT 1;
  SELECT least(
    (SELECT m.seq FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = p_lane
     AND m.seq >= greatest(coalesce(cursor_seq, 0) + 1, p_min_seq) ORDER BY m.seq LIMIT 1),
    (SELECT stanchion.seq_at(c.visible_at) FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = p_lane
     AND c.visible_at <= p_now AND c.visible_at >= p_floor AND c.remaining > 0 ORDER BY c.visible_at LIMIT 1),
    (SELECT stanchion.seq_at(p.visible_at) FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = p_lane
     AND p.visible_at <= p_now AND p.visible_at >= p_floor ORDER BY p.visible_at LIMIT 1),
    (SELECT stanchion.seq_at(p.visible_at) FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = -p_lane
     AND p.visible_at <= p_now AND p.visible_at >= p_floor ORDER BY p.visible_at LIMIT 1))
  INTO since;
  RETURN since;
END $$;

-- Claim from families: level after level through claim_v1, as long as there is room.
--   p_lanes, p_lane_ends, p_floors   the lanes of each family by level, and their floors as in claim
--   p_owed          for each lane the part of its family's room that it is owed; not more than p_counts in all
--   the rest        as in claim, one for each family; families in ascending order of their roots
-- A deeper level gets what it is owed ahead of the levels before it when its oldest message has waited longer than theirs, and
-- the first such level what others are owed and do not need; so none starves, and messages of a queue with one group keep
-- their order.
-- Answers the rows of claim for every lane it looked at. A family without a row was passed over, or is gone.
-- Lock order: the head of the root, then those of the deeper levels, which nobody takes for long without it.
CREATE FUNCTION stanchion.fair_claim_v1(
  p_bucket integer, p_lanes bigint[], p_lane_ends integer[], p_versions integer[], p_counts integer[], p_owed integer[],
  p_timeouts integer[], p_retentions integer[], p_floors timestamptz[], p_wait boolean, p_trusted_now timestamptz,
  p_deadline timestamptz, p_bytes_max integer
) RETURNS TABLE (
  lane_id bigint, stale boolean, message_lane bigint, seq_ms double precision, seq_number integer, lease_seq bigint,
  lease_index integer, receive_count integer, first_received_ms double precision, body text, attributes text,
  now_ms double precision, due_in_ms double precision, nothing_due boolean
) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  lane_version integer;
  min_seq bigint;
  room integer;
  reserved integer;
  shares integer[];
  since bigint;
  lane_since bigint;
  first_waiting integer;
  unclaimed integer;
  found_rows integer;
  first_lane integer := 1;
BEGIN
  FOR i IN 1 .. cardinality(p_lane_ends) LOOP
    IF p_wait THEN
      SELECT l.version INTO lane_version FROM stanchion.lane l
      WHERE l.bucket = p_bucket AND l.lane_id = p_lanes[first_lane] AND l.kind = 2 FOR UPDATE;
    ELSE
      SELECT l.version INTO lane_version FROM stanchion.lane l
      WHERE l.bucket = p_bucket AND l.lane_id = p_lanes[first_lane] AND l.kind = 2 FOR UPDATE SKIP LOCKED;
    END IF;
    IF lane_version IS NOT NULL THEN
      room := p_counts[i];
      reserved := 0;
      unclaimed := 0;
      shares := '{}';
      IF lane_version = p_versions[i] AND EXISTS (SELECT FROM unnest(p_owed[first_lane : p_lane_ends[i]]) o(owed) WHERE o.owed > 0) THEN
        t := stanchion.clock();
        min_seq := stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - p_retentions[i] * interval '1 second');
        since := stanchion.waiting_since_v1(p_bucket, p_lanes[first_lane], min_seq, t, p_floors[first_lane]);
        first_waiting := NULL;
        FOR l IN first_lane + 1 .. p_lane_ends[i] LOOP
          lane_since := stanchion.waiting_since_v1(p_bucket, p_lanes[l], min_seq, t, p_floors[l]);
          IF lane_since < since THEN
            shares[l] := p_owed[l];
            first_waiting := coalesce(first_waiting, l);
          ELSIF p_owed[l] > 0 THEN
            unclaimed := unclaimed + p_owed[l];
          END IF;
          since := least(since, lane_since);
          reserved := reserved + p_owed[l];
        END LOOP;
        IF first_waiting IS NULL THEN
          reserved := 0;
        ELSE
          shares[first_waiting] := shares[first_waiting] + unclaimed;
        END IF;
      END IF;
      FOR l IN first_lane .. p_lane_ends[i] LOOP
        reserved := reserved - coalesce(shares[l], 0);
        IF room > reserved THEN
          RETURN QUERY
          SELECT * FROM stanchion.claim_v1(p_bucket, ARRAY[p_lanes[l]], ARRAY[p_versions[i]], ARRAY[room - reserved],
            ARRAY[p_timeouts[i]], ARRAY[p_retentions[i]], ARRAY[p_floors[l]], true, p_trusted_now, p_deadline, p_bytes_max);
          GET DIAGNOSTICS found_rows = ROW_COUNT;
          -- One of the rows speaks of the lane.
          room := room - greatest(found_rows - 1, 0);
        END IF;
        EXIT WHEN room = 0 OR lane_version <> p_versions[i];
      END LOOP;
    END IF;
    first_lane := p_lane_ends[i] + 1;
  END LOOP;
END $$;

-- As ready_lanes_v1. A lane of another version counts as ready too: its queue may have got lanes that the asker does not know.
CREATE FUNCTION stanchion.ready_lanes_v2(p_bucket integer, p_lanes bigint[], p_versions integer[])
RETURNS SETOF bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY
  SELECT stanchion.ready_lanes_v1(p_bucket, p_lanes)
  UNION
  SELECT r.lane_id FROM unnest(p_lanes, p_versions) r(lane_id, version)
  CROSS JOIN LATERAL (SELECT l.version FROM stanchion.lane l
                      WHERE l.bucket = p_bucket AND l.lane_id = r.lane_id AND l.kind = 2 LIMIT 1) live
  WHERE live.version <> r.version;
END $$;
