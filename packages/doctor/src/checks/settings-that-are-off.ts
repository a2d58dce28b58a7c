import { switchedOff } from './switched-off.ts'

export const fsyncOff = switchedOff(
  'fsync',
  'critical',
  'acknowledged messages are lost, and the data may be destroyed, when the machine stops',
)
export const fullPageWritesOff = switchedOff(
  'full_page_writes',
  'critical',
  'a power cut can damage the data beyond repair',
)
export const synchronousCommitOff = switchedOff(
  'synchronous_commit',
  'critical',
  'the last acknowledged messages are lost in a crash of Postgres',
)
export const autovacuumOff = switchedOff(
  'autovacuum',
  'critical',
  'dead rows are never cleaned away, so every receive becomes slower and the tables grow',
)
export const trackCountsOff = switchedOff(
  'track_counts',
  'critical',
  'Postgres does not count dead rows, so autovacuum does nothing and no dead row is seen here either',
)
export const trackActivitiesOff = switchedOff(
  'track_activities',
  'warning',
  'Postgres does not say what sessions do, so nobody sees who holds a snapshot or idles in a transaction',
)
