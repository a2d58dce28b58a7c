import type { Session } from '../facts/read-sessions.ts'

/** Whose a session is and what it does. */
export function sessionWords(session: Session): string {
  const { pid, user, application, address, state, queryStartedAt } = session
  const from = address === null ? 'over a local socket' : `from ${address}`
  const since = queryStartedAt === null ? '' : `, last statement begun at ${queryStartedAt.toISOString()}`
  return `process ${pid} of the user ${user}, ${application === '' ? 'an application without a name' : `application "${application}"`}, ${from}, ${state}${since}`
}
