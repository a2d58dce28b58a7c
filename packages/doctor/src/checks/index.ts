import { archivingFails } from './archiving-fails.ts'
import { autovacuumLazy } from './autovacuum-lazy.ts'
import type { Check } from './check.ts'
import { checksumFailures } from './checksum-failures.ts'
import { clockDrift } from './clock-drift.ts'
import { clockJump } from './clock-jump.ts'
import { collationOutdated } from './collation-outdated.ts'
import { connectionsNearlyFull } from './connections-nearly-full.ts'
import { databaseGrowing } from './database-growing.ts'
import { databaseUnreachable } from './database-unreachable.ts'
import { deadLetterQueueMissing } from './dead-letter-queue-missing.ts'
import { deadLetterRetentionShorter } from './dead-letter-retention-shorter.ts'
import { deadLettersExpiring } from './dead-letters-expiring.ts'
import { deadLettersGrowing } from './dead-letters-growing.ts'
import { deadRows } from './dead-rows.ts'
import { diskNearlyFull } from './disk-nearly-full.ts'
import { dutyFailing } from './duty-failing.ts'
import { dutyResting } from './duty-resting.ts'
import { encodingDiffers } from './encoding-differs.ts'
import { eventLoopLate } from './event-loop-late.ts'
import { idleInTransaction } from './idle-in-transaction.ts'
import { isolationDiffers } from './isolation-differs.ts'
import { leasesExpiring } from './leases-expiring.ts'
import { logMissing } from './log-missing.ts'
import { logSegmentsKept } from './log-segments-kept.ts'
import { messagesExpiring } from './messages-expiring.ts'
import { moveTaskResting } from './move-task-resting.ts'
import { poolTooSmall } from './pool-too-small.ts'
import { poolsExceedConnections } from './pools-exceed-connections.ts'
import { queueNotReceived } from './queue-not-received.ts'
import { readOnlyServer } from './read-only-server.ts'
import { replicationSlotHoldsWal } from './replication-slot-holds-wal.ts'
import { replicationSlotLost } from './replication-slot-lost.ts'
import {
  autovacuumOff,
  fsyncOff,
  fullPageWritesOff,
  synchronousCommitOff,
  trackActivitiesOff,
  trackCountsOff,
} from './settings-that-are-off.ts'
import { snapshotHeld } from './snapshot-held.ts'
import { tableAutovacuumOff } from './table-autovacuum-off.ts'
import { tableLocked } from './table-locked.ts'
import { temporaryFiles } from './temporary-files.ts'
import { vacuumOverdue } from './vacuum-overdue.ts'
import { versionUnsupported } from './version-unsupported.ts'
import { wraparoundNear } from './wraparound-near.ts'

/** Everything the doctor looks at, in the order in which it reports. */
export const CHECKS: readonly Check[] = [
  databaseUnreachable,
  readOnlyServer,
  versionUnsupported,
  encodingDiffers,
  isolationDiffers,
  fsyncOff,
  fullPageWritesOff,
  synchronousCommitOff,
  autovacuumOff,
  trackCountsOff,
  trackActivitiesOff,
  checksumFailures,
  collationOutdated,
  diskNearlyFull,
  databaseGrowing,
  temporaryFiles,
  archivingFails,
  replicationSlotHoldsWal,
  replicationSlotLost,
  wraparoundNear,
  snapshotHeld,
  idleInTransaction,
  tableLocked,
  deadRows,
  vacuumOverdue,
  tableAutovacuumOff,
  autovacuumLazy,
  connectionsNearlyFull,
  poolsExceedConnections,
  poolTooSmall,
  eventLoopLate,
  clockDrift,
  clockJump,
  logMissing,
  logSegmentsKept,
  dutyFailing,
  dutyResting,
  moveTaskResting,
  queueNotReceived,
  messagesExpiring,
  leasesExpiring,
  deadLettersExpiring,
  deadLettersGrowing,
  deadLetterQueueMissing,
  deadLetterRetentionShorter,
]
