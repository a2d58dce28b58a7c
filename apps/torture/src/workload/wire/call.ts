import { Agent, type Dispatcher, request } from 'undici'
import { LEFT, type Result } from '../../history/event.ts'
import type { Outcome } from '../../history/history-writer.ts'
import { wasNeverSent } from '../../history/never-sent.ts'

/** A whole answer. */
export interface Answer {
  readonly status: number
  readonly text: string
}

/** How long a client waits for an answer. */
export interface Patience {
  /** How long the server was told to wait. */
  readonly waitSeconds?: number
  /** When the client closes the connection, answered or not. */
  readonly leaveAfterMs?: number
}

/** Longer than servers take at most for work that is not a wait, so that their own limits are seen. */
const CALL_SECONDS_MAX = 15

/** Half the price of `fetch`, so that clients leave the machine to what they test. Kept connections are used again, whatever became of them. */
let agent = new Agent()

/** Closes every connection that no request is under way on, so that servers at rest have none of ours. */
export async function closeConnections(): Promise<void> {
  const closing = agent
  agent = new Agent()
  await closing.close()
}

/**
 * Asks once, and reads the answer as an outcome: a 4xx and a refused connection certainly have no effect; a 5xx, silence and a connection
 * that broke may have had one.
 * @param toResult reads a 2xx; throws when it is not complete
 * @param toCode reads an error
 */
export async function call(
  url: string,
  init: {
    readonly method: Dispatcher.HttpMethod
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
  },
  read: { toResult(text: string): Result; toCode(text: string): string },
  { waitSeconds = 0, leaveAfterMs }: Patience = {},
): Promise<Outcome> {
  let answer: Answer
  const signal = leaveAfterMs === undefined ? undefined : AbortSignal.timeout(leaveAfterMs)
  try {
    const timeoutMs = (CALL_SECONDS_MAX + waitSeconds) * 1000
    const { statusCode, body } = await request(url, {
      ...{ ...init, dispatcher: agent, headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
      ...(signal && { signal }),
    })
    answer = { status: statusCode, text: await body.text() }
  } catch (error) {
    const code = signal?.aborted ? LEFT : codeOf(error)
    return { outcome: wasNeverSent(code) ? 'fail' : 'unknown', code }
  }
  const { status, text } = answer
  if (status >= 500) return { outcome: 'unknown', code: `${status} ${read.toCode(text)}` }
  if (status >= 400) return { outcome: 'fail', code: `${status} ${read.toCode(text)}` }
  return { outcome: 'ok', result: read.toResult(text) }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof Error) return codeOf(cause)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
