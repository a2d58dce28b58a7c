import { duration } from '../words/duration.ts'
import { defineCheck } from './check.ts'
import { hiddenSessions } from './hidden-sessions.ts'
import { sessionWords } from './session-words.ts'
import { holdsSnapshotLong } from './snapshot-held.ts'

export const idleInTransaction = defineCheck({
  id: 'idle-in-transaction',
  title: 'No session idles in a transaction',
  needs: ['sessions', 'database'],
  examine({ sessions, database }, thresholds) {
    const found = sessions.sessions
      .filter(
        ({ state, stateSeconds }) =>
          state?.startsWith('idle in transaction') && stateSeconds >= thresholds.idleInTransactionSeconds,
      )
      // Those are named already, with the graver consequence.
      .filter((session) => !holdsSnapshotLong(session, thresholds.snapshotSeconds))
      .map((session) => ({
        severity: 'warning' as const,
        subject: `session ${session.pid}`,
        summary: `A session idles in a transaction for ${duration(session.stateSeconds)}: ${sessionWords(session)}. It keeps its locks, and as soon as it holds a snapshot, dead rows.`,
        advice: `End its transaction where it was begun, or end the session: SELECT pg_terminate_backend(${session.pid}). Against a next time: ALTER ROLE … SET idle_in_transaction_session_timeout = '5min'.`,
      }))
    return hiddenSessions(found, sessions, database)
  },
})
