-- Claims of fair queues whose deeper levels take turns with their share, and are asked in one statement how long they have waited
-- (decision 0018).
-- Locks: none.
-- breaking: no

-- As waiting_since_v1, for the lanes of a family by level.
CREATE FUNCTION stanchion.waiting_since_v2(p_bucket integer, p_lanes bigint[], p_min_seq bigint, p_now timestamptz, p_floors timestamptz[])
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
  sinces bigint[];
BEGIN
  SELECT array_agg(least(m.seq, stanchion.seq_at(least(c.visible_at, p.visible_at, d.visible_at))) ORDER BY f.depth) INTO sinces
  FROM unnest(p_lanes, p_floors) WITH ORDINALITY f(lane, floor, depth)
  LEFT JOIN LATERAL (SELECT c.last_seq FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = f.lane
                     ORDER BY c.last_seq DESC LIMIT 1) cursor ON true
  LEFT JOIN LATERAL (SELECT m.seq FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = f.lane
                     AND m.seq >= greatest(coalesce(cursor.last_seq, 0) + 1, p_min_seq) ORDER BY m.seq LIMIT 1) m ON true
  LEFT JOIN LATERAL (SELECT c.visible_at FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = f.lane
                     AND c.visible_at <= p_now AND c.visible_at >= f.floor AND c.remaining > 0 ORDER BY c.visible_at LIMIT 1) c ON true
  LEFT JOIN LATERAL (SELECT p.visible_at FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = f.lane
                     AND p.visible_at <= p_now AND p.visible_at >= f.floor ORDER BY p.visible_at LIMIT 1) p ON true
  LEFT JOIN LATERAL (SELECT p.visible_at FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = -f.lane
                     AND p.visible_at <= p_now AND p.visible_at >= f.floor ORDER BY p.visible_at LIMIT 1) d ON true;
  RETURN sinces;
END $$;

-- As fair_claim_v2, with one level of a family at a time served ahead of its turn:
--   p_owed     for each family the part of its room that its deeper levels are owed
--   p_turns    and the level whose turn it is. It gets all of that when its oldest message has waited longer than those of the
--              levels before it; otherwise the first level of which this is true gets it.
CREATE FUNCTION stanchion.fair_claim_v3(
  p_bucket integer, p_lanes bigint[], p_lane_ends integer[], p_versions integer[], p_counts integer[], p_owed integer[],
  p_turns integer[], p_timeouts integer[], p_retentions integer[], p_floors timestamptz[], p_wait boolean,
  p_trusted_now timestamptz, p_deadline timestamptz, p_bytes_max integer, p_dead_buckets integer[], p_dead_lanes bigint[],
  p_receive_counts_max integer[], p_queues text[]
) RETURNS TABLE (
  lane_id bigint, stale boolean, message_lane bigint, seq_ms double precision, seq_number integer, lease_seq bigint,
  lease_index integer, receive_count integer, first_received_ms double precision, body text, attributes text,
  now_ms double precision, due_in_ms double precision, nothing_due boolean,
  origin_lane bigint, origin_seq bigint, source_queue text, moved integer, moved_on integer
) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  lane_version integer;
  room integer;
  allowed integer;
  served integer;
  sinces bigint[];
  since bigint;
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
      served := NULL;
      IF lane_version = p_versions[i] AND p_owed[i] > 0 THEN
        t := stanchion.clock();
        sinces := stanchion.waiting_since_v2(p_bucket, p_lanes[first_lane : p_lane_ends[i]],
          stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - p_retentions[i] * interval '1 second'), t,
          p_floors[first_lane : p_lane_ends[i]]);
        since := sinces[1];
        FOR depth IN 2 .. cardinality(sinces) LOOP
          IF sinces[depth] < since AND (served IS NULL OR depth = p_turns[i] + 1) THEN served := first_lane + depth - 1; END IF;
          since := least(since, sinces[depth]);
        END LOOP;
      END IF;
      FOR l IN first_lane .. p_lane_ends[i] LOOP
        -- The levels before the one that is served ahead leave room for its part.
        allowed := CASE WHEN l < served THEN room - least(room, p_owed[i]) ELSE room END;
        IF allowed > 0 THEN
          RETURN QUERY
          SELECT * FROM stanchion.claim_v2(p_bucket, ARRAY[p_lanes[l]], ARRAY[p_versions[i]], ARRAY[allowed],
            ARRAY[p_timeouts[i]], ARRAY[p_retentions[i]], ARRAY[p_floors[l]], true, p_trusted_now, p_deadline, p_bytes_max,
            ARRAY[p_dead_buckets[i]], ARRAY[p_dead_lanes[i]], ARRAY[p_receive_counts_max[i]], ARRAY[p_queues[i]]);
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
