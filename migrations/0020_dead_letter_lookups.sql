-- A move task looks each of its messages up among the dead letters, instead of reading all of them in every step.
-- Locks: none.
-- breaking: no

-- The LIMIT keeps the planner from making one join of the lookups. Nothing else differs, so it keeps its number: nodes of the release
-- before get the same answers, sooner.
CREATE OR REPLACE FUNCTION stanchion.take_messages_v1(
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
                     WHERE x.bucket = p_source.bucket AND x.lane_id = m.lane_id AND x.seq = m.seq LIMIT 1) d ON true;
END $$;
