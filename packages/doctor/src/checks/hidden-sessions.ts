import type { DatabaseFacts } from '../facts/read-database.ts'
import type { SessionFacts } from '../facts/read-sessions.ts'
import { count } from '../words/duration.ts'
import { identifier } from '../words/quote.ts'
import type { Draft, Incomplete } from './check.ts'

/** Findings about sessions, and how many of them the role may not look at. */
export function hiddenSessions(
  found: readonly Draft[],
  { hidden }: SessionFacts,
  { role }: DatabaseFacts,
): readonly Draft[] | Incomplete {
  if (hidden === 0) return found
  const unseen =
    `${count(hidden, 'session')} of other roles cannot be looked into. ` +
    `With GRANT pg_monitor TO ${identifier(role)} the doctor sees whether they hold anything up.`
  return { found, unseen }
}
