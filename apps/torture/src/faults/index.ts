import { deafenClients, vanishClients } from './clients.ts'
import { skewServerClock, stepClockBack, stepClockForward } from './clocks.ts'
import { holdTransaction, lockRows, lockTable } from './contention.ts'
import { cutPower, fillDisk, fillLogDisk } from './disk.ts'
import { failAfterCommit, failBeforeCommit, failBeforeStatement } from './failpoints.ts'
import type { Fault } from './fault.ts'
import { cutLine, narrowLine } from './lines.ts'
import { stormMaintenance } from './maintenance.ts'
import {
  breakConnections,
  cutAnswers,
  delayConnections,
  dripConnections,
  halfCloseConnections,
  refuseConnections,
  stallConnections,
} from './network.ts'
import { killPgBouncer } from './pg-bouncer.ts'
import { crashPostgres, killPostgres, pausePostgres, restartPostgres } from './postgres.ts'
import { killServer, pauseServer, restartServer } from './servers.ts'
import { cancelStatements, loseNotices, takeConnections, terminateSessions } from './sessions.ts'
import { upgradeServer } from './upgrade.ts'

/** Every fault there is, in the order in which they are told of. */
export const FAULTS: readonly Fault[] = [
  killServer,
  pauseServer,
  restartServer,
  killPostgres,
  crashPostgres,
  restartPostgres,
  pausePostgres,
  breakConnections,
  halfCloseConnections,
  cutAnswers,
  refuseConnections,
  stallConnections,
  delayConnections,
  dripConnections,
  cutLine,
  narrowLine,
  vanishClients,
  deafenClients,
  cutPower,
  fillDisk,
  fillLogDisk,
  stepClockForward,
  stepClockBack,
  skewServerClock,
  terminateSessions,
  cancelStatements,
  loseNotices,
  takeConnections,
  lockTable,
  lockRows,
  holdTransaction,
  stormMaintenance,
  failBeforeStatement,
  failBeforeCommit,
  failAfterCommit,
  killPgBouncer,
  upgradeServer,
]
