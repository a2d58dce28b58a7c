-- A message is looked up by its id in the queue that it was moved to (packages/queue/src/peek).
-- Locks: dead_letter against writes while the index is made; it holds a row for each dead letter that is still there.
-- breaking: no
CREATE INDEX dead_letter_origin ON stanchion.dead_letter (bucket, origin_lane, origin_seq);

-- A role that may look at messages and do nothing to them. Keys of it are refused by releases before this one.
-- Locks: access_key for an instant: every row of it is looked at.
ALTER TABLE stanchion.access_key DROP CONSTRAINT access_key_role_check,
  ADD CONSTRAINT access_key_role_check CHECK (role IN ('admin', 'producer', 'consumer', 'inspector', 'reader'));
