import type { Result } from '../../history/event.ts'
import type { Outcome } from '../../history/history-writer.ts'
import { wasNeverSent } from '../../history/never-sent.ts'

/** A whole answer. */
export interface Answer {
  readonly status: number
  readonly text: string
}

/** Longer than servers take at most for work that is not a wait, so that their own limits are seen. */
const CALL_SECONDS_MAX = 15

/**
 * Asks once, and reads the answer as an outcome: a 4xx and a refused connection certainly have no effect; a 5xx, silence and a connection
 * that broke may have had one.
 * @param toResult reads a 2xx; throws when it is not complete
 * @param toCode reads an error
 */
export async function call(
  url: string,
  init: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string },
  read: { toResult(text: string): Result; toCode(text: string): string },
  waitSeconds = 0,
): Promise<Outcome> {
  let answer: Answer
  try {
    const signal = AbortSignal.timeout((CALL_SECONDS_MAX + waitSeconds) * 1000)
    const response = await fetch(url, { ...init, signal })
    answer = { status: response.status, text: await response.text() }
  } catch (error) {
    const code = codeOf(error)
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
