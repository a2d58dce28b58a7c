import { StanchionError, type StanchionErrorCode } from '@stanchion/client'
import { CliError, EXIT, type ExitCode } from './cli-error.ts'

/** What to do about an error of the server. */
const HINTS: Partial<Record<StanchionErrorCode, string>> = {
  connectionFailed: 'Start the server with "npm start", or name the one that runs: --url, or STANCHION_URL.',
  timedOut: 'Look whether the server is well ("stanchion doctor"), or give the call more time: --timeout-seconds.',
  invalidAnswer: 'Something else than Stanchion answers there, a proxy perhaps: check --url.',
  unauthenticated: 'Give an access key as <id>.<secret>: --access-key, or better STANCHION_ACCESS_KEY.',
  forbidden: 'The role or the pattern of the key does not reach this; an admin sees both with "stanchion key list".',
  queueNotFound: '"stanchion queue list" shows the queues there are.',
  queueExists: '"stanchion queue get" shows its settings, "stanchion queue update" changes them.',
  queueDeletedRecently: 'Wait a minute, or take another name.',
  queuePurgedRecently: 'Wait a minute.',
  deadLetterQueueNotFound: 'Create the dead-letter queue first.',
  notDeadLetterQueue: 'Name the dead-letter queue, not the queue whose messages it keeps.',
  moveTaskRunning: '"stanchion redrive list" shows it, "stanchion redrive watch" follows it.',
  messageNotFound: 'It was deleted, expired or moved; "stanchion message peek" shows what is there.',
  messageNotLeased: 'It was deleted, or its lease ended: receive it again.',
  handleExpired: 'Its lease ended: receive it again, with a longer --visibility-timeout-seconds.',
  accessKeysOff: 'Start the server with STANCHION_MASTER_KEY set (docs/operate/access-keys.md).',
  accessKeyNotFound: '"stanchion key list" shows the keys there are.',
  unavailable: 'Nothing was done. Try again; "stanchion doctor" says what is wrong with the database.',
  overloaded: 'Nothing was done. Try again in a moment.',
  deadlineExceeded: 'Nothing was done. Try again in a moment.',
  outcomeUnknown: 'Look before you repeat it: it may have taken effect.',
  internalError: 'This is a fault of the server: its log has more under the id of the request.',
}

/** An error as a person should see it. */
export interface Explanation {
  readonly message: string
  readonly exitCode: ExitCode
}

/** What went wrong and what to do about it, in lines for a terminal. */
export function explainError(error: unknown): Explanation {
  if (error instanceof CliError) return explain(error.message, error.hint, error.exitCode)
  if (error instanceof StanchionError) {
    const { code, detail, field, requestId, isOutcomeUnknown } = error
    const where = field === undefined ? '' : ` (${field})`
    const id = requestId === undefined || code !== 'internalError' ? '' : ` (request ${requestId})`
    const doubt = isOutcomeUnknown && code !== 'outcomeUnknown' ? ' It may have taken effect all the same.' : ''
    const exitCode = isOutcomeUnknown ? EXIT.outcomeUnknown : EXIT.failed
    return explain(`${withStop(detail)}${where}${id}${doubt}`, HINTS[code], exitCode)
  }
  return explain(error instanceof Error && error.message !== '' ? error.message : String(error), undefined, EXIT.failed)
}

function explain(message: string, hint: string | undefined, exitCode: ExitCode): Explanation {
  return { message: `Error: ${message}\n${hint === undefined ? '' : `${hint}\n`}`, exitCode }
}

function withStop(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}
