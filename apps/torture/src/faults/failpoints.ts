import { setTimeout as delay } from 'node:timers/promises'
import type { Failpoint } from '../failpoints/failpoint.ts'
import type { Fault } from './fault.ts'

const HITS = [1, 50] as const
/** A server that nobody asks comes nowhere; it is killed where it is. */
const WAIT_SECONDS_MAX = 5

/** The request is known to the server alone: nothing may come of it. */
export const failBeforeStatement = failpoint(
  'fail-before-statement',
  'a server ends itself (kill -9) when it is about to send a statement',
  'read',
)

/** Postgres executes for a server that is gone. */
export const failBeforeCommit = failpoint(
  'fail-before-commit',
  'a server ends itself (kill -9) when it has sent a statement, before it hears of its commit',
  'sent',
)

/** What is committed is told to nobody, neither to the client nor to the other servers. */
export const failAfterCommit = failpoint(
  'fail-after-commit',
  'a server ends itself (kill -9) between a commit and the answers',
  'committed',
)

function failpoint(name: string, about: string, at: Failpoint): Fault {
  return {
    name,
    about,
    hits: 'server',
    through: 'failpoints',
    async inject({ server, random }) {
      server.armFailpoint({ at, hit: random.between(...HITS) })
      await Promise.race([server.untilEnded(), delay(WAIT_SECONDS_MAX * 1000)])
      await server.kill()
      return () => server.start()
    },
  }
}
