-- What a server that keeps to the letter of SQS has to remember: when a queue was purged, and which names were just deleted.
-- Locks: stanchion.queue for an instant: a column without a default rewrites nothing.
-- breaking: no

ALTER TABLE stanchion.queue ADD COLUMN purged_at timestamptz;

-- Names of queues that were deleted, until a queue of the name is there again or the rule about them is over; a background duty
-- forgets them. Written by every node, so that it does not matter which of them are strict.
CREATE TABLE stanchion.deleted_queue (
  account_id text COLLATE "C",
  name text COLLATE "C",
  deleted_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, name)
);
