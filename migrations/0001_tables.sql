-- The tables of the queue engine: a catalogue, and the log, leases and parked messages of every lane.
-- Locks: none that matter, everything is new.
-- breaking: no

-- The one clock. Every statement that needs the time asks this function, so that a test can move time.
CREATE FUNCTION stanchion.clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()';

-- ── Catalogue ───────────────────────────────────────────────────────────────────────────────────────────────────────

CREATE SEQUENCE stanchion.queue_id AS integer;
CREATE SEQUENCE stanchion.lane_id AS bigint;

-- A queue. `version` rises with every change and stands on the queue's lanes too, where hot statements compare it: a
-- node that works with an outdated copy of these settings is told so before it does anything.
CREATE TABLE stanchion.queue (
  queue_id integer PRIMARY KEY,
  account_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  bucket integer NOT NULL,
  version integer NOT NULL,
  visibility_timeout_seconds integer NOT NULL,
  delay_seconds integer NOT NULL,
  retention_seconds integer NOT NULL,
  receive_wait_seconds integer NOT NULL,
  message_bytes_max integer NOT NULL,
  tags jsonb NOT NULL,
  annotations jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  modified_at timestamptz NOT NULL,
  UNIQUE (account_id, name)
);

-- Lanes that a purge or a deletion took from their queue; a background duty empties them.
CREATE TABLE stanchion.dead_lane (
  bucket integer,
  lane_id bigint,
  PRIMARY KEY (bucket, lane_id)
);

-- Keys that sign receipt handles: the newest signs, all verify.
CREATE TABLE stanchion.handle_key (
  key_id smallint PRIMARY KEY,
  secret bytea NOT NULL,
  created_at timestamptz NOT NULL
);

-- One row a background duty; whoever holds its lock does the round.
CREATE TABLE stanchion.duty (
  name text PRIMARY KEY,
  finished_at timestamptz
);

-- Forward jumps of the database clock that an operator has confirmed to be real (G11).
CREATE TABLE stanchion.clock_confirmation (
  confirmed_at timestamptz PRIMARY KEY
);

-- ── Hot tables: `bucket` comes first in every key and in every statement ───────────────────────────────────────────

-- A lane is the unit of order and of locking. Kind 1 is the lock of its tail (send), kind 2 of its head (claim). Rows
-- are locked all the time and updated only when the queue's settings change. Lane -n is the delay stream of lane n: it
-- has a tail and no head, because each of its messages is parked.
CREATE TABLE stanchion.lane (
  bucket integer,
  lane_id bigint,
  kind smallint,
  queue_id integer NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (bucket, lane_id, kind)
);

-- The log: every body, written once. `seq` is the send time in milliseconds << 20 plus a counter, consecutive within one
-- statement; `ord` counts the messages of a lane without gaps, which turns counting into a subtraction. Segments are
-- ranges of `seq`, hence of time; a finished one is truncated, so no row is ever deleted here.
CREATE TABLE stanchion.message_log (
  bucket integer,
  lane_id bigint,
  seq bigint,
  ord bigint NOT NULL,
  attributes text,
  body text NOT NULL,
  PRIMARY KEY (bucket, lane_id, seq)
) PARTITION BY RANGE (seq);
-- Compressing bodies at 2 kB costs three times the insert. Segments inherit this; said inside CREATE TABLE it would need
-- Postgres 16.
ALTER TABLE stanchion.message_log ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE stanchion.log_segment (
  lower_seq bigint PRIMARY KEY,
  upper_seq bigint NOT NULL,
  table_name text NOT NULL
);

-- One row a claim: the run of messages first_seq..last_seq was handed out for the first time. Bit i of `done` is set when
-- its i-th message is deleted, or is parked because it goes its own way. The newest lease of a lane is the lane's cursor:
-- it stays until a newer one exists, so reading the cursor never wades through dead rows.
CREATE TABLE stanchion.lease (
  bucket integer,
  lane_id bigint,
  last_seq bigint,
  first_seq bigint NOT NULL,
  last_ord bigint NOT NULL,
  size integer NOT NULL,
  remaining integer NOT NULL,
  visible_at timestamptz NOT NULL,
  claimed_at timestamptz NOT NULL,
  done bit varying NOT NULL,
  PRIMARY KEY (bucket, lane_id, last_seq)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
CREATE INDEX lease_visible_at ON stanchion.lease (bucket, lane_id, visible_at);

-- The exceptions: messages that are scheduled one by one, because they were delayed, came back, or had their visibility
-- changed. Narrow on purpose: the body stays in the log.
CREATE TABLE stanchion.parked_message (
  bucket integer,
  lane_id bigint,
  seq bigint,
  visible_at timestamptz NOT NULL,
  receive_count integer NOT NULL,
  received_at timestamptz,
  first_received_at timestamptz,
  PRIMARY KEY (bucket, lane_id, seq)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
CREATE INDEX parked_message_visible_at ON stanchion.parked_message (bucket, lane_id, visible_at);

-- Bodies of parked messages whose log segment was emptied.
CREATE TABLE stanchion.parked_body (
  bucket integer,
  lane_id bigint,
  seq bigint,
  attributes text,
  body text NOT NULL,
  PRIMARY KEY (bucket, lane_id, seq)
);
ALTER TABLE stanchion.parked_body ALTER COLUMN body SET STORAGE EXTERNAL;
