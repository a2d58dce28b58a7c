import type { Session } from '../facts/read-sessions.ts'
import { count, duration } from '../words/duration.ts'
import { literal } from '../words/quote.ts'
import { type Draft, defineCheck } from './check.ts'
import { hiddenSessions } from './hidden-sessions.ts'
import { sessionWords } from './session-words.ts'

const CONSEQUENCE = 'no row that was deleted since can be cleaned away, and receives become slower the longer it lasts'

export const snapshotHeld = defineCheck({
  id: 'snapshot-held',
  title: 'Nobody holds a snapshot for long',
  needs: ['sessions', 'preparedTransactions', 'replicationSlots', 'database'],
  runbook: 'snapshot-held',
  examine({ sessions, preparedTransactions, replicationSlots, database }, thresholds) {
    const severity = (seconds: number) =>
      seconds >= thresholds.snapshotCriticalSeconds ? ('critical' as const) : ('warning' as const)
    const found: Draft[] = [
      ...sessions.sessions
        .filter((session) => holdsSnapshotLong(session, thresholds.snapshotSeconds))
        .map((session) => ({
          severity: severity(session.transactionSeconds),
          subject: `session ${session.pid}`,
          summary: `A session holds a snapshot for ${duration(session.transactionSeconds)}: ${sessionWords(session)}. Meanwhile ${CONSEQUENCE}.`,
          advice:
            `End its transaction where it was begun, or end the session: SELECT pg_terminate_backend(${session.pid}). ` +
            "Against a next time: ALTER ROLE … SET idle_in_transaction_session_timeout = '5min', or statement_timeout for long statements.",
        })),
      ...preparedTransactions
        .filter(({ seconds }) => seconds >= thresholds.snapshotSeconds)
        .map(({ gid, owner, seconds }) => ({
          severity: severity(seconds),
          subject: `prepared transaction ${gid}`,
          summary: `A prepared transaction holds a snapshot for ${duration(seconds)}: ${gid} of the user ${owner}, which waits for its second phase. Meanwhile ${CONSEQUENCE}.`,
          advice: `Ask its transaction manager for the outcome, then COMMIT PREPARED ${literal(gid)} or ROLLBACK PREPARED ${literal(gid)}.`,
        })),
      ...replicationSlots
        .filter((slot) => (slot.snapshotTransactions ?? 0) >= thresholds.snapshotTransactions)
        .map((slot) => ({
          severity: 'warning' as const,
          subject: `replication slot ${slot.name}`,
          summary: `The replication slot ${slot.name} holds a snapshot that is ${count(slot.snapshotTransactions ?? 0, 'transaction')} old${slot.active ? ', for a standby with hot_standby_feedback' : ' and is read by nobody'}. Meanwhile ${CONSEQUENCE}.`,
          advice: slot.active
            ? 'End the long query on the standby, or set hot_standby_feedback = off there.'
            : `Start its standby again, or give the slot up: SELECT pg_drop_replication_slot(${literal(slot.name)}).`,
        })),
    ]
    return hiddenSessions(found, sessions, database)
  },
})

/** Whether {@link snapshotHeld} names this session. */
export function holdsSnapshotLong(session: Session, seconds: number): boolean {
  return session.holdsSnapshot && session.transactionSeconds >= seconds
}
