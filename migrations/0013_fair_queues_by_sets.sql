-- Sends with groups that ask for the places of all their groups at once, and claims of fair queues that move dead letters
-- (decision 0018).
-- Locks: none.
-- breaking: no

-- As fair_send_v1, with less work for a message: no array of texts is taken apart entry by entry, the places of all groups of a
-- family are one statement, and delay streams are asked for only when one of the family was written to within the hour.
--   p_group_sizes        how many entries each group has
--   p_entry_kind_numbers its number among the delayed, or the other, entries of its group in this call
--   p_entry_group_ids    the group of each entry once more, as text
-- Answers one row a family that is there: where its entries stand, as the first seq and the stream of each entry (2d - 1 is the lane
-- of depth d, counted from 1, 2d its delay stream); entry i has first_seq + i - 1. Or the level whose lane is missing; then
-- nothing was stored.
CREATE FUNCTION stanchion.fair_send_v2(
  p_bucket integer, p_lanes bigint[], p_lane_ends integer[], p_versions integer[], p_tails bigint[],
  p_groups text[], p_group_sizes integer[], p_group_ends integer[], p_entry_ends integer[], p_entry_groups integer[],
  p_entry_numbers integer[], p_entry_kind_numbers integer[], p_entry_group_ids text[], p_bodies text[], p_attributes text[], p_delays integer[],
  p_place_ends bigint[], p_deadline timestamptz
) RETURNS TABLE (lane_id bigint, first_seq bigint, streams integer[], missing_level integer, now_ms double precision)
LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  family_lanes bigint[];
  lane_version integer;
  cursors bigint[];
  has_delayed boolean;
  places bigint[];
  depths integer[];
  numbers bigint[];
  delay_numbers bigint[];
  width integer;
  deepest integer;
  g record;
  lane bigint;
  tail_seq bigint;
  tail_ord bigint;
  ords bigint[];
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
  now_ms := extract(epoch FROM t)::double precision * 1000;

  FOR i IN 1 .. cardinality(p_lane_ends) LOOP
    family_lanes := p_lanes[first_lane : p_lane_ends[i]];
    width := cardinality(family_lanes);
    SELECT l.version INTO lane_version FROM stanchion.lane l
    WHERE l.bucket = p_bucket AND l.lane_id = family_lanes[1] AND l.kind = 1;
    IF lane_version = p_versions[i] THEN
      SELECT array_agg(coalesce(c.last_seq, 0) ORDER BY f.depth), bool_or(d.found IS NOT NULL) INTO cursors, has_delayed
      FROM unnest(family_lanes) WITH ORDINALITY f(lane, depth)
      LEFT JOIN LATERAL (SELECT c.last_seq FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = f.lane
                         ORDER BY c.last_seq DESC LIMIT 1) c ON true
      LEFT JOIN LATERAL (SELECT 1 AS found FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = -f.lane
                         AND m.seq >= stanchion.seq_at(t - interval '1 hour') LIMIT 1) d ON true;
      IF has_delayed THEN
        places := '{}';
        depths := '{}';
        numbers := '{}';
        delay_numbers := '{}';
        FOR n IN first_group .. p_group_ends[i] LOOP
          SELECT x.place, x.numbers INTO g
          FROM stanchion.group_place_v1(p_bucket, family_lanes, cursors, p_place_ends, p_groups[n], t) x;
          deepest := CASE WHEN g.place = 0 THEN 1 ELSE width_bucket(g.place - 1, p_place_ends) + 1 END;
          -- More may wait in a level than belong there; then its numbers are those of the deepest one that has any.
          WHILE deepest > 1 AND (deepest > width OR g.numbers[2 * deepest - 1] = 0 AND g.numbers[2 * deepest] = 0) LOOP
            deepest := deepest - 1;
          END LOOP;
          places := places || g.place;
          depths := depths || deepest;
          numbers := numbers || g.numbers[2 * deepest - 1];
          delay_numbers := delay_numbers || g.numbers[2 * deepest];
        END LOOP;
      ELSE
        -- From the deepest lane on, the first that holds a message of the group behind its cursor.
        SELECT array_agg(coalesce(w.place, 0) ORDER BY x.n), array_agg(coalesce(w.depth, 1) ORDER BY x.n),
               array_agg(coalesce(w.last_number, 0) ORDER BY x.n), array_agg(0::bigint)
        INTO places, depths, numbers, delay_numbers
        FROM unnest(p_groups[first_group : p_group_ends[i]]) WITH ORDINALITY x(id, n)
        LEFT JOIN LATERAL (
          SELECT b.depth, l.number AS last_number,
                 greatest(1, coalesce(l.number - f.number, 0) + 1) + CASE WHEN b.depth = 1 THEN 0 ELSE p_place_ends[b.depth - 1] END AS place
          FROM generate_series(width, 1, -1) b(depth)
          CROSS JOIN LATERAL (SELECT m.deduplication_id::bigint AS number FROM stanchion.message_log m
                              WHERE m.bucket = p_bucket AND m.lane_id = family_lanes[b.depth] AND m.group_id = x.id
                                AND m.seq > cursors[b.depth] ORDER BY m.seq DESC LIMIT 1) l
          CROSS JOIN LATERAL (SELECT m.deduplication_id::bigint AS number FROM stanchion.message_log m
                              WHERE m.bucket = p_bucket AND m.lane_id = family_lanes[b.depth] AND m.group_id = x.id
                                AND m.seq > cursors[b.depth] ORDER BY m.seq LIMIT 1) f
          LIMIT 1) w ON true;
      END IF;

      lane_id := family_lanes[1];
      first_seq := NULL;
      streams := NULL;
      missing_level := NULL;
      SELECT max(width_bucket(x.place + x.size - 1, p_place_ends)) + 1 INTO deepest
      FROM unnest(places, p_group_sizes[first_group : p_group_ends[i]]) x(place, size);
      IF deepest > width THEN
        missing_level := deepest - 1;
      ELSE
        -- Where a level begins anew, so may the numbers of the group.
        SELECT array_agg(x.stream ORDER BY x.entry),
               array_agg(x.kind_number + CASE WHEN (x.stream + 1) / 2 <> depths[x.grp] THEN 0
                                              WHEN x.stream % 2 = 1 THEN numbers[x.grp] ELSE delay_numbers[x.grp] END ORDER BY x.entry)
        INTO streams, group_numbers
        FROM (SELECT e.entry, e.kind_number, e.grp - first_group + 1 AS grp,
                     2 * width_bucket(places[e.grp - first_group + 1] + e.number - 1, p_place_ends)
                       + CASE WHEN e.delay > 0 THEN 2 ELSE 1 END AS stream
              FROM unnest(p_entry_groups[first_entry : p_entry_ends[i]], p_entry_numbers[first_entry : p_entry_ends[i]],
                          p_entry_kind_numbers[first_entry : p_entry_ends[i]], p_delays[first_entry : p_entry_ends[i]])
                   WITH ORDINALITY e(grp, number, kind_number, delay, entry)) x;
        IF streams[1] = ALL (streams) THEN
          SELECT array_agg(x.number) INTO stream_numbers FROM generate_series(1, cardinality(streams)) x(number);
        ELSE
          SELECT array_agg(x.number ORDER BY x.entry) INTO stream_numbers
          FROM (SELECT s.entry, (row_number() OVER (PARTITION BY s.stream ORDER BY s.entry))::integer AS number
                FROM unnest(streams) WITH ORDINALITY s(stream, entry)) x;
        END IF;
        first_seq := stanchion.seq_at(t);
        ords := '{}';
        FOR stream IN 1 .. 2 * width LOOP
          CONTINUE WHEN NOT stream = ANY (streams);
          lane := CASE WHEN stream % 2 = 1 THEN family_lanes[(stream + 1) / 2] ELSE -family_lanes[stream / 2] END;
          SELECT m.seq, m.ord INTO tail_seq, tail_ord FROM stanchion.message_log m
          WHERE m.bucket = p_bucket AND m.lane_id = lane ORDER BY m.seq DESC LIMIT 1;
          IF NOT FOUND THEN
            SELECT c.last_seq, c.last_ord INTO tail_seq, tail_ord FROM stanchion.lease c
            WHERE c.bucket = p_bucket AND c.lane_id = lane ORDER BY c.last_seq DESC LIMIT 1;
          END IF;
          first_seq := greatest(first_seq, coalesce(tail_seq, 0) + 1);
          ords[stream] := coalesce(tail_ord, 0);
        END LOOP;
        INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, attributes, body, group_id, deduplication_id)
        SELECT p_bucket, CASE WHEN e.stream % 2 = 1 THEN family_lanes[(e.stream + 1) / 2] ELSE -family_lanes[e.stream / 2] END,
               first_seq + e.entry - 1, ords[e.stream] + e.number, e.attributes, e.body, e.group_id, e.group_number::text
        FROM unnest(streams, stream_numbers, group_numbers, p_entry_group_ids[first_entry : p_entry_ends[i]],
                    p_attributes[first_entry : p_entry_ends[i]], p_bodies[first_entry : p_entry_ends[i]])
             WITH ORDINALITY e(stream, number, group_number, group_id, attributes, body, entry);
        IF p_tails[1] < 0 THEN
          INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count)
          SELECT p_bucket, -family_lanes[e.stream / 2], first_seq + e.entry - 1, t + e.delay * interval '1 second', 0
          FROM unnest(streams, p_delays[first_entry : p_entry_ends[i]]) WITH ORDINALITY e(stream, delay, entry)
          WHERE e.stream % 2 = 0;
        END IF;
      END IF;
      RETURN NEXT;
    END IF;
    first_lane := p_lane_ends[i] + 1;
    first_group := p_group_ends[i] + 1;
    first_entry := p_entry_ends[i] + 1;
  END LOOP;
END $$;
