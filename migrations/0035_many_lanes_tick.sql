-- A tick over many lanes as one function, and cursors that keep no claim from its fast way (decision 0037).
-- Locks: none.
-- breaking: no

-- A lease with nothing left in it stays as the cursor of its lane until there is another. Once its time was over, it counted as something
-- that comes back, and the next claim of the lane looked for what that could be.
DO $$
DECLARE
  f record;
  former text;
  present text;
BEGIN
  FOR f IN
    SELECT * FROM (VALUES ('claim_v2', 'c.visible_at >= p_floors[i])'), ('one_lane_tick_v1', 'c.visible_at >= p_claim_floor)')) x(name, condition)
  LOOP
    former := pg_get_functiondef(('stanchion.' || f.name)::regproc);
    present := replace(former, f.condition, replace(f.condition, ')', ' AND c.remaining > 0)'));
    IF present = former THEN RAISE EXCEPTION '% is not what it was', f.name; END IF;
    EXECUTE present;
  END LOOP;
END $$;

-- What tick_v4 does over any number of lanes, with as few statements as one_lane_tick_v1 needs for one.
-- Answers a row for each message that was handed out, as one_lane_tick_v1 does, or claim_v2 for messages that come back, whose rows also say
-- how the claim of their lane went. The last row says what all others are about, in lists that follow those of the caller:
--   first_seqs   of p_send_lanes: where the sent messages begin; null: nothing was stored
--   removed      of p_delete_queue_lanes: how many messages went; null: the lane is gone
--   stales       of p_claim_lanes: whether nothing was claimed because the version differs; null: passed over, gone, or told by claim_v2
--   dues         of p_claim_lanes: in how many milliseconds the next message becomes due; null altogether where all found what they wanted
-- Locks in the order of tick_v4: leases, parked messages, tails, heads.
CREATE FUNCTION stanchion.many_lanes_tick_v1(
  p_bucket integer, p_deadline timestamptz,
  p_delete_queue_lanes bigint[], p_delete_lease_lanes bigint[], p_delete_leases bigint[], p_delete_masks bit varying[],
  p_delete_ends integer[], p_delete_indexes integer[], p_delete_seqs bigint[], p_delete_parked_lanes bigint[],
  p_delete_parked_seqs bigint[], p_delete_parked_counts integer[],
  p_send_lanes bigint[], p_send_versions integer[], p_send_entry_lanes integer[], p_send_entry_numbers integer[],
  p_send_bodies text[], p_send_attributes text[], p_send_delays integer[],
  p_claim_lanes bigint[], p_claim_versions integer[], p_claim_counts integer[], p_claim_timeouts integer[],
  p_claim_retentions integer[], p_claim_floors timestamptz[], p_claim_wait boolean, p_claim_trusted_now timestamptz,
  p_claim_bytes_max integer, p_claim_dead_buckets integer[], p_claim_dead_lanes bigint[], p_claim_receive_counts_max integer[],
  p_claim_queues text[]
) RETURNS TABLE (
  lane_id bigint, stale boolean, message_lane bigint, seq_ms double precision, seq_number integer, lease_seq bigint,
  lease_index integer, receive_count integer, first_received_ms double precision, body text, attributes text,
  now_ms double precision, due_in_ms double precision, nothing_due boolean,
  origin_lane bigint, origin_seq bigint, source_queue text, moved integer, moved_on integer,
  first_seqs bigint[], removed integer[], stales boolean[], dues double precision[]
) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  tail_versions integer[];
  head_versions integer[];
  removed_counts integer[];
  ords bigint[];
  -- From which seq on the log of a claimed lane is unread; null: it is not read here.
  min_seqs bigint[];
  -- Cursors whose messages are all gone.
  finished_seqs bigint[];
  exceptions integer[];
  wanted bigint;
  handed_out integer;
  place integer;
BEGIN
  IF p_delete_queue_lanes <> '{}' THEN
    removed_counts := stanchion.remove_messages_v1(p_bucket, p_delete_queue_lanes, p_delete_lease_lanes, p_delete_leases, p_delete_masks,
      p_delete_ends, p_delete_indexes, p_delete_seqs, p_delete_parked_lanes, p_delete_parked_seqs, p_delete_parked_counts);
  END IF;

  IF p_claim_wait THEN
    SELECT ARRAY(SELECT (SELECT l.version FROM stanchion.lane l
                         WHERE l.bucket = p_bucket AND l.lane_id = u.lane_id AND l.kind = 1 FOR UPDATE) FROM unnest(p_send_lanes) u(lane_id)),
           ARRAY(SELECT (SELECT l.version FROM stanchion.lane l
                         WHERE l.bucket = p_bucket AND l.lane_id = u.lane_id AND l.kind = 2 FOR UPDATE) FROM unnest(p_claim_lanes) u(lane_id))
    INTO tail_versions, head_versions;
  ELSE
    SELECT ARRAY(SELECT (SELECT l.version FROM stanchion.lane l
                         WHERE l.bucket = p_bucket AND l.lane_id = u.lane_id AND l.kind = 1 FOR UPDATE) FROM unnest(p_send_lanes) u(lane_id)),
           ARRAY(SELECT (SELECT l.version FROM stanchion.lane l
                         WHERE l.bucket = p_bucket AND l.lane_id = u.lane_id AND l.kind = 2 FOR UPDATE SKIP LOCKED)
                 FROM unnest(p_claim_lanes) u(lane_id))
    INTO tail_versions, head_versions;
  END IF;
  t := stanchion.clock();
  -- What was removed comes back with the error.
  IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;

  -- Read after the locks: what was committed while this waited for them counts.
  SELECT sent.first_seqs, sent.ords, claimed.min_seqs, claimed.finished_seqs, claimed.stales, claimed.exceptions, claimed.wanted,
         ARRAY(SELECT (SELECT u.removed FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = u.lane_id AND l.kind = 2)
               FROM unnest(p_delete_queue_lanes, removed_counts) u(lane_id, removed))
  INTO first_seqs, ords, min_seqs, finished_seqs, stales, exceptions, wanted, removed
  FROM (
    SELECT array_agg(CASE WHEN u.version = u.tail_version
                          THEN greatest(coalesce(tail.seq, newest.last_seq, 0) + 1, stanchion.seq_at(t)) END) AS first_seqs,
           array_agg(coalesce(tail.ord, newest.last_ord, 0)) AS ords
    FROM unnest(p_send_lanes, p_send_versions, tail_versions) u(lane_id, version, tail_version)
    LEFT JOIN LATERAL (SELECT m.seq, m.ord FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = u.lane_id
                       ORDER BY m.seq DESC LIMIT 1) tail ON true
    LEFT JOIN LATERAL (SELECT c.last_seq, c.last_ord FROM stanchion.lease c
                       WHERE tail.seq IS NULL AND c.bucket = p_bucket AND c.lane_id = u.lane_id
                       ORDER BY c.last_seq DESC LIMIT 1) newest ON true) sent
  CROSS JOIN (
    SELECT array_agg(CASE WHEN u.version = u.head_version AND NOT due.is_there
                          THEN greatest(coalesce(newest.last_seq, 0) + 1, stanchion.seq_at(
                            stanchion.retention_clock(t, p_claim_trusted_now) - u.retention * interval '1 second')) END) AS min_seqs,
           array_agg(CASE WHEN newest.remaining = 0 THEN newest.last_seq END) AS finished_seqs,
           array_agg(CASE WHEN u.version <> u.head_version OR NOT due.is_there THEN u.version <> u.head_version END) AS stales,
           array_agg(u.place) FILTER (WHERE u.version = u.head_version AND due.is_there) AS exceptions,
           sum(u.count) FILTER (WHERE u.version = u.head_version AND NOT due.is_there) AS wanted
    FROM unnest(p_claim_lanes, p_claim_versions, head_versions, p_claim_counts, p_claim_retentions, p_claim_floors)
      WITH ORDINALITY u(lane_id, version, head_version, count, retention, floor, place)
    LEFT JOIN LATERAL (SELECT c.last_seq, c.remaining FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = u.lane_id
                       ORDER BY c.last_seq DESC LIMIT 1) newest ON true
    CROSS JOIN LATERAL (
      SELECT EXISTS (SELECT 1 FROM stanchion.lease c WHERE c.bucket = p_bucket AND c.lane_id = u.lane_id
                     AND c.visible_at <= t AND c.visible_at >= u.floor AND c.remaining > 0)
             OR EXISTS (SELECT 1 FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = u.lane_id
                     AND p.visible_at <= t AND p.visible_at >= u.floor)
             OR EXISTS (SELECT 1 FROM stanchion.parked_message p WHERE p.bucket = p_bucket AND p.lane_id = -u.lane_id
                     AND p.visible_at <= t AND p.visible_at >= u.floor) AS is_there OFFSET 0) due) claimed;

  IF p_send_lanes <> '{}' THEN
    INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, attributes, body)
    SELECT p_bucket, p_send_lanes[e.lane], first_seqs[e.lane] + e.number - 1, ords[e.lane] + e.number, e.attributes, e.body
    FROM unnest(p_send_entry_lanes, p_send_entry_numbers, p_send_attributes, p_send_bodies) e(lane, number, attributes, body)
    WHERE first_seqs[e.lane] IS NOT NULL;
    IF p_send_lanes[1] < 0 THEN
      INSERT INTO stanchion.parked_message (bucket, lane_id, seq, visible_at, receive_count)
      SELECT p_bucket, p_send_lanes[e.lane], first_seqs[e.lane] + e.number - 1, t + e.delay * interval '1 second', 0
      FROM unnest(p_send_entry_lanes, p_send_entry_numbers, p_send_delays) e(lane, number, delay)
      WHERE p_send_lanes[e.lane] < 0 AND first_seqs[e.lane] IS NOT NULL;
    END IF;
  END IF;

  IF wanted > 0 THEN
    -- The run of the log behind each cursor becomes one lease, of as many messages as fit; a first one that is larger than that goes alone.
    RETURN QUERY
    WITH run AS MATERIALIZED (
      SELECT u.lane_id, u.timeout, m.*
      FROM unnest(p_claim_lanes, p_claim_counts, p_claim_timeouts, min_seqs) u(lane_id, count, timeout, min_seq)
      CROSS JOIN LATERAL (
        SELECT b.*
        FROM (SELECT l.seq, l.ord, l.body, l.attributes, sum(octet_length(l.body)) OVER w AS bytes, count(*) OVER w AS number
              FROM (SELECT x.seq, x.ord, x.body, x.attributes FROM stanchion.message_log x
                    WHERE x.bucket = p_bucket AND x.lane_id = u.lane_id AND x.seq >= u.min_seq ORDER BY x.seq LIMIT u.count) l
              WINDOW w AS (ROWS UNBOUNDED PRECEDING)) b
        WHERE b.bytes <= p_claim_bytes_max OR b.number = 1) m),
    leased AS (
      INSERT INTO stanchion.lease (bucket, lane_id, last_seq, first_seq, last_ord, size, remaining, visible_at, claimed_at, done)
      SELECT p_bucket, o.lane_id, max(o.seq), min(o.seq), max(o.ord), count(*), count(*),
             t + max(o.timeout) * interval '1 second', t, repeat('0', count(*)::integer)::bit varying
      FROM run o GROUP BY o.lane_id)
    SELECT o.lane_id, NULL::boolean, NULL::bigint, (o.seq >> 20)::double precision, (o.seq & 1048575)::integer, NULL::bigint,
           (o.number - 1)::integer, NULL::integer, NULL::double precision, o.body, o.attributes, NULL::double precision,
           NULL::double precision, NULL::boolean, NULL::bigint, NULL::bigint, NULL::text, NULL::integer, NULL::integer,
           NULL::bigint[], NULL::integer[], NULL::boolean[], NULL::double precision[]
    FROM run o;
    GET DIAGNOSTICS handed_out = ROW_COUNT;
    IF handed_out > 0 THEN
      -- A former cursor is no longer needed once there is another.
      FOR i IN 1 .. cardinality(p_claim_lanes) LOOP
        CONTINUE WHEN finished_seqs[i] IS NULL OR min_seqs[i] IS NULL;
        DELETE FROM stanchion.lease d
        WHERE d.bucket = p_bucket AND d.lane_id = p_claim_lanes[i] AND d.last_seq = finished_seqs[i] AND d.remaining = 0
          AND EXISTS (SELECT 1 FROM stanchion.lease n WHERE n.bucket = p_bucket AND n.lane_id = p_claim_lanes[i]
                      AND n.last_seq > finished_seqs[i] LIMIT 1);
      END LOOP;
    END IF;
    IF handed_out < wanted THEN
      SELECT array_agg(extract(epoch FROM least(c.visible_at, p.visible_at, d.visible_at) - t)::double precision * 1000)
      INTO dues
      FROM unnest(p_claim_lanes, min_seqs) u(lane_id, min_seq)
      LEFT JOIN LATERAL (SELECT x.visible_at FROM stanchion.lease x WHERE x.bucket = p_bucket AND x.lane_id = u.lane_id
                         AND x.visible_at > t AND x.visible_at < 'infinity' ORDER BY x.visible_at LIMIT 1) c ON u.min_seq IS NOT NULL
      LEFT JOIN LATERAL (SELECT x.visible_at FROM stanchion.parked_message x WHERE x.bucket = p_bucket AND x.lane_id = u.lane_id
                         AND x.visible_at > t ORDER BY x.visible_at LIMIT 1) p ON u.min_seq IS NOT NULL
      LEFT JOIN LATERAL (SELECT x.visible_at FROM stanchion.parked_message x WHERE x.bucket = p_bucket AND x.lane_id = -u.lane_id
                         AND x.visible_at > t ORDER BY x.visible_at LIMIT 1) d ON u.min_seq IS NOT NULL;
    END IF;
  END IF;
  -- Messages that come back are the exception, and claim_v2 knows what to do with them.
  FOREACH place IN ARRAY coalesce(exceptions, '{}') LOOP
    RETURN QUERY
    SELECT c.*, NULL::bigint[], NULL::integer[], NULL::boolean[], NULL::double precision[]
    FROM stanchion.claim_v2(p_bucket, p_claim_lanes[place : place], p_claim_versions[place : place], p_claim_counts[place : place],
      p_claim_timeouts[place : place], p_claim_retentions[place : place], p_claim_floors[place : place], true, p_claim_trusted_now,
      p_deadline, p_claim_bytes_max, p_claim_dead_buckets[place : place], p_claim_dead_lanes[place : place],
      p_claim_receive_counts_max[place : place], p_claim_queues[place : place]) c;
  END LOOP;
  now_ms := extract(epoch FROM t)::double precision * 1000;
  RETURN NEXT;
END $$;
