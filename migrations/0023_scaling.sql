-- How many consumers a queue asks for: its policy, and what was decided last (decision 0022).
-- Locks: stanchion.queue for an instant: a column without a default rewrites nothing.
-- breaking: no

-- NULL: the default policy holds. Its rules stand in packages/queue/src/scaling.
ALTER TABLE stanchion.queue ADD COLUMN scaling jsonb;

-- One row a queue: what holds until something else is decided. A decision names the number of the one that it was made from and is
-- made again when another node was faster. A queue without a row asks for what its policy says to a queue without a past.
CREATE TABLE stanchion.scaling_decision (
  bucket integer,
  queue_id integer,
  number integer NOT NULL,
  consumers integer NOT NULL,
  -- When this number took the place of another: cool-downs count from here.
  since timestamptz NOT NULL,
  decided_at timestamptz NOT NULL,
  reason text NOT NULL,
  -- It is not what the policy would say to an empty queue without a past, so time and messages that go will change it.
  is_raised boolean NOT NULL,
  -- Completions a second of one consumer, where that is measured, and where the measurement that is under way began.
  pace double precision,
  mark_at timestamptz,
  mark_completed bigint,
  mark_outstanding bigint,
  mark_consumers integer,
  mark_settled boolean,
  PRIMARY KEY (bucket, queue_id)
) WITH (fillfactor = 70);
CREATE INDEX scaling_decision_raised ON stanchion.scaling_decision (bucket, queue_id) WHERE is_raised;
