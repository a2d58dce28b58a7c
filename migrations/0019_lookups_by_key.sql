-- The indexes by visibility serve no lookup by key any more.
-- Locks: lease and parked_message, for as long as it takes to index their rows: those in flight, delayed or returned at the time.
-- breaking: no

-- Plans of the hot statements are made once, often on empty tables, where an index on (bucket, lane_id, visible_at) promises to find
-- one message of a lane as cheaply as the primary key does; of two equal ones the planner took the younger, and each delete of a
-- lease or parked message read all of its lane. Whatever asks for a time implies the condition; nothing else does, so nothing else
-- can use these indexes. It holds for every row.
DROP INDEX stanchion.lease_visible_at;
CREATE INDEX lease_visible_at ON stanchion.lease (bucket, lane_id, visible_at) WHERE visible_at IS NOT NULL;
DROP INDEX stanchion.parked_message_visible_at;
CREATE INDEX parked_message_visible_at ON stanchion.parked_message (bucket, lane_id, visible_at) WHERE visible_at IS NOT NULL;
