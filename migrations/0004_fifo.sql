-- FIFO queues: one lane each, a row a message group, and a memory of deduplication ids (decision 0012).
-- Locks: message_log exclusively, for adding two columns without a default and an index over rows that none of it holds yet.
-- breaking: no

ALTER TABLE stanchion.queue
  ADD COLUMN is_fifo boolean NOT NULL DEFAULT false,
  ADD COLUMN content_based_deduplication boolean NOT NULL DEFAULT false,
  ADD COLUMN deduplication_scope text NOT NULL DEFAULT 'queue' CHECK (deduplication_scope IN ('queue', 'messageGroup')),
  ADD COLUMN throughput_limit text NOT NULL DEFAULT 'perQueue' CHECK (throughput_limit IN ('perQueue', 'perMessageGroupId'));

-- Null on standard queues, which pay for neither the columns nor the index.
ALTER TABLE stanchion.message_log
  ADD COLUMN group_id text COLLATE "C",
  ADD COLUMN deduplication_id text;
CREATE INDEX message_log_group ON stanchion.message_log (bucket, lane_id, group_id, seq) WHERE group_id IS NOT NULL;

-- Which id was first used by which message; `key` is a hash of scope and id. Rows older than the window are passed over by
-- their seq, so removing them is tidying and nothing else.
CREATE TABLE stanchion.fifo_deduplication (
  bucket integer,
  lane_id bigint,
  key bytea,
  seq bigint,
  PRIMARY KEY (bucket, lane_id, key, seq)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
CREATE INDEX fifo_deduplication_seq ON stanchion.fifo_deduplication (bucket, lane_id, seq);

-- Up to where the log of a lane was sorted into its groups.
CREATE TABLE stanchion.fifo_cursor (
  bucket integer,
  lane_id bigint,
  seq bigint NOT NULL,
  PRIMARY KEY (bucket, lane_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);

-- One row for each group that has messages; written under the head lock of its lane only. The arrays are its window: the
-- messages that were received and are not finished, in order. Behind it, up to last_seq, stand `pending` messages that nobody
-- has received; they are read from the log. `ready_at` is when the front of the group becomes visible.
CREATE TABLE stanchion.fifo_group (
  bucket integer,
  lane_id bigint,
  group_id text COLLATE "C",
  ready_at timestamptz NOT NULL,
  claimed_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  pending integer NOT NULL,
  seqs bigint[] NOT NULL DEFAULT '{}',
  visible_at timestamptz[] NOT NULL DEFAULT '{}',
  receive_counts integer[] NOT NULL DEFAULT '{}',
  received_at timestamptz[] NOT NULL DEFAULT '{}',
  first_received_at timestamptz[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (bucket, lane_id, group_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
CREATE INDEX fifo_group_ready_at ON stanchion.fifo_group (bucket, lane_id, ready_at, claimed_seq);

-- Send: appends entries to the tails of FIFO lanes, and answers a duplicate with the place of the first.
--   p_lanes, p_versions   as in send; p_entry_lanes the place of an entry's lane in p_lanes, from 1, entries in order
--   p_keys                hashes of scope and deduplication id
-- Answers one row an entry; a lane without rows is gone or has another version, and nothing was stored for it.
-- Lookup, numbering and insert stand under the tail lock, so no two nodes can both be the first (G15).
CREATE FUNCTION stanchion.fifo_send_v1(
  p_bucket integer, p_lanes bigint[], p_versions integer[], p_entry_lanes integer[], p_bodies text[], p_attributes text[],
  p_groups text[], p_deduplication_ids text[], p_keys bytea[], p_deadline timestamptz
) RETURNS TABLE (entry integer, seq bigint, is_duplicate boolean, now_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  lane bigint;
  lane_version integer;
  tail_seq bigint;
  tail_ord bigint;
  base_seq bigint;
  since_seq bigint;
  places integer[];
  seqs bigint[];
  numbers integer[];
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
      -- Every segment of the lane is gone; its cursor and its memory still know how far the numbers went.
      SELECT greatest(
        (SELECT c.seq FROM stanchion.fifo_cursor c WHERE c.bucket = p_bucket AND c.lane_id = lane),
        (SELECT max(d.seq) FROM stanchion.fifo_deduplication d WHERE d.bucket = p_bucket AND d.lane_id = lane))
      INTO tail_seq;
      tail_ord := 0;
    END IF;
    base_seq := greatest(coalesce(tail_seq, 0) + 1, stanchion.seq_at(t));
    since_seq := stanchion.seq_at(t - interval '5 minutes');

    -- An entry is stored when its id is not known and it is the first of its id in this statement.
    SELECT array_agg(f.place ORDER BY f.place), array_agg(coalesce(f.known, base_seq + f.first_number - 1) ORDER BY f.place),
           array_agg(CASE WHEN f.is_new THEN f.number END ORDER BY f.place)
    INTO places, seqs, numbers
    FROM (SELECT n.*, first_value(n.number) OVER (PARTITION BY n.key ORDER BY n.place) AS first_number
          FROM (SELECT e.*, (count(*) FILTER (WHERE e.is_new) OVER (ORDER BY e.place))::integer AS number
                FROM (SELECT u.place::integer AS place, u.key, d.seq AS known,
                             d.seq IS NULL AND u.place = min(u.place) OVER (PARTITION BY u.key) AS is_new
                      FROM unnest(p_entry_lanes, p_keys) WITH ORDINALITY u(lane_place, key, place)
                      LEFT JOIN LATERAL (SELECT k.seq FROM stanchion.fifo_deduplication k
                                         WHERE k.bucket = p_bucket AND k.lane_id = lane AND k.key = u.key
                                           AND k.seq >= since_seq ORDER BY k.seq DESC LIMIT 1) d ON true
                      WHERE u.lane_place = i) e) n) f;
    CONTINUE WHEN places IS NULL;

    INSERT INTO stanchion.message_log (bucket, lane_id, seq, ord, attributes, body, group_id, deduplication_id)
    SELECT p_bucket, lane, e.seq, tail_ord + e.number, p_attributes[e.place], p_bodies[e.place], p_groups[e.place],
           p_deduplication_ids[e.place]
    FROM unnest(places, seqs, numbers) e(place, seq, number) WHERE e.number IS NOT NULL;
    INSERT INTO stanchion.fifo_deduplication (bucket, lane_id, key, seq)
    SELECT p_bucket, lane, p_keys[e.place], e.seq
    FROM unnest(places, seqs, numbers) e(place, seq, number) WHERE e.number IS NOT NULL;
    RETURN QUERY
    SELECT e.place, e.seq, e.number IS NULL, extract(epoch FROM t)::double precision * 1000
    FROM unnest(places, seqs, numbers) e(place, seq, number);
  END LOOP;
END $$;

-- The greatest seq that a queue's delay lets through at a moment.
CREATE FUNCTION stanchion.fifo_due_seq_v1(p_now timestamptz, p_delay integer) RETURNS bigint LANGUAGE sql IMMUTABLE
AS $$ SELECT CASE WHEN p_delay = 0 THEN 9223372036854775807
             ELSE ((floor(extract(epoch FROM p_now - p_delay * interval '1 second') * 1000)::bigint + 1) << 20) - 1 END $$;

-- Writes a group back: when its front becomes visible, or that it has no messages any more. A leased front that outlives its
-- retention leaves the group at that moment, however long its lease is. Answers ready_at, null when the group is gone.
CREATE FUNCTION stanchion.fifo_put_v1(p_group stanchion.fifo_group, p_now timestamptz, p_retention integer)
RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
  g stanchion.fifo_group := p_group;
  ends_at timestamptz;
BEGIN
  IF cardinality(g.seqs) > 0 THEN
    ends_at := to_timestamp((g.seqs[1] >> 20) / 1000.0) + p_retention * interval '1 second';
    g.ready_at := CASE WHEN ends_at > p_now THEN least(g.visible_at[1], ends_at) ELSE g.visible_at[1] END;
  ELSIF g.pending > 0 THEN
    g.ready_at := p_now;
  ELSE
    DELETE FROM stanchion.fifo_group f
    WHERE f.bucket = g.bucket AND f.lane_id = g.lane_id AND f.group_id = g.group_id;
    RETURN NULL;
  END IF;
  UPDATE stanchion.fifo_group f
  SET ready_at = g.ready_at, claimed_seq = g.claimed_seq, pending = g.pending, seqs = g.seqs, visible_at = g.visible_at,
      receive_counts = g.receive_counts, received_at = g.received_at, first_received_at = g.first_received_at
  WHERE f.bucket = g.bucket AND f.lane_id = g.lane_id AND f.group_id = g.group_id;
  RETURN g.ready_at;
END $$;

-- The group without what is older than p_min_seq.
CREATE FUNCTION stanchion.fifo_expire_v1(p_group stanchion.fifo_group, p_min_seq bigint)
RETURNS stanchion.fifo_group LANGUAGE plpgsql AS $$
DECLARE
  g stanchion.fifo_group := p_group;
  n integer := 0;
BEGIN
  WHILE n < cardinality(g.seqs) AND g.seqs[n + 1] < p_min_seq LOOP n := n + 1; END LOOP;
  IF n > 0 THEN
    g.seqs := g.seqs[n + 1 :];
    g.visible_at := g.visible_at[n + 1 :];
    g.receive_counts := g.receive_counts[n + 1 :];
    g.received_at := g.received_at[n + 1 :];
    g.first_received_at := g.first_received_at[n + 1 :];
  END IF;
  IF g.pending > 0 AND g.claimed_seq < p_min_seq - 1 THEN
    g.claimed_seq := p_min_seq - 1;
    SELECT count(*) INTO g.pending FROM stanchion.message_log m
    WHERE m.bucket = g.bucket AND m.lane_id = g.lane_id AND m.group_id = g.group_id
      AND m.seq > g.claimed_seq AND m.seq <= g.last_seq;
  END IF;
  RETURN g;
END $$;

-- Sorts up to p_count messages behind the cursor of a lane into their groups. Under the head lock. Answers how many.
CREATE FUNCTION stanchion.fifo_index_v1(p_bucket integer, p_lane bigint, p_min_seq bigint, p_due_seq bigint, p_count integer, p_now timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  cursor_seq bigint;
  run_last bigint;
  run_size integer;
BEGIN
  SELECT c.seq INTO cursor_seq FROM stanchion.fifo_cursor c WHERE c.bucket = p_bucket AND c.lane_id = p_lane;
  cursor_seq := greatest(coalesce(cursor_seq, 0), p_min_seq - 1);
  SELECT max(r.seq), count(*) INTO run_last, run_size
  FROM (SELECT m.seq FROM stanchion.message_log m
        WHERE m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq > cursor_seq AND m.seq <= p_due_seq
        ORDER BY m.seq LIMIT p_count) r;
  IF run_size = 0 THEN RETURN 0; END IF;
  -- A group that is there keeps its ready_at: a new message never opens it (G12). New ones stand in order of their first.
  INSERT INTO stanchion.fifo_group AS f (bucket, lane_id, group_id, ready_at, claimed_seq, last_seq, pending)
  SELECT p_bucket, p_lane, m.group_id, least(p_now, to_timestamp((min(m.seq) >> 20) / 1000.0)), min(m.seq) - 1, max(m.seq), count(*)
  FROM stanchion.message_log m
  WHERE m.bucket = p_bucket AND m.lane_id = p_lane AND m.seq > cursor_seq AND m.seq <= run_last
  GROUP BY m.group_id
  ON CONFLICT (bucket, lane_id, group_id) DO UPDATE SET last_seq = excluded.last_seq, pending = f.pending + excluded.pending;
  INSERT INTO stanchion.fifo_cursor (bucket, lane_id, seq) VALUES (p_bucket, p_lane, run_last)
  ON CONFLICT (bucket, lane_id) DO UPDATE SET seq = excluded.seq;
  RETURN run_size;
END $$;

-- Claim: hands out messages of FIFO lanes to waiting receives.
--   p_lanes, p_versions, p_timeouts, p_retentions, p_trusted_now, p_deadline   as in claim; p_delays the queues' delays
--   p_size_ends, p_sizes   how many messages each receive of a lane wants: lane i's are those up to p_size_ends[i]
--   p_bytes_max            bodies of first deliveries that a lane hands out; one message always goes
-- A receive gets as much of one group as is visible from its front, then of the next; no group is split over two receives.
-- Everything is read after the head lock was won, and only its holder writes groups (traps 1, 2, 3).
-- Answers, for each lane that is there, one row with `seq_ms` null, which says whether it has another version than the node
-- thought (then nothing was done), when the next message becomes due, and whether more may be there than was looked at; before
-- it one row for every message, in order, with the number of the receive that gets it, from 1.
CREATE FUNCTION stanchion.fifo_claim_v1(
  p_bucket integer, p_lanes bigint[], p_versions integer[], p_timeouts integer[], p_retentions integer[], p_delays integer[],
  p_size_ends integer[], p_sizes integer[], p_trusted_now timestamptz, p_deadline timestamptz, p_bytes_max bigint
) RETURNS TABLE (
  lane_id bigint, stale boolean, receive integer, seq_ms double precision, seq_number integer, receive_count integer,
  first_received_ms double precision, body text, attributes text, group_id text, deduplication_id text,
  now_ms double precision, due_in_ms double precision, has_more boolean
) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  t_ms double precision;
  lane bigint;
  lane_version integer;
  min_seq bigint;
  due_seq bigint;
  hides_until timestamptz;
  first_size integer := 1;
  receiver integer;
  room integer;
  taken integer;
  found_seqs bigint[];
  found_bytes bigint;
  bytes_left bigint;
  chunk integer;
  run integer;
  indexed integer;
  is_at_tail boolean;
  due_at timestamptz;
  g stanchion.fifo_group;
  served text[];
  out_receives integer[];
  out_seqs bigint[];
  out_counts integer[];
  out_firsts timestamptz[];
BEGIN
  FOR i IN 1 .. cardinality(p_lanes) LOOP
    lane := p_lanes[i];
    SELECT l.version INTO lane_version FROM stanchion.lane l
    WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 2 FOR UPDATE;
    t := stanchion.clock();
    IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
    t_ms := extract(epoch FROM t)::double precision * 1000;
    due_at := NULL;
    is_at_tail := false;
    receiver := first_size;
    IF lane_version = p_versions[i] THEN
      min_seq := stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - p_retentions[i] * interval '1 second');
      due_seq := stanchion.fifo_due_seq_v1(t, p_delays[i]);
      hides_until := t + p_timeouts[i] * interval '1 second';
      bytes_left := p_bytes_max;
      room := p_sizes[receiver];
      served := '{}';
      out_receives := '{}';
      out_seqs := '{}';
      out_counts := '{}';
      out_firsts := '{}';
      indexed := 0;
      SELECT 2 * sum(s.size) + 10 INTO chunk FROM unnest(p_sizes[first_size : p_size_ends[i]]) s(size);
      LOOP
        -- Always a bit more than is taken, so that nothing starves behind groups that are ready (G14).
        run := stanchion.fifo_index_v1(p_bucket, lane, min_seq, due_seq, chunk, t);
        indexed := indexed + run;
        is_at_tail := run < chunk;
        WHILE receiver <= p_size_ends[i] AND bytes_left > 0 LOOP
          SELECT f.* INTO g FROM stanchion.fifo_group f
          WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.ready_at <= t AND f.group_id <> ALL (served)
          ORDER BY f.ready_at, f.claimed_seq LIMIT 1;
          EXIT WHEN NOT FOUND;
          served := served || g.group_id;
          g := stanchion.fifo_expire_v1(g, min_seq);
          taken := 0;
          WHILE taken < room AND taken < cardinality(g.seqs) AND g.visible_at[taken + 1] <= t LOOP
            taken := taken + 1;
            g.visible_at[taken] := hides_until;
            g.receive_counts[taken] := g.receive_counts[taken] + 1;
            g.received_at[taken] := t;
          END LOOP;
          IF taken = cardinality(g.seqs) AND taken < room AND g.pending > 0 THEN
            SELECT array_agg(b.seq ORDER BY b.seq), sum(b.bytes) INTO found_seqs, found_bytes
            FROM (SELECT r.seq, r.bytes, sum(r.bytes) OVER (ORDER BY r.seq) AS total, row_number() OVER (ORDER BY r.seq) AS number
                  FROM (SELECT m.seq, octet_length(m.body) AS bytes FROM stanchion.message_log m
                        WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.group_id = g.group_id
                          AND m.seq > g.claimed_seq AND m.seq <= g.last_seq
                        ORDER BY m.seq LIMIT room - taken) r) b
            WHERE b.total <= bytes_left OR b.number = 1;
            bytes_left := bytes_left - found_bytes;
            g.pending := g.pending - cardinality(found_seqs);
            g.claimed_seq := found_seqs[cardinality(found_seqs)];
            g.seqs := g.seqs || found_seqs;
            g.visible_at := g.visible_at || array_fill(hides_until, ARRAY[cardinality(found_seqs)]);
            g.receive_counts := g.receive_counts || array_fill(1, ARRAY[cardinality(found_seqs)]);
            g.received_at := g.received_at || array_fill(t, ARRAY[cardinality(found_seqs)]);
            g.first_received_at := g.first_received_at || array_fill(t, ARRAY[cardinality(found_seqs)]);
            taken := taken + cardinality(found_seqs);
          END IF;
          PERFORM stanchion.fifo_put_v1(g, t, p_retentions[i]);
          IF taken > 0 THEN
            out_receives := out_receives || array_fill(receiver - first_size + 1, ARRAY[taken]);
            out_seqs := out_seqs || g.seqs[1 : taken];
            out_counts := out_counts || g.receive_counts[1 : taken];
            out_firsts := out_firsts || g.first_received_at[1 : taken];
            room := room - taken;
          END IF;
          IF room = 0 THEN
            receiver := receiver + 1;
            room := p_sizes[receiver];
          END IF;
        END LOOP;
        EXIT WHEN receiver > p_size_ends[i] OR bytes_left <= 0 OR is_at_tail OR indexed >= 10000;
        chunk := 1000;
      END LOOP;
      RETURN QUERY
      SELECT lane, false, o.receive, (o.seq >> 20)::double precision, (o.seq & 1048575)::integer, o.count,
             extract(epoch FROM o.first)::double precision * 1000, m.body, m.attributes, m.group_id, m.deduplication_id, t_ms,
             NULL::double precision, NULL::boolean
      FROM unnest(out_receives, out_seqs, out_counts, out_firsts) WITH ORDINALITY o(receive, seq, count, first, place)
      LEFT JOIN LATERAL (SELECT b.* FROM stanchion.message_log b
                         WHERE b.bucket = p_bucket AND b.lane_id = lane AND b.seq = o.seq LIMIT 1) m ON true
      ORDER BY o.place;
      IF receiver <= p_size_ends[i] THEN
        SELECT least(
          (SELECT f.ready_at FROM stanchion.fifo_group f WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.ready_at > t
           ORDER BY f.ready_at LIMIT 1),
          CASE WHEN is_at_tail AND p_delays[i] > 0 THEN
            (SELECT to_timestamp((m.seq >> 20) / 1000.0) + p_delays[i] * interval '1 second' FROM stanchion.message_log m
             WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.seq > due_seq ORDER BY m.seq LIMIT 1) END)
        INTO due_at;
      END IF;
    END IF;
    lane_id := lane;
    stale := lane_version IS DISTINCT FROM p_versions[i];
    seq_ms := NULL;
    now_ms := t_ms;
    due_in_ms := extract(epoch FROM due_at - t)::double precision * 1000;
    has_more := receiver <= p_size_ends[i] AND NOT stale AND (NOT is_at_tail OR bytes_left <= 0);
    RETURN NEXT;
    first_size := p_size_ends[i] + 1;
  END LOOP;
END $$;

-- Finishes deliveries of FIFO lanes (p_timeouts null) or gives them a new timeout, counted from now.
--   p_lanes                    the lanes, ascending, that must still exist; p_retentions by lane
--   p_entry_lanes              for each entry the place of its lane in p_lanes, from 1; with p_seqs and p_counts the delivery
--   p_lease_seconds_max        how long one delivery may stay invisible in all
-- Answers one row an entry: 0 done, 1 no such message any more, 2 too long, 3 lane gone, 4 the delivery is over (its timeout ran
-- out), 5 the message was delivered again since; and in how many milliseconds its group opens (0 now, null never or unchanged).
CREATE FUNCTION stanchion.fifo_settle_v1(
  p_bucket integer, p_lanes bigint[], p_retentions integer[], p_entry_lanes integer[], p_seqs bigint[], p_counts integer[],
  p_timeouts integer[], p_lease_seconds_max integer, p_trusted_now timestamptz, p_deadline timestamptz
) RETURNS TABLE (entry integer, outcome smallint, opens_in_ms double precision, now_ms double precision) LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  lane bigint;
  min_seq bigint;
  has_lane boolean;
  r record;
  g stanchion.fifo_group;
  n integer;
  new_visible_at timestamptz;
BEGIN
  FOR i IN 1 .. cardinality(p_lanes) LOOP
    lane := p_lanes[i];
    PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = lane AND l.kind = 2 FOR UPDATE;
    has_lane := FOUND;
    t := stanchion.clock();
    IF t > p_deadline THEN RAISE EXCEPTION 'the deadline passed before the work began' USING ERRCODE = 'ST001'; END IF;
    now_ms := extract(epoch FROM t)::double precision * 1000;
    min_seq := stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - p_retentions[i] * interval '1 second');
    FOR r IN
      SELECT u.place::integer AS place, u.seq, u.count, u.timeout
      FROM unnest(p_entry_lanes, p_seqs, p_counts, p_timeouts) WITH ORDINALITY u(lane, seq, count, timeout, place)
      WHERE u.lane = i ORDER BY u.place
    LOOP
      entry := r.place;
      outcome := 1;
      opens_in_ms := NULL;
      n := NULL;
      IF NOT has_lane THEN
        outcome := 3;
      ELSIF r.seq >= min_seq THEN
        SELECT f.* INTO g FROM stanchion.fifo_group f
        WHERE f.bucket = p_bucket AND f.lane_id = lane AND f.group_id = (
          SELECT m.group_id FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = lane AND m.seq = r.seq);
        IF FOUND THEN n := array_position(g.seqs, r.seq); END IF;
      END IF;
      IF n IS NOT NULL THEN
        new_visible_at := t + r.timeout * interval '1 second';
        IF g.receive_counts[n] <> r.count THEN
          outcome := 5;
        ELSIF g.visible_at[n] <= t THEN
          outcome := 4;
        ELSIF new_visible_at > g.received_at[n] + p_lease_seconds_max * interval '1 second' THEN
          outcome := 2;
        ELSE
          outcome := 0;
          IF r.timeout IS NULL THEN
            g.seqs := g.seqs[: n - 1] || g.seqs[n + 1 :];
            g.visible_at := g.visible_at[: n - 1] || g.visible_at[n + 1 :];
            g.receive_counts := g.receive_counts[: n - 1] || g.receive_counts[n + 1 :];
            g.received_at := g.received_at[: n - 1] || g.received_at[n + 1 :];
            g.first_received_at := g.first_received_at[: n - 1] || g.first_received_at[n + 1 :];
          ELSE
            g.visible_at[n] := new_visible_at;
          END IF;
          opens_in_ms := greatest(0, extract(epoch FROM stanchion.fifo_put_v1(g, t, p_retentions[i]) - t)::double precision * 1000);
        END IF;
      END IF;
      RETURN NEXT;
    END LOOP;
  END LOOP;
END $$;

-- Counts of FIFO lanes, exact at one snapshot; messages that wait behind others of their group are visible ones (G26).
CREATE FUNCTION stanchion.fifo_count_v1(p_bucket integer, p_lanes bigint[], p_retentions integer[], p_delays integer[], p_trusted_now timestamptz)
RETURNS TABLE (lane_id bigint, visible bigint, in_flight bigint, delayed bigint, oldest_ms double precision, now_ms double precision)
LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
  retention_now timestamptz := stanchion.retention_clock(t, p_trusted_now);
BEGIN
  RETURN QUERY
  SELECT r.lane_id, coalesce(later.due, 0) + coalesce(groups.pending, 0) + coalesce(groups.returned, 0),
         coalesce(groups.leased, 0)::bigint, coalesce(later.hidden, 0), (least(later.oldest, groups.oldest) >> 20)::double precision,
         extract(epoch FROM t)::double precision * 1000
  FROM (SELECT u.lane_id, stanchion.seq_at(retention_now - u.retention * interval '1 second') AS min_seq,
               stanchion.fifo_due_seq_v1(t, u.delay) AS due_seq
        FROM unnest(p_lanes, p_retentions, p_delays) u(lane_id, retention, delay)) r
  LEFT JOIN LATERAL (SELECT c.seq FROM stanchion.fifo_cursor c WHERE c.bucket = p_bucket AND c.lane_id = r.lane_id) cursor ON true
  LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE m.seq <= r.due_seq) AS due, count(*) FILTER (WHERE m.seq > r.due_seq) AS hidden,
           min(m.seq) AS oldest
    FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
      AND m.seq >= greatest(coalesce(cursor.seq, 0) + 1, r.min_seq)) later ON true
  LEFT JOIN LATERAL (
    SELECT sum(x.pending)::bigint AS pending, sum(x.returned)::bigint AS returned, sum(x.leased)::bigint AS leased, min(x.oldest) AS oldest
    FROM stanchion.fifo_group f
    CROSS JOIN LATERAL (
      SELECT CASE WHEN f.pending = 0 OR f.claimed_seq >= r.min_seq - 1 THEN f.pending ELSE
               (SELECT count(*) FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
                AND m.group_id = f.group_id AND m.seq >= r.min_seq AND m.seq <= f.last_seq) END AS pending,
             (SELECT count(*) FROM unnest(f.seqs, f.visible_at) w(seq, visible_at) WHERE w.seq >= r.min_seq AND w.visible_at <= t) AS returned,
             (SELECT count(*) FROM unnest(f.seqs, f.visible_at) w(seq, visible_at) WHERE w.seq >= r.min_seq AND w.visible_at > t) AS leased,
             coalesce((SELECT min(w.seq) FROM unnest(f.seqs) w(seq) WHERE w.seq >= r.min_seq),
               CASE WHEN f.pending > 0 THEN
                 (SELECT m.seq FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
                  AND m.group_id = f.group_id AND m.seq >= greatest(f.claimed_seq + 1, r.min_seq) AND m.seq <= f.last_seq
                  ORDER BY m.seq LIMIT 1) END) AS oldest) x
    WHERE f.bucket = p_bucket AND f.lane_id = r.lane_id) groups ON true;
END $$;

-- Which of these FIFO lanes have something to hand out now? As ready_lanes.
CREATE FUNCTION stanchion.ready_fifo_lanes_v1(p_bucket integer, p_lanes bigint[]) RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz := stanchion.clock();
BEGIN
  RETURN QUERY
  SELECT r.lane_id FROM unnest(p_lanes) r(lane_id)
  LEFT JOIN LATERAL (SELECT q.delay_seconds FROM stanchion.lane l JOIN stanchion.queue q ON q.queue_id = l.queue_id
                     WHERE l.bucket = p_bucket AND l.lane_id = r.lane_id AND l.kind = 2) live ON true
  WHERE live.delay_seconds IS NULL
    OR EXISTS (SELECT 1 FROM stanchion.fifo_group f
               WHERE f.bucket = p_bucket AND f.lane_id = r.lane_id AND f.ready_at <= t)
    OR EXISTS (SELECT 1 FROM stanchion.message_log m WHERE m.bucket = p_bucket AND m.lane_id = r.lane_id
               AND m.seq > coalesce((SELECT c.seq FROM stanchion.fifo_cursor c
                                     WHERE c.bucket = p_bucket AND c.lane_id = r.lane_id), 0)
               AND m.seq <= stanchion.fifo_due_seq_v1(t, live.delay_seconds));
END $$;

-- Tidies the FIFO lanes of a bucket behind p_after, up to p_lanes of them: groups whose front outlived its retention, p_limit a
-- lane, and p_limit deduplication ids that are past their window. Passes over lanes that somebody works on. Answers the lane to
-- go on from, or null at the end.
CREATE FUNCTION stanchion.tidy_fifo_lanes_v1(p_bucket integer, p_after bigint, p_lanes integer, p_limit integer, p_trusted_now timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  t timestamptz;
  min_seq bigint;
  keys bigint[];
  r record;
  g stanchion.fifo_group;
  seen integer := 0;
  last_lane bigint;
BEGIN
  FOR r IN
    SELECT l.lane_id, q.retention_seconds FROM stanchion.lane l JOIN stanchion.queue q ON q.queue_id = l.queue_id
    WHERE l.bucket = p_bucket AND l.lane_id > p_after AND l.kind = 2 AND q.is_fifo ORDER BY l.lane_id LIMIT p_lanes
  LOOP
    seen := seen + 1;
    last_lane := r.lane_id;
    PERFORM 1 FROM stanchion.lane l WHERE l.bucket = p_bucket AND l.lane_id = r.lane_id AND l.kind = 2 FOR UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    t := stanchion.clock();
    min_seq := stanchion.seq_at(stanchion.retention_clock(t, p_trusted_now) - r.retention_seconds * interval '1 second');
    FOR g IN
      SELECT f.* FROM stanchion.fifo_group f WHERE f.bucket = p_bucket AND f.lane_id = r.lane_id
        AND coalesce(f.seqs[1], f.claimed_seq + 1) < min_seq LIMIT p_limit
    LOOP
      PERFORM stanchion.fifo_put_v1(stanchion.fifo_expire_v1(g, min_seq), t, r.retention_seconds);
    END LOOP;
    SELECT array_agg(x.seq) INTO keys FROM (SELECT d.seq FROM stanchion.fifo_deduplication d
      WHERE d.bucket = p_bucket AND d.lane_id = r.lane_id AND d.seq < stanchion.seq_at(t - interval '10 minutes')
      ORDER BY d.seq LIMIT p_limit) x;
    IF keys IS NOT NULL THEN
      DELETE FROM stanchion.fifo_deduplication d WHERE d.bucket = p_bucket AND d.lane_id = r.lane_id AND d.seq = ANY (keys);
    END IF;
  END LOOP;
  RETURN CASE WHEN seen = p_lanes THEN last_lane END;
END $$;

-- As clear_dead_lane_v1, for lanes of both kinds of queue.
CREATE FUNCTION stanchion.clear_dead_lane_v2(p_bucket integer, p_lane bigint, p_limit integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  group_ids text[];
  keys bigint[];
  removed integer := 0;
BEGIN
  SELECT array_agg(x.group_id) INTO group_ids FROM (SELECT f.group_id FROM stanchion.fifo_group f
    WHERE f.bucket = p_bucket AND f.lane_id = p_lane ORDER BY f.group_id LIMIT p_limit) x;
  IF group_ids IS NOT NULL THEN
    DELETE FROM stanchion.fifo_group f WHERE f.bucket = p_bucket AND f.lane_id = p_lane AND f.group_id = ANY (group_ids);
    removed := removed + cardinality(group_ids);
  END IF;
  SELECT array_agg(x.seq) INTO keys FROM (SELECT d.seq FROM stanchion.fifo_deduplication d
    WHERE d.bucket = p_bucket AND d.lane_id = p_lane ORDER BY d.seq LIMIT p_limit) x;
  IF keys IS NOT NULL THEN
    DELETE FROM stanchion.fifo_deduplication d WHERE d.bucket = p_bucket AND d.lane_id = p_lane AND d.seq = ANY (keys);
    removed := removed + cardinality(keys);
  END IF;
  IF removed > 0 THEN RETURN removed; END IF;
  DELETE FROM stanchion.fifo_cursor c WHERE c.bucket = p_bucket AND c.lane_id = p_lane;
  RETURN stanchion.clear_dead_lane_v1(p_bucket, p_lane, p_limit);
END $$;

-- As unfinished_lanes_v1. A FIFO lane that still needs the segment answers a number no cleaner copies: its messages stay where
-- they are until they are finished, or until their retention ends.
CREATE FUNCTION stanchion.unfinished_lanes_v2(
  p_lower bigint, p_upper bigint, p_bucket integer, p_lane bigint, p_lanes integer, p_trusted_now timestamptz
) RETURNS TABLE (bucket integer, lane_id bigint, unfinished bigint) LANGUAGE plpgsql AS $$
DECLARE
  retention_now timestamptz := stanchion.retention_clock(stanchion.clock(), p_trusted_now);
  r record;
  min_seq bigint;
  is_needed boolean;
BEGIN
  FOR r IN SELECT * FROM stanchion.unfinished_lanes_v1(p_lower, p_upper, p_bucket, p_lane, p_lanes, p_trusted_now) LOOP
    bucket := r.bucket;
    lane_id := r.lane_id;
    unfinished := r.unfinished;
    SELECT greatest(p_lower, stanchion.seq_at(retention_now - q.retention_seconds * interval '1 second')) INTO min_seq
    FROM stanchion.lane l JOIN stanchion.queue q ON q.queue_id = l.queue_id
    WHERE l.bucket = r.bucket AND l.lane_id = r.lane_id AND l.kind = 2 AND q.is_fifo;
    IF FOUND THEN
      SELECT EXISTS (SELECT 1 FROM stanchion.message_log m WHERE m.bucket = r.bucket AND m.lane_id = r.lane_id
                     AND m.seq >= greatest(min_seq, 1 + coalesce((SELECT c.seq FROM stanchion.fifo_cursor c
                       WHERE c.bucket = r.bucket AND c.lane_id = r.lane_id), 0)) AND m.seq < p_upper)
          OR EXISTS (SELECT 1 FROM stanchion.fifo_group f WHERE f.bucket = r.bucket AND f.lane_id = r.lane_id
                     AND (EXISTS (SELECT 1 FROM unnest(f.seqs) w(seq) WHERE w.seq >= min_seq AND w.seq < p_upper)
                       OR f.pending > 0 AND f.claimed_seq < p_upper
                         AND EXISTS (SELECT 1 FROM stanchion.message_log m WHERE m.bucket = r.bucket AND m.lane_id = r.lane_id
                           AND m.group_id = f.group_id AND m.seq > f.claimed_seq AND m.seq <= f.last_seq
                           AND m.seq >= min_seq AND m.seq < p_upper)))
      INTO is_needed;
      unfinished := CASE WHEN is_needed THEN 9000000000000 ELSE 0 END;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;
