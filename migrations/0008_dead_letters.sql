-- Dead-letter queues: the settings, and the memory of where a dead letter came from (decision 0016). The move itself is in
-- 0012 (standard queues) and later.
-- Locks: stanchion.queue for an instant: columns with constant defaults rewrite nothing.
-- breaking: no

-- The target is a name: the policy stays when the queue of that name is deleted, and holds again when it is created again.
-- `dead_letter_sources` of the target says which queues may name it: "all", "none", or a list of names.
ALTER TABLE stanchion.queue
  ADD COLUMN dead_letter_queue text COLLATE "C",
  ADD COLUMN receive_count_max integer,
  ADD COLUMN dead_letter_sources jsonb NOT NULL DEFAULT '"all"',
  ADD CHECK ((dead_letter_queue IS NULL) = (receive_count_max IS NULL));
CREATE INDEX queue_dead_letter_queue ON stanchion.queue (account_id, dead_letter_queue, name)
  WHERE dead_letter_queue IS NOT NULL;

-- One row for each message that was moved into a dead-letter queue and is still there; it stands at the message's present
-- place. The origin is the place where the message was sent to, from which its id is computed (decision 0004), however often
-- it was moved; `source_queue` is the queue it came from last. `receive_count` and `first_received_at` are those of the move.
-- A row may outlive its message for a while, so it is only ever read together with the message; a background duty removes it.
CREATE TABLE stanchion.dead_letter (
  bucket integer,
  lane_id bigint,
  seq bigint,
  origin_lane bigint NOT NULL,
  origin_seq bigint NOT NULL,
  source_queue text COLLATE "C" NOT NULL,
  receive_count integer NOT NULL,
  first_received_at timestamptz,
  PRIMARY KEY (bucket, lane_id, seq)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);

-- Tells moved messages of one millisecond apart, see stanchion.move_dead_letters.
CREATE SEQUENCE stanchion.dead_letter_number AS integer MINVALUE 0 MAXVALUE 524287 START 0 CYCLE;
