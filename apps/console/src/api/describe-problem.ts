import { StanchionError } from '@stanchion/client'

/** An error as a page shows it. */
export interface DescribedProblem {
  /** Decides the picture. */
  readonly kind: 'gone' | 'signedOut' | 'forbidden' | 'notFound' | 'busy' | 'refused' | 'broken'
  readonly title: string
  /** What happened, as the server says it where it said something. */
  readonly text: string
  /** What to do about it. */
  readonly advice: string | undefined
  /** Whether the same again may well work. */
  readonly canRetry: boolean
  /** Finds the request in the log of the server. */
  readonly requestId: string | undefined
}

/** Says of an error what a person needs to know. */
export function describeProblem(error: unknown): DescribedProblem {
  if (!(error instanceof StanchionError)) {
    const text = error instanceof Error ? error.message : String(error)
    return describe(
      'broken',
      'The console made a mistake',
      text,
      'Reload the page. If it happens again, report it.',
      true,
    )
  }
  const { code, status, detail, requestId } = error
  if (code === 'connectionFailed' || code === 'timedOut') {
    const advice = 'Is the server running, and is the network there? The page goes on by itself when it answers again.'
    return describe('gone', 'The server does not answer', detail, advice, true, requestId)
  }
  if (status === 401) {
    return describe(
      'signedOut',
      'Your key no longer works',
      detail,
      'Sign in again with a key that works.',
      false,
      requestId,
    )
  }
  if (status === 403) {
    const advice = 'Ask an administrator for a key whose role and queue pattern allow it.'
    return describe('forbidden', 'Your key does not allow this', detail, advice, false, requestId)
  }
  if (code === 'queueNotFound') {
    const advice = 'It was deleted, or never was. If it should exist, create it again under the same name.'
    return describe('notFound', 'This queue does not exist', detail, advice, false, requestId)
  }
  if (status === 404) return describe('notFound', 'There is no such thing', detail, undefined, false, requestId)
  if (status === 429) {
    return describe('busy', 'The server has too much to do', detail, 'Try again in a moment.', true, requestId)
  }
  if (status === 503) {
    const advice = error.isOutcomeUnknown
      ? 'It may have taken effect all the same: look before you do it again.'
      : 'Nothing was changed. Try again in a moment; the Health page may say why.'
    return describe('busy', 'The server cannot do this now', detail, advice, true, requestId)
  }
  if (status !== undefined && status >= 500) {
    const advice = 'The log of the server says more under the request id.'
    return describe('broken', 'Something went wrong in the server', detail, advice, true, requestId)
  }
  return describe('refused', 'The server refused this', detail, undefined, false, requestId)
}

function describe(
  kind: DescribedProblem['kind'],
  title: string,
  text: string,
  advice: string | undefined,
  canRetry: boolean,
  requestId?: string,
): DescribedProblem {
  return { kind, title, text, advice, canRetry, requestId }
}
